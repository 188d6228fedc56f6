import { voteReplySchema, voteRequestSchema, type VoteReply, type LinkVote } from '../../../lambda/contract/states.ts'
import type { EventBody, LedgerEvent } from '../../../lambda/domain/event.ts'
import { offerIdOf } from '../../../lambda/domain/offer.ts'
import { vote, type VoteDeps } from '../../../lambda/handlers/vote.handler.ts'
import { ApprovalsStore } from '../../../lambda/ledger/approvals-store.ts'
import { aJudged, aRef, hashA, hashB } from '../../support/events.ts'
import { createTestLedger, createTestTable, type TestTable } from '../../support/table.ts'
import { testSettings } from '../../support/world.ts'

const hour = 3_600_000
const start = Date.parse('2026-11-20T10:00:00.000Z')
let table: TestTable
let count = 0

beforeAll(async () => {
  table = await createTestTable()
})
afterAll(async () => {
  await table.close()
})

/** One offer on a real ledger, and the links that alice and bob were mailed. */
class Desk {
  readonly clock = { now: new Date(start) }
  readonly ledger = createTestLedger(table, this.clock)
  readonly approvals = new ApprovalsStore(table)
  readonly ref = aRef({ awsId: `voted-on-${(count += 1)}` })
  readonly id = offerIdOf(this.ref)
  readonly woken: string[] = []
  settings = testSettings()
  #round = 0
  #hash: string | null = null

  get deps(): VoteDeps {
    const wake = (token: string, what: string): Promise<boolean> =>
      Promise.resolve(this.woken.push(`${token} ${what}`) > 0)
    const { ledger, approvals, settings } = this
    return { ledger, approvals, settings, workflow: { start: () => Promise.reject(new Error('no start')), wake } }
  }

  async add(body: EventBody): Promise<void> {
    const draft = {
      ...body,
      actor: 'workflow',
      run: 1,
      round: this.#round,
      factsHash: this.#hash,
      step: `${body.type}:${this.clock.now.getTime()}`,
    }
    await this.ledger.record(this.id, () => draft)
  }

  async inspected(round: number, factsHash = hashA, cause: 'first' | 'refused' = 'first'): Promise<void> {
    this.#round = round
    this.#hash = factsHash
    const data = { cause, counterparty: '444455556666', offeredAt: null, expiresAt: null, unknown: [] }
    await this.add({ type: 'inspected', data })
    await this.add({ type: 'judged', data: aJudged() })
  }

  async asked(afterMs = 24 * hour): Promise<void> {
    const deadline = { at: new Date(start + afterMs).toISOString(), from: 'window' as const }
    await this.add({ type: 'asked', data: { approvers: ['alice', 'bob'], deadline, purpose: 'approval' } })
  }

  async link(approver: string, afterMs = 24 * hour): Promise<void> {
    const expiresAtMs = start + afterMs
    await this.approvals.putLink(this.token(approver), {
      offerId: this.id,
      approver,
      round: this.#round,
      expiresAtMs,
      ttl: Math.ceil(expiresAtMs / 1000),
    })
  }

  token(approver: string): string {
    return `${approver}-${this.id}`
  }

  async vote(fields: Partial<LinkVote> = {}): Promise<VoteReply> {
    const request = {
      by: 'link',
      token: this.token('alice'),
      choice: 'accept',
      comment: '',
      factsHash: hashA,
      round: '1',
      digits: '6666',
      ...fields,
    }
    return voteReplySchema.parse(await vote(voteRequestSchema.parse(request), this.deps))
  }

  async votes(): Promise<LedgerEvent[]> {
    return (await this.ledger.history(this.id)).events.filter(({ type }) => type === 'voted')
  }
}

/** Alice and bob are asked in round 1, and a task waits. */
async function asking({ link = 24 * hour, deadline = 24 * hour } = {}): Promise<Desk> {
  const desk = new Desk()
  await desk.add({ type: 'detected', data: { ref: desk.ref, counterparty: null } })
  await desk.inspected(1)
  await desk.asked(deadline)
  await desk.link('alice', link)
  await desk.link('bob', link)
  await desk.approvals.putAsk(desk.id, { token: 'waiting', run: 1, try: 0, round: 1 })
  return desk
}

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
