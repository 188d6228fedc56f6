import { createHash } from 'node:crypto'
import { voteReplySchema, type SlackVote, type VoteReply } from '../../../../lambda/contract/states.ts'
import { vote } from '../../../../lambda/handlers/vote.handler.ts'
import { asking, closeDesks, hour, openDesks, type Desk } from '../../../support/desk.ts'
import { hashA, hashB } from '../../../support/events.ts'
import { signed, signingSecret, slackTeam, submissionOf, type Submitting } from '../../../support/slack.ts'
import { testSettings } from '../../../support/world.ts'

beforeAll(openDesks)
afterAll(closeDesks)

/** Alice and bob are in Slack, where they may vote. */
async function askingInSlack(): Promise<Desk> {
  const desk = await asking()
  desk.signingSecret = signingSecret
  desk.settings = testSettings({
    approvers: [
      { id: 'alice', email: 'alice@example.com', slackUserId: 'U0ALICE' },
      { id: 'bob', email: 'bob@example.com', slackUserId: 'U0BOB' },
      { id: 'carol', email: 'carol@example.com' },
    ],
    slack: { secret: 'gatehouse/slack', team: slackTeam, buttons: true },
  })
  return desk
}

function request(desk: Desk, fields: Partial<Submitting> = {}): SlackVote {
  const payload = submissionOf({ offerId: desk.id, factsHash: hashA, ...fields })
  return { by: 'slack', ...signed(payload, desk.clock.now) }
}

async function send(desk: Desk, sent: SlackVote): Promise<VoteReply> {
  return voteReplySchema.parse(await vote(sent, desk.deps))
}

function later(desk: Desk, ms: number): void {
  desk.clock.now = new Date(desk.clock.now.getTime() + ms)
}

describe('a vote by Slack', () => {
  test('is recorded as the approver of the Slack id, with its proof, and wakes the task', async () => {
    const desk = await askingInSlack()

    expect(await send(desk, request(desk, { comment: ' fine ' }))).toEqual({ result: 'voted', choice: 'accept' })
    expect(await desk.votes()).toMatchObject([
      {
        actor: 'approver:alice',
        round: 1,
        data: {
          approver: 'alice',
          choice: 'accept',
          comment: 'fine',
          assurance: 'slack',
          proof: createHash('sha256').update('trigger-1').digest('hex'),
        },
      },
    ])
    expect(desk.woken).toEqual(['waiting tally'])
  })

  test.each([
    ['wrong digits', { digits: '0000' }, 'digits'],
    ['a reject without a word', { choice: 'reject', comment: null }, 'comment'],
  ])('%s are refused at their field', async (_name, fields, field) => {
    const desk = await askingInSlack()

    expect(await send(desk, request(desk, fields))).toMatchObject({ result: 'refused', field })
    expect(await desk.votes()).toEqual([])
  })

  test('on other facts, or of another round, is none', async () => {
    const desk = await askingInSlack()

    expect(await send(desk, request(desk, { factsHash: hashB }))).toEqual({ result: 'facts-changed' })
    expect(await send(desk, request(desk, { round: '2' }))).toEqual({ result: 'facts-changed' })
    expect(await desk.votes()).toEqual([])
  })

  test('after the deadline is too late', async () => {
    const desk = await askingInSlack()
    later(desk, 25 * hour)

    expect(await send(desk, request(desk))).toEqual({ result: 'expired' })
  })
})

describe('what is not a vote', () => {
  test.each<[string, (desk: Desk) => SlackVote]>([
    ['another workspace', (desk) => request(desk, { team: 'T0OTHER' })],
    ['a guest of another workspace', (desk) => request(desk, { home: 'T0OTHER' })],
    ['a user whom nobody configured', (desk) => request(desk, { user: 'U0MALLORY' })],
    ['an approver without a Slack id, by no name', (desk) => request(desk, { user: 'carol' })],
    ['a modal that is not ours', (desk) => request(desk, { callback: 'other:vote:accept' })],
    ['a choice that is none', (desk) => request(desk, { choice: 'leave' })],
    ['a body that was changed', (desk) => ({ ...request(desk), body: `${request(desk).body}&x=1` })],
    ['a signature by another secret', (desk) => ({ by: 'slack', ...signed({}, desk.clock.now, 'other') })],
    ['a press', (desk) => ({ by: 'slack', ...signed({ type: 'block_actions' }, desk.clock.now) })],
    ['no JSON', (desk) => ({ by: 'slack', ...signed('{', desk.clock.now) })],
  ])('%s', async (_name, make) => {
    const desk = await askingInSlack()

    expect(await send(desk, make(desk))).toEqual({ result: 'unknown-link' })
    expect(await desk.votes()).toEqual([])
    expect(desk.woken).toEqual([])
  })

  test('what was signed more than five minutes ago', async () => {
    const desk = await askingInSlack()
    const sent = request(desk)
    later(desk, 301_000)

    expect(await send(desk, sent)).toEqual({ result: 'unknown-link' })
  })

  test('anything, where there are no buttons or no signing secret', async () => {
    const desk = await askingInSlack()
    desk.signingSecret = undefined
    expect(await send(desk, request(desk))).toEqual({ result: 'unknown-link' })
    desk.signingSecret = signingSecret
    desk.settings = { ...desk.settings, slack: { secret: 'x', team: slackTeam, buttons: false } }
    expect(await send(desk, request(desk))).toEqual({ result: 'unknown-link' })
    expect(await desk.votes()).toEqual([])
  })
})

describe('a replay', () => {
  test('of the same submission changes nothing', async () => {
    const desk = await askingInSlack()
    const sent = request(desk)
    await send(desk, sent)

    expect(await send(desk, sent)).toEqual({ result: 'standing', choice: 'accept' })
    expect(await desk.votes()).toHaveLength(1)
  })

  test('of an old accept stays dead after a change of mind, within the window', async () => {
    const desk = await askingInSlack()
    const accept = request(desk, { trigger: 'one' })
    await send(desk, accept)
    later(desk, 10_000)
    await send(desk, request(desk, { trigger: 'two', choice: 'reject', comment: 'no' }))
    later(desk, 10_000)

    expect(await send(desk, accept)).toEqual({ result: 'standing', choice: 'reject' })
    expect(await desk.votes()).toHaveLength(2)
  })

  test('of an accept that changed nothing when it came stays dead, too', async () => {
    const desk = await askingInSlack()
    await send(desk, request(desk, { trigger: 'one' }))
    later(desk, 10_000)
    const again = request(desk, { trigger: 'two' })
    await send(desk, again)
    later(desk, 10_000)
    await send(desk, request(desk, { trigger: 'three', choice: 'reject', comment: 'no' }))

    expect(await send(desk, again)).toEqual({ result: 'standing', choice: 'reject' })
    expect(await desk.votes()).toHaveLength(2)
  })

  test('does not keep the person from changing their mind again', async () => {
    const desk = await askingInSlack()
    await send(desk, request(desk, { trigger: 'one' }))
    await send(desk, request(desk, { trigger: 'two', choice: 'reject', comment: 'no' }))

    expect(await send(desk, request(desk, { trigger: 'three' }))).toMatchObject({ result: 'voted', choice: 'accept' })
  })
})
