import { GetDelegationRequestCommand, SendDelegationTokenCommand } from '@aws-sdk/client-iam'
import { AccessRefused } from '../../lambda/contract/errors.ts'
import { offerIdOf } from '../../lambda/domain/offer.ts'
import { operate } from '../../lambda/handlers/operate.handler.ts'
import { logger } from '../../lambda/handlers/serve.ts'
import type { OperatorReply } from '../../lambda/contract/intake.ts'
import { ApprovalsStore } from '../../lambda/ledger/approvals-store.ts'
import { delegationRole, delegationWorld, resolveWorker } from '../support/delegation.ts'
import { startMs } from '../support/endpoint.ts'
import { requestDelegation, startKindWorld, type KindWorld } from '../support/kind-world.ts'
import { us } from '../support/kinds.ts'
import { createNearTable, type TestTable } from '../support/table.ts'
import type { World } from '../support/world.ts'

const minutes = 60_000

let table: TestTable
let kinds: KindWorld
let world: World

beforeAll(async () => {
  table = await createNearTable()
  kinds = await startKindWorld({ resolveCaller: resolveWorker })
  kinds.endpoint.advance(Date.now() - startMs)
})
beforeEach(() => {
  jest.spyOn(logger, 'error').mockReturnValue()
})
afterEach(() => {
  world.close()
  kinds.behaviour.reset()
})
afterAll(async () => {
  await table.close()
  await kinds.close()
})

interface Scene {
  requestId: string
  offerId: string
}

/** The delegator role has accepted, and holds it. */
async function held(): Promise<Scene> {
  world = delegationWorld({ table, kinds })
  const requestId = await requestDelegation(kinds)
  const ref = { ...world.target('iam-delegation'), awsId: requestId }
  await world.scan(ref)
  await advance(minutes)
  await world.vote('alice', 'accept')
  await advance(minutes)
  const scene = { requestId, offerId: offerIdOf(ref) }
  expect(await stateAtAws(scene)).toBe('ACCEPTED')
  return scene
}

const without = { ...delegationRole, accounts: ['999999999999'] }

/** Another deployment: the account is named no more, and the role there has no rights. */
function takeRoleAway(role: typeof delegationRole | null = without): () => void {
  const { settings, openDelegator } = world
  world.settings = { ...settings, delegationRole: role }
  world.openDelegator = () => Promise.reject(new AccessRefused('AssumeRole: AccessDenied'))
  return () => {
    world.settings = settings
    world.openDelegator = openDelegator
  }
}

async function advance(ms: number): Promise<void> {
  kinds.endpoint.advance(ms)
  await world.advance(ms)
}

async function stateAtAws({ requestId }: Scene): Promise<string | undefined> {
  const command = new GetDelegationRequestCommand({ DelegationRequestId: requestId })
  return (await kinds.iam(us).send(command)).DelegationRequest?.State
}

const look = ({ requestId }: Scene): Promise<void> =>
  world.scan({ ...world.target('iam-delegation'), awsId: requestId })
const outcomeOf = async ({ offerId }: Scene): Promise<string | undefined> =>
  (await world.state(offerId)).closed?.outcome

async function revoke({ offerId }: Scene): Promise<OperatorReply> {
  const { queue, workflow } = world.scanDeps()
  const deps = { ledger: world.ledger, approvals: new ApprovalsStore(table), workflow, queue }
  const more = { settings: world.settings, approvalUrl: 'https://approve.example.com', now: () => new Date() }
  const reply = await operate({ do: 'revoke', offerId, comment: 'no' }, { ...deps, ...more })
  await world.idle()
  return reply
}

test('the role is taken away in a hold: nothing is released, no run fails, and people are told what they can do', async () => {
  const scene = await held()
  takeRoleAway()
  await advance(40 * minutes)

  expect(await stateAtAws(scene)).toBe('ACCEPTED')
  expect(world.mailed('stranded')).toEqual(['alice', 'bob'])
  const { mail } = world.mails.filter(({ tags }) => tags.about === 'stranded')[0]!
  expect(mail.text).toContain(`no longer names account ${us}`)
  expect(mail.text).toContain(`/account-access-requests/review/${scene.requestId}`)
  expect(mail.text).not.toContain('gatehouse offers revoke')
  expect(await world.state(scene.offerId)).toMatchObject({ status: 'open', failures: 0 })
  expect(await world.types(scene.offerId)).not.toContain('failed')

  await look(scene)
  await advance(26 * 60 * minutes)
  expect(world.mailed('stranded')).toHaveLength(2)
})

test('a person releases it in the AWS console: the case ends as it really was', async () => {
  const scene = await held()
  takeRoleAway()
  await advance(40 * minutes)
  await kinds.iam(us).send(new SendDelegationTokenCommand({ DelegationRequestId: scene.requestId }))
  await look(scene)
  expect(await outcomeOf(scene)).toBe('ACCEPTED')
})

test('nobody does anything: AWS ends it, and nobody gets any access', async () => {
  const scene = await held()
  takeRoleAway()
  await advance(40 * minutes)
  await advance(8 * 24 * 60 * minutes)
  await look(scene)
  expect(await outcomeOf(scene)).toBe('LAPSED')
})

describe.each([
  ['the account is named no more', without],
  ['there is no role at all', null],
])('%s', (_, role) => {
  test.each(['in the hold', 'after it'])(
    'taken back by the link %s: the rejector role rejects it at AWS',
    async (when) => {
      const scene = await held()
      takeRoleAway(role)
      if (when === 'after it') await advance(40 * minutes)

      expect(await world.vote('bob', 'reject')).toEqual({ result: 'voted', choice: 'reject' })

      expect(await stateAtAws(scene)).toBe('REJECTED')
      expect(await outcomeOf(scene)).toBe('REJECTED')
      expect((await world.state(scene.offerId)).settled).toMatchObject({ action: 'reject', result: 'settled' })
    },
  )
})

test('the function of the role is gone, too: the next run sees to it', async () => {
  const scene = await held()
  takeRoleAway(null)
  world.fault = (step) =>
    step === 'Delegate' ? { when: 'before', error: 'Lambda.ResourceNotFoundException' } : undefined
  await world.vote('bob', 'reject')
  await look(scene)
  await advance(3 * minutes)
  await look(scene)
  expect(await stateAtAws(scene)).toBe('REJECTED')
  expect(await outcomeOf(scene)).toBe('REJECTED')
})

test('the command line takes it back where it may, and else says who can', async () => {
  const scene = await held()
  takeRoleAway(null)
  const { done, said } = await revoke(scene)
  expect({ done, said }).toMatchObject({ done: false, said: expect.stringContaining('the link in the mail') })
  expect(await stateAtAws(scene)).toBe('ACCEPTED')

  world.settings = { ...world.settings, delegationRole: without }
  expect(await revoke(scene)).toMatchObject({ done: true })
  expect(await stateAtAws(scene)).toBe('REJECTED')
  expect(await revoke(scene)).toMatchObject({ done: false, said: 'nothing is held that could be taken back' })
})

test('the role is given back: the hold begins anew, and people are told', async () => {
  const scene = await held()
  const giveBack = takeRoleAway()
  await advance(90 * minutes)
  giveBack()
  await look(scene)
  await advance(minutes)
  expect(await stateAtAws(scene)).toBe('ACCEPTED')
  expect(world.mailed('hold')).toEqual(['alice', 'bob', 'alice', 'bob'])
  await advance(25 * minutes)
  expect(await stateAtAws(scene)).toBe('ACCEPTED')
  await advance(6 * minutes)
  expect(await stateAtAws(scene)).toBe('FINALIZED')
  expect(await outcomeOf(scene)).toBe('ACCEPTED')
})

test('released in the console just before it is taken back: too late, and an error says so', async () => {
  const scene = await held()
  takeRoleAway()
  await advance(40 * minutes)
  await kinds.iam(us).send(new SendDelegationTokenCommand({ DelegationRequestId: scene.requestId }))
  await world.vote('bob', 'reject')
  expect(await outcomeOf(scene)).toBe('ACCEPTED')
})

test('in observe mode the command line says that taking it back waits for the mode', async () => {
  const scene = await held()
  world.settings = { ...world.settings, mode: 'observe' }
  expect(await revoke(scene)).toMatchObject({ done: true, said: expect.stringContaining('mode is `enforce` again') })
  expect(await stateAtAws(scene)).toBe('ACCEPTED')
})

test('in observe mode what is taken back waits', async () => {
  const scene = await held()
  takeRoleAway()
  world.settings = { ...world.settings, mode: 'observe' }
  const before = world.invoked.length
  await world.vote('bob', 'reject')
  expect(world.invoked.length - before).toBeLessThan(10)
  expect(await stateAtAws(scene)).toBe('ACCEPTED')
  world.settings = { ...world.settings, mode: 'enforce' }
  await look(scene)
  expect(await stateAtAws(scene)).toBe('REJECTED')
})

test('the answer to the accept was lost, and then the role: people are told that it is most likely ours', async () => {
  world = delegationWorld({ table, kinds })
  const requestId = await requestDelegation(kinds)
  const ref = { ...world.target('iam-delegation'), awsId: requestId }
  await world.scan(ref)
  await advance(minutes)
  const error = 'ServiceFailureException'
  kinds.behaviour.set({ faults: [{ service: 'iam', operation: 'AcceptDelegationRequest', error, after: true }] })
  const open = world.openDelegator
  world.openDelegator = async (state) => {
    const delegator = await open(state)
    return { ...delegator, accept: async () => await delegator.accept().finally(() => takeRoleAway()) }
  }
  await world.vote('alice', 'accept')
  await advance(10 * minutes)
  await look({ requestId, offerId: offerIdOf(ref) })
  await advance(minutes)
  expect(world.mailed('stranded')).toEqual(['alice', 'bob'])
  const { mail } = world.mails.filter(({ tags }) => tags.about === 'stranded')[0]!
  expect(mail.text).toContain('most likely by the delegator role')
  expect(mail.text).not.toContain('/a/')
  expect(await revoke({ requestId, offerId: offerIdOf(ref) })).toMatchObject({
    done: false,
    said: expect.stringContaining('is not known yet'),
  })
})
