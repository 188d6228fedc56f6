import {
  AcceptDelegationRequestCommand,
  AssociateDelegationRequestCommand,
  GetDelegationRequestCommand,
  IAMClient,
  RejectDelegationRequestCommand,
  SendDelegationTokenCommand,
  type CreateDelegationRequestCommandInput,
} from '@aws-sdk/client-iam'
import type { Settings } from '../../lambda/contract/settings.ts'
import { offerIdOf } from '../../lambda/domain/offer.ts'
import { delegationRole, delegationWorld, resolveWorker } from '../support/delegation.ts'
import { startMs } from '../support/endpoint.ts'
import { requestDelegation, startKindWorld, type KindWorld } from '../support/kind-world.ts'
import { us } from '../support/kinds.ts'
import { createNearTable, type TestTable } from '../support/table.ts'
import { logger } from '../../lambda/handlers/serve.ts'
import { policyByName, testSettings, type Fault, type World } from '../support/world.ts'

const minutes = 60_000
const delegatorArn = `arn:aws:iam::${us}:role/gatehouse-delegator`

let table: TestTable
let kinds: KindWorld
let world: World

beforeAll(async () => {
  table = await createNearTable()
  kinds = await startKindWorld({ resolveCaller: resolveWorker })
  kinds.endpoint.advance(Date.now() - startMs)
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

/** A request that policy leaves to people, in an account where the delegator role accepts. */
async function begin(
  given: Partial<CreateDelegationRequestCommandInput> = {},
  owner?: string,
  settings: Partial<Settings> = {},
): Promise<Scene> {
  world = delegationWorld({ table, kinds, settings })
  const requestId = await requestDelegation(kinds, given)
  if (owner !== undefined)
    await as(owner).send(new AssociateDelegationRequestCommand({ DelegationRequestId: requestId }))
  const ref = { ...world.target('iam-delegation'), awsId: requestId }
  await world.scan(ref)
  await advance(1)
  return { requestId, offerId: offerIdOf(ref) }
}

const as = (key: string): IAMClient => new IAMClient(kinds.endpoint.as(key))

/** AWS and Gatehouse have one clock. */
async function advance(ms: number): Promise<void> {
  kinds.endpoint.advance(ms)
  await world.advance(ms)
}

async function stateAtAws(id: string): Promise<string | undefined> {
  const { DelegationRequest } = await as(us).send(new GetDelegationRequestCommand({ DelegationRequestId: id }))
  return DelegationRequest?.State
}

/** The request is listed by nobody, so the sweep finds it only once it is owned: a hint that names it looks again. */
const look = (requestId: string): Promise<void> => world.scan({ ...world.target('iam-delegation'), awsId: requestId })

async function accepted(): Promise<void> {
  await advance(minutes)
  await world.vote('alice', 'accept')
  await advance(minutes)
}

const typesOf = async ({ offerId }: Scene): Promise<string[]> =>
  (await world.events(offerId)).flatMap((event) => {
    if (event.type === 'attempted') return [`attempted ${event.data.call ?? event.data.action}`]
    if (event.type === 'checked') return [`checked ${event.data.result}`]
    return ['delivered', 'asked'].includes(event.type) ? [] : [event.type]
  })
const outcomeOf = async ({ offerId }: Scene): Promise<string | undefined> =>
  (await world.state(offerId)).closed?.outcome

test('accepted by people: checked, associated, accepted, held, compared, released', async () => {
  const scene = await begin()
  await accepted()

  expect(await stateAtAws(scene.requestId)).toBe('ACCEPTED')
  expect((await world.state(scene.offerId)).delegation?.heldUntil).toBeDefined()
  expect(world.mailed('hold')).toEqual(['alice', 'bob'])
  await advance(25 * minutes)
  expect(await stateAtAws(scene.requestId)).toBe('ACCEPTED')
  await advance(10 * minutes)

  expect(await stateAtAws(scene.requestId)).toBe('FINALIZED')
  expect(await outcomeOf(scene)).toBe('ACCEPTED')
  expect(await typesOf(scene)).toEqual([
    ...['detected', 'inspected', 'judged', 'checked ALLOWED', 'voted', 'decided', 'approved'],
    ...['attempted associate', 'checked ALLOWED', 'attempted accept', 'settled'],
    ...['attempted send-token', 'released', 'closed'],
  ])
})

test('taken back by one who was asked: the accepted request is rejected, and nothing is released', async () => {
  const scene = await begin()
  await accepted()

  expect(await world.vote('bob', 'reject')).toEqual({ result: 'voted', choice: 'reject' })

  expect(await stateAtAws(scene.requestId)).toBe('REJECTED')
  expect(await outcomeOf(scene)).toBe('REJECTED')
  expect((await typesOf(scene)).slice(-4)).toEqual(['revoked', 'attempted undo', 'settled', 'closed'])
  await advance(60 * minutes)
  expect(await stateAtAws(scene.requestId)).toBe('REJECTED')
})

test('a hold takes no other vote, and none without a reason or the digits', async () => {
  const scene = await begin()
  await accepted()

  expect(await world.vote('bob', 'accept')).toEqual({ result: 'closed' })
  expect(await world.vote('bob', 'reject', { comment: ' ' })).toMatchObject({ result: 'refused', field: 'comment' })
  expect(await world.vote('bob', 'reject', { digits: '0000' })).toMatchObject({ result: 'refused', field: 'digits' })
  expect(await stateAtAws(scene.requestId)).toBe('ACCEPTED')
})

test.each(['DENIED', 'FAILED'] as const)('a check that says %s accepts nothing and asks again', async (result) => {
  kinds.behaviour.set({ iam: { permissionCheck: result } })
  const scene = await begin()
  await accepted()

  expect(await stateAtAws(scene.requestId)).toBe('ASSIGNED')
  const { round, changes, status } = await world.state(scene.offerId)
  expect({ cause: round?.cause, changes, status }).toEqual({ cause: 'not-allowed', changes: 1, status: 'open' })
  expect(await typesOf(scene)).not.toContain('attempted accept')
  await world.vote('alice', 'reject')
  expect(await outcomeOf(scene)).toBe('REJECTED')
})

test('a check that never ends fails the run, not the case; people are asked all the same', async () => {
  kinds.behaviour.set({ iam: { permissionCheckSeconds: 10_000_000 } })
  const scene = await begin()
  await advance(5 * minutes)
  expect((await world.state(scene.offerId)).round?.check?.result).toBe('TIMED_OUT')
  await world.vote('alice', 'accept')
  await advance(20 * minutes)

  expect(await typesOf(scene)).toContain('failed')
  expect((await world.state(scene.offerId)).status).toBe('open')
  expect(await stateAtAws(scene.requestId)).not.toBe('ACCEPTED')
})

test('who owns the request and keeps the release to itself is told, and the case waits for that', async () => {
  const scene = await begin({ OnlySendByOwner: true }, us)
  await accepted()
  await advance(40 * minutes)

  expect(await stateAtAws(scene.requestId)).toBe('ACCEPTED')
  expect(world.mailed('release')).toEqual(['alice', 'bob'])
  await look(scene.requestId)
  await advance(26 * 60 * minutes)
  expect(world.mailed('release')).toHaveLength(2)
  expect((await world.state(scene.offerId)).status).toBe('open')
  await as(us).send(new SendDelegationTokenCommand({ DelegationRequestId: scene.requestId }))
  await look(scene.requestId)
  expect(await outcomeOf(scene)).toBe('ACCEPTED')
})

test('a request of another owner of ours is released where others may', async () => {
  const scene = await begin({}, us)
  await accepted()
  await advance(40 * minutes)

  expect(await stateAtAws(scene.requestId)).toBe('FINALIZED')
  expect(await typesOf(scene)).not.toContain('attempted associate')
})

describe('somebody acts in the AWS console', () => {
  const reject = (id: string): Promise<unknown> =>
    as(us).send(new RejectDelegationRequestCommand({ DelegationRequestId: id }))
  const accept = (id: string): Promise<unknown> =>
    as(us).send(new AcceptDelegationRequestCommand({ DelegationRequestId: id }))
  const send = (id: string): Promise<unknown> =>
    as(us).send(new SendDelegationTokenCommand({ DelegationRequestId: id }))

  test('and accepts before people have voted', async () => {
    const scene = await begin({}, us)
    await advance(minutes)
    await accept(scene.requestId)
    await look(scene.requestId)
    expect(await outcomeOf(scene)).toBe('SUPERSEDED')
  })

  test('and rejects what is held', async () => {
    const scene = await begin()
    await accepted()
    await reject(scene.requestId)
    await look(scene.requestId)
    expect(await outcomeOf(scene)).toBe('SUPERSEDED')
  })

  test('and releases what is held', async () => {
    const scene = await begin()
    await accepted()
    await send(scene.requestId)
    await look(scene.requestId)
    expect(await outcomeOf(scene)).toBe('ACCEPTED')
  })

  test('and releases it just before somebody takes it back: too late, and an error says so', async () => {
    const scene = await begin()
    await accepted()
    await send(scene.requestId)
    const said = jest.spyOn(logger, 'error')
    await world.vote('bob', 'reject')
    expect(await outcomeOf(scene)).toBe('ACCEPTED')
    expect(said).toHaveBeenCalledWith('too late to take an accept back', { offerId: scene.offerId })
    expect((await world.state(scene.offerId)).settled).toMatchObject({ action: 'reject', result: 'lost' })
  })
})

/** Called after each look that the delegator takes at the request. */
function afterEachLook(then: () => Promise<unknown>): void {
  const open = world.openDelegator
  world.openDelegator = async (state) => {
    const delegator = await open(state)
    const look: typeof delegator.look = async () => {
      const seen = await delegator.look()
      await then()
      return seen
    }
    return { ...delegator, look }
  }
}

test('taken back while the release is looking at the request: nothing is released', async () => {
  const scene = await begin()
  await accepted()
  let looks = 0
  afterEachLook(async () => {
    looks += 1
    if (looks === 2) await world.castVote('bob', 'reject')
  })
  await advance(31 * minutes)
  expect(await stateAtAws(scene.requestId)).toBe('REJECTED')
  expect(await outcomeOf(scene)).toBe('REJECTED')
})

test('a partner group whose end has passed does not keep the delegator from accepting', async () => {
  const scene = await begin({}, undefined, { partnersUntil: { network: '2020-01-01T00:00:00.000Z' } })
  await accepted()
  expect(await stateAtAws(scene.requestId)).toBe('ACCEPTED')
})

test('what would lend the right to answer delegations is not accepted by the role', async () => {
  const scene = await begin({
    Permissions: { PolicyTemplateArn: 'arn:aws:iam::aws:delegation-template/Answers' },
  })
  expect((await world.state(scene.offerId)).round?.check?.result).toBe('LENDS_ANSWERS')
  await accepted()
  expect(await typesOf(scene)).not.toContain('attempted accept')
  expect((await world.state(scene.offerId)).round?.cause).toBe('not-allowed')
})

test('a look again in the hold changes nothing', async () => {
  const scene = await begin()
  await accepted()
  await look(scene.requestId)
  await look(scene.requestId)
  expect(await stateAtAws(scene.requestId)).toBe('ACCEPTED')
  await advance(31 * minutes)
  expect(await outcomeOf(scene)).toBe('ACCEPTED')
})

test('in observe mode an accept that is held stays held', async () => {
  const scene = await begin()
  await accepted()
  world.settings = { ...world.settings, mode: 'observe' }
  await advance(90 * minutes)
  expect(await stateAtAws(scene.requestId)).toBe('ACCEPTED')
  expect(world.mailed('release')).toEqual([])
  world.settings = { ...world.settings, mode: 'enforce' }
  await advance(61 * minutes)
  expect(await stateAtAws(scene.requestId)).toBe('FINALIZED')
})

test('in observe mode what is taken back waits, and does not go round and round', async () => {
  const scene = await begin()
  await accepted()
  world.settings = { ...world.settings, mode: 'observe' }
  const before = world.invoked.length
  world.fault = () => {
    if (world.invoked.length - before > 40) world.settings = { ...world.settings, mode: 'enforce' }
    return undefined
  }
  await world.vote('bob', 'reject')
  expect(world.invoked.length - before).toBeLessThan(10)
  expect(await stateAtAws(scene.requestId)).toBe('ACCEPTED')
  world.settings = { ...world.settings, mode: 'enforce' }
  await advance(61 * minutes)
  expect(await stateAtAws(scene.requestId)).toBe('REJECTED')
})

test('functions that hold different settings do not send a delegation round and round', async () => {
  const scene = await begin({}, undefined, { delegationRole: null })
  world.policy = policyByName({ undefined: 'accept' })
  const before = world.invoked.length
  world.fault = (step) => {
    const isOver = world.invoked.length - before > 60
    world.settings = { ...world.settings, delegationRole: step === 'Delegate' && !isOver ? null : delegationRole }
    return undefined
  }
  world.killRun(`${scene.offerId}-1`)
  await look(scene.requestId)
  await advance(3 * minutes)
  await look(scene.requestId)
  await advance(1)
  expect(world.invoked.slice(before).filter((step) => step === 'Delegate').length).toBeLessThan(10)
  expect(await stateAtAws(scene.requestId)).toBe('UNASSIGNED')
})

describe('IAM is busy with the request', () => {
  test.each(['AssociateDelegationRequest', 'AcceptDelegationRequest', 'SendDelegationToken'])(
    'at %s: minutes later it is done, once',
    async (operation) => {
      const scene = await begin()
      const error = 'ConcurrentModificationException'
      kinds.behaviour.set({ faults: [{ service: 'iam', operation, error, times: 2 }] })
      await accepted()
      await advance(70 * minutes)
      expect(await outcomeOf(scene)).toBe('ACCEPTED')
      expect(await stateAtAws(scene.requestId)).toBe('FINALIZED')
    },
  )
})

describe('a crash between any two steps', () => {
  const operations = ['AssociateDelegationRequest', 'AcceptDelegationRequest', 'SendDelegationToken']
  const faults: [string, () => void][] = [
    ...operations.flatMap((operation): [string, () => void][] => [
      [
        `the answer of ${operation} is lost`,
        () => {
          const error = 'ServiceFailureException'
          kinds.behaviour.set({ faults: [{ service: 'iam', operation, error, after: true }] })
        },
      ],
    ]),
    [
      'every first answer of Delegate is lost',
      () => {
        failEach('Delegate', 'after')
      },
    ],
    [
      'every first answer of Ask is lost',
      () => {
        failEach('Ask', 'after')
      },
    ],
  ]

  test.each(faults)('%s', async (_, fail) => {
    const scene = await begin()
    fail()
    await accepted()
    await advance(70 * minutes)
    expect(await stateAtAws(scene.requestId)).toBe('FINALIZED')
    expect(await outcomeOf(scene)).toBe('ACCEPTED')
    const types = await typesOf(scene)
    expect(types.filter((type) => type === 'released').length).toBeLessThanOrEqual(1)
  })

  test.each(['before the hold', 'in the hold', 'after a revocation'])('the run is killed %s', async (when) => {
    const scene = await begin()
    if (when === 'before the hold') {
      const error = 'ServiceFailureException'
      kinds.behaviour.set({ faults: [{ service: 'iam', operation: 'AcceptDelegationRequest', error, after: true }] })
    }
    await accepted()
    world.killRun(`${scene.offerId}-1`)
    if (when === 'after a revocation') await world.vote('bob', 'reject')
    await look(scene.requestId)
    await advance(3 * minutes)
    await look(scene.requestId)
    await advance(60 * minutes)
    expect(await stateAtAws(scene.requestId)).toBe(when === 'after a revocation' ? 'REJECTED' : 'FINALIZED')
    expect(await outcomeOf(scene)).toBe(when === 'after a revocation' ? 'REJECTED' : 'ACCEPTED')
    expect((await world.state(scene.offerId)).run).toBe(2)
  })
})

test('a run that dies before anybody is told of the hold takes nobody the time to take it back', async () => {
  const scene = await begin()
  world.fault = (step, payload) =>
    step === 'Ask' && JSON.stringify(payload).includes('"hold"') ? { when: 'before' } : undefined
  await accepted()
  expect(await stateAtAws(scene.requestId)).toBe('ACCEPTED')
  world.killRun(`${scene.offerId}-1`)
  world.fault = () => undefined
  await advance(45 * minutes)
  await look(scene.requestId)
  await advance(3 * minutes)
  await look(scene.requestId)
  await advance(minutes)
  expect(await stateAtAws(scene.requestId)).toBe('ACCEPTED')
  expect(world.mailed('hold')).toEqual(['alice', 'bob'])
  await advance(31 * minutes)
  expect(await stateAtAws(scene.requestId)).toBe('FINALIZED')
})

/** Every second invocation is a retry, and goes well. */
function failEach(step: string, when: Fault['when']): void {
  let count = 0
  world.fault = (name) => {
    if (name !== step) return undefined
    count += 1
    return count % 2 === 1 ? { when } : undefined
  }
}

test('the strategy is taken back before anything was accepted: people are asked anew, and accept in the console', async () => {
  const scene = await begin()
  world.settings = { ...world.settings, delegationRole: null }
  await accepted()
  expect(await stateAtAws(scene.requestId)).toBe('UNASSIGNED')
  expect(world.mailed('hand-over')).toEqual(['alice'])
})

test('policy may accept by itself: nobody is asked, those who would have been can take it back', async () => {
  world = delegationWorld({ table, kinds, policy: { undefined: 'accept' } })
  const requestId = await requestDelegation(kinds)
  const ref = { ...world.target('iam-delegation'), awsId: requestId }
  await world.scan(ref)
  await advance(minutes)
  const scene = { requestId, offerId: offerIdOf(ref) }
  expect(world.mailed('hold')).toEqual(['alice', 'bob'])
  expect(await world.vote('alice', 'reject')).toMatchObject({ result: 'voted' })
  expect(await outcomeOf(scene)).toBe('REJECTED')
})

test('the delegator is known by its role, whatever session accepted', async () => {
  const scene = await begin()
  await accepted()
  const { DelegationRequest } = await as(us).send(
    new GetDelegationRequestCommand({ DelegationRequestId: scene.requestId }),
  )
  expect(DelegationRequest).toMatchObject({ ApproverId: delegatorArn, OwnerId: delegatorArn })
  expect(testSettings().delegationRole).toBeNull()
})
