import { voteRequestSchema, type LinkVote } from '../../../lambda/contract/states.ts'
import { vote, type VoteDeps } from '../../../lambda/handlers/vote.handler.ts'
import { asking, closeDesks, Desk, hour, openDesks, start } from '../../support/desk.ts'
import { hashA, hashB } from '../../support/events.ts'
import { testSettings } from '../../support/world.ts'

beforeAll(openDesks)
afterAll(closeDesks)

async function nothingWritten(desk: Desk): Promise<void> {
  expect(await desk.votes()).toEqual([])
  expect(desk.woken).toEqual([])
}

describe('a vote that counts', () => {
  test('is one event on the facts that were shown, and wakes the waiting task', async () => {
    const desk = await asking()

    expect(await desk.vote({ comment: ' fine ', digits: ' 6666 ' })).toEqual({ result: 'voted', choice: 'accept' })
    expect(await desk.votes()).toMatchObject([
      {
        actor: 'approver:alice',
        run: 1,
        round: 1,
        factsHash: hashA,
        data: { approver: 'alice', choice: 'accept', comment: 'fine', assurance: 'link holder' },
      },
    ])
    expect(desk.woken).toEqual(['waiting tally'])
  })

  test('sent again stands, is written once, and wakes again in case the first wake was lost', async () => {
    const desk = await asking()
    await desk.vote()

    expect(await desk.vote()).toEqual({ result: 'standing', choice: 'accept' })
    expect(await desk.votes()).toHaveLength(1)
    expect(desk.woken).toHaveLength(2)
  })

  test('can be changed: the last one counts', async () => {
    const desk = await asking()
    await desk.vote()
    await desk.vote({ choice: 'reject', comment: 'no' })

    expect(await desk.vote({ choice: 'accept', comment: 'yes after all' })).toMatchObject({ result: 'voted' })
    expect(await desk.votes()).toHaveLength(3)
    const state = await desk.ledger.read(desk.id)
    expect(state?.round?.votes.get('alice')).toMatchObject({ choice: 'accept', comment: 'yes after all' })
  })

  test('with another comment is another vote', async () => {
    const desk = await asking()
    await desk.vote()

    expect(await desk.vote({ comment: 'for this month only' })).toEqual({ result: 'voted', choice: 'accept' })
    expect(await desk.votes()).toHaveLength(2)
  })

  test('is one event when it is sent many times at once', async () => {
    const desk = await asking()

    const replies = await Promise.all(Array.from({ length: 8 }, () => desk.vote()))

    expect(replies.filter(({ result }) => result === 'voted')).toHaveLength(1)
    expect(replies.filter(({ result }) => result === 'standing')).toHaveLength(7)
    expect(await desk.votes()).toHaveLength(1)
  })

  test('of two people at once are two events', async () => {
    const desk = await asking()

    await Promise.all([desk.vote(), desk.vote({ token: desk.token('bob'), choice: 'reject', comment: 'no' })])

    const state = await desk.ledger.read(desk.id)
    expect([...(state?.round?.votes.keys() ?? [])].sort()).toEqual(['alice', 'bob'])
  })

  test('counts a moment before the deadline', async () => {
    const desk = await asking()
    desk.clock.now = new Date(start + 24 * hour - 1)

    expect(await desk.vote()).toMatchObject({ result: 'voted' })
  })
})

describe('a vote that is refused, to be mended', () => {
  test.each<[string, Partial<LinkVote>, string]>([
    ['no choice', { choice: '' }, 'choice'],
    ['a choice that there is not', { choice: 'leave' }, 'choice'],
    ['a reject without a comment', { choice: 'reject', comment: ' \n' }, 'comment'],
    ['other digits', { digits: '6665' }, 'digits'],
    ['no digits', { digits: '' }, 'digits'],
  ])('%s', async (_what, fields, field) => {
    const desk = await asking()

    expect(await desk.vote(fields)).toMatchObject({ result: 'refused', field })
    await nothingWritten(desk)
  })
})

describe('a vote on what is no longer asked', () => {
  test.each<[string, Partial<LinkVote>]>([
    ['other facts were shown', { factsHash: hashB }],
    ['no facts were shown', { factsHash: '' }],
    ['the form is of another round', { round: '2' }],
    ['the form says no round', { round: '' }],
    ['the form writes the round in another way', { round: '01' }],
  ])('%s', async (_what, fields) => {
    const desk = await asking()

    expect(await desk.vote(fields)).toEqual({ result: 'facts-changed' })
    await nothingWritten(desk)
  })

  test('a form of an earlier round does not count in a later one on the same facts', async () => {
    const desk = await asking()
    await desk.inspected(2, hashA, 'refused')
    await desk.asked()

    expect(await desk.vote({ round: '1' })).toEqual({ result: 'facts-changed' })
    await nothingWritten(desk)
    expect(await desk.vote({ round: '2' })).toMatchObject({ result: 'voted' })
  })

  test('nobody is asked in this round yet', async () => {
    const desk = await asking()
    await desk.inspected(2, hashA, 'refused')

    expect(await desk.vote({ round: '2' })).toEqual({ result: 'facts-changed' })
    await nothingWritten(desk)
  })
})

describe('a vote that comes too late', () => {
  test.each([
    ['the link', { link: hour }],
    ['the round, though an older link lasts longer', { deadline: hour }],
  ])('at the end of %s', async (_what, given) => {
    const desk = await asking(given)
    desk.clock.now = new Date(start + hour)

    expect(await desk.vote()).toEqual({ result: 'expired' })
    await nothingWritten(desk)
  })

  test('after the decision', async () => {
    const desk = await asking()
    await desk.add({ type: 'decided', data: { choice: 'reject', by: 'people', people: ['bob'], reason: 'votes' } })

    expect(await desk.vote()).toEqual({ result: 'closed' })
    await nothingWritten(desk)
  })

  test('after the case was closed', async () => {
    const desk = await asking()
    await desk.add({ type: 'closed', data: { outcome: 'WITHDRAWN', finding: 'gone' } })

    expect(await desk.vote()).toEqual({ result: 'closed' })
    await nothingWritten(desk)
  })

  test('after the case was opened again and nobody has looked yet', async () => {
    const desk = await asking()
    await desk.add({ type: 'closed', data: { outcome: 'LEFT', finding: 'left' } })
    await desk.add({ type: 'reopened', data: { why: 'policy changed', alarm: false } })

    expect(await desk.vote()).toEqual({ result: 'closed' })
    await nothingWritten(desk)
  })
})

describe('a link that leads nowhere', () => {
  test('an unknown token reads no offer and writes nothing', async () => {
    const desk = await asking()
    const ledger = { record: () => Promise.reject(new Error('recorded')) } as unknown as VoteDeps['ledger']
    const request = voteRequestSchema.parse({
      by: 'link',
      token: 'x'.repeat(43),
      choice: 'accept',
      comment: '',
      factsHash: hashA,
      round: '1',
      digits: '6666',
    })

    expect(await vote(request, { ...desk.deps, ledger })).toEqual({ result: 'unknown-link' })
    await nothingWritten(desk)
  })

  test('somebody who is no longer an approver', async () => {
    const desk = await asking()
    desk.settings = testSettings({ approvers: [{ id: 'bob', email: 'bob@example.com' }] })

    expect(await desk.vote()).toEqual({ result: 'unknown-link' })
    await nothingWritten(desk)
  })

  test('an offer that the ledger does not know', async () => {
    const desk = new Desk()
    await desk.link('alice')

    expect(await desk.vote()).toEqual({ result: 'unknown-link' })
    await nothingWritten(desk)
  })
})
