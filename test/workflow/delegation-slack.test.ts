import { GetDelegationRequestCommand } from '@aws-sdk/client-iam'
import { DeliveryFailed } from '../../lambda/contract/errors.ts'
import { offerIdOf } from '../../lambda/domain/offer.ts'
import { delegationWorld, resolveWorker } from '../support/delegation.ts'
import { startMs } from '../support/endpoint.ts'
import { requestDelegation, startKindWorld, type KindWorld } from '../support/kind-world.ts'
import { us } from '../support/kinds.ts'
import { signed, signingSecret, slackTeam, submissionOf, type Submitting } from '../support/slack.ts'
import { createNearTable, type TestTable } from '../support/table.ts'
import { TestSlack } from '../support/test-slack.ts'
import type { World } from '../support/world.ts'

const minutes = 60_000
const approvers = [
  { id: 'alice', email: 'alice@example.com', slackUserId: 'U0ALICE' },
  { id: 'bob', email: 'bob@example.com' },
]
const slack = { secret: 'gatehouse/slack', team: slackTeam, buttons: true }

let table: TestTable
let kinds: KindWorld
let world: World
let sent: TestSlack

beforeAll(async () => {
  table = await createNearTable()
  kinds = await startKindWorld({ resolveCaller: resolveWorker })
  kinds.endpoint.advance(Date.now() - startMs)
})
afterEach(() => {
  world.close()
})
afterAll(async () => {
  await table.close()
  await kinds.close()
})

interface Scene {
  requestId: string
  offerId: string
}

async function advance(ms: number): Promise<void> {
  kinds.endpoint.advance(ms)
  await world.advance(ms)
}

/** Asked, with alice in Slack and bob by mail. */
async function asked(): Promise<Scene> {
  world = delegationWorld({ table, kinds, settings: { approvers, slack } })
  world.signingSecret = signingSecret
  world.slack = sent = new TestSlack()
  const requestId = await requestDelegation(kinds)
  const ref = { ...world.target('iam-delegation'), awsId: requestId }
  await world.scan(ref)
  await advance(minutes)
  return { requestId, offerId: offerIdOf(ref) }
}

async function held(): Promise<Scene> {
  const scene = await asked()
  await world.vote('bob', 'accept')
  await advance(minutes)
  expect(await stateAtAws(scene)).toBe('ACCEPTED')
  return scene
}

async function stateAtAws({ requestId }: Scene): Promise<string | undefined> {
  const command = new GetDelegationRequestCommand({ DelegationRequestId: requestId })
  return (await kinds.iam(us).send(command)).DelegationRequest?.State
}

async function submission({ offerId }: Scene, more: Partial<Submitting>): Promise<Parameters<World['voteBySlack']>[0]> {
  const { round } = await world.state(offerId)
  const vote = { offerId, factsHash: round?.factsHash ?? '', round: String(round?.number), choice: 'reject', ...more }
  return { by: 'slack', ...signed(submissionOf(vote), new Date(world.clock.now())) }
}

test('who is in Slack is told there that it is held, and takes it back there', async () => {
  const scene = await held()
  expect(sent.asked).toEqual([
    { to: 'alice', about: 'approval' },
    { to: 'alice', about: 'hold' },
  ])
  expect(world.mailed('hold')).toEqual(['bob'])

  const reply = await world.voteBySlack(await submission(scene, { comment: 'not this week' }))

  expect(reply).toEqual({ result: 'voted', choice: 'reject' })
  expect(await stateAtAws(scene)).toBe('REJECTED')
  const revoked = (await world.events(scene.offerId)).find(({ type }) => type === 'revoked')
  expect(revoked).toMatchObject({ data: { approver: 'alice', comment: 'not this week', assurance: 'slack' } })
  // Every message says how it ended, that of the hold, too.
  expect(sent.edited).toHaveLength(2)
})

test('has the protection of votes: the characters, a reason, a signature, an approver', async () => {
  const scene = await held()
  const refused = async (more: Partial<Submitting>): Promise<unknown> =>
    await world.voteBySlack(await submission(scene, { comment: 'no', ...more }))

  expect(await refused({ digits: '0000' })).toMatchObject({ result: 'refused', field: 'digits' })
  expect(await refused({ comment: null })).toMatchObject({ result: 'refused', field: 'comment' })
  expect(await refused({ user: 'U0NOBODY' })).toEqual({ result: 'unknown-link' })
  const forged = { ...(await submission(scene, { comment: 'no' })), signature: `v0=${'0'.repeat(64)}` }
  expect(await world.voteBySlack(forged)).toEqual({ result: 'unknown-link' })
  expect(await stateAtAws(scene)).toBe('ACCEPTED')
})

test('an old reject that was replaced by an accept takes nothing back when it is sent once more', async () => {
  const scene = await asked()
  const old = await submission(scene, { comment: 'no', trigger: 'trigger-old' })
  await advance(2000)
  expect(await world.voteBySlack(await submission(scene, { choice: 'accept', trigger: 'trigger-new' }))).toMatchObject({
    result: 'voted',
  })
  await advance(minutes)
  expect(await stateAtAws(scene)).toBe('ACCEPTED')

  expect(await world.voteBySlack(old)).toEqual({ result: 'closed' })
  expect(await stateAtAws(scene)).toBe('ACCEPTED')
})

test('where Slack takes no message the hold is told by mail', async () => {
  const scene = await asked()
  sent.failure = new DeliveryFailed('channel_not_found')
  await world.vote('bob', 'accept')
  await advance(minutes)
  expect(world.mailed('hold')).toEqual(['alice', 'bob'])
  expect(await stateAtAws(scene)).toBe('ACCEPTED')
})
