import {
  AcceptDelegationRequestCommand,
  AssociateDelegationRequestCommand,
  RejectDelegationRequestCommand,
  SendDelegationTokenCommand,
  UpdateDelegationRequestCommand,
} from '@aws-sdk/client-iam'
import { delegationStates, type DelegationState } from '../../../lambda/domain/delegation.ts'
import { openDelegator } from '../../../lambda/kinds/iam-delegation/delegator.ts'
import type { Kind } from '../../../lambda/kinds/kind.ts'
import { cellsOf, nameOf } from '../../support/cells.ts'
import { requestDelegation, startKindWorld, type KindWorld } from '../../support/kind-world.ts'
import { aContext, us } from '../../support/kinds.ts'

type State = DelegationState | 'gone'
const dayMs = 24 * 3_600_000

let world: KindWorld
let kind: Kind
beforeAll(async () => {
  world = await startKindWorld()
  kind = await world.open('iam-delegation')
})
afterEach(() => {
  world.behaviour.reset()
})
afterAll(() => world.close())

/** A request that AWS shows in this state. */
async function requestIn(state: State): Promise<string> {
  if (state === 'gone') return 'dr-0123456789abcdef'
  const DelegationRequestId = await requestDelegation(world)
  const iam = world.iam(us)
  const steps = {
    UNASSIGNED: [],
    ASSIGNED: ['associate'],
    PENDING_APPROVAL: ['associate', 'update'],
    ACCEPTED: ['associate', 'accept'],
    FINALIZED: ['associate', 'accept', 'send'],
    REJECTED: ['associate', 'reject'],
    EXPIRED: ['associate', 'wait'],
  }[state]
  for (const step of steps) {
    if (step === 'associate') await iam.send(new AssociateDelegationRequestCommand({ DelegationRequestId }))
    if (step === 'update') await iam.send(new UpdateDelegationRequestCommand({ DelegationRequestId }))
    if (step === 'accept') await iam.send(new AcceptDelegationRequestCommand({ DelegationRequestId }))
    if (step === 'send') await iam.send(new SendDelegationTokenCommand({ DelegationRequestId }))
    if (step === 'reject') await iam.send(new RejectDelegationRequestCommand({ DelegationRequestId }))
    if (step === 'wait') world.endpoint.advance(8 * dayMs)
  }
  return DelegationRequestId
}

const refOf = (awsId: string) => ({ kind: 'iam-delegation' as const, account: us, region: 'us-east-1', awsId })

const errors: Record<string, string | undefined> = {
  none: undefined,
  notThere: 'NoSuchEntityException',
  busy: 'ConcurrentModificationException',
  wrongInput: 'InvalidInputException',
  failure: 'ServiceFailureException',
  denied: 'AccessDeniedException',
  throttled: 'ThrottlingException',
}

function inject(operation: string, column: string): void {
  const error = errors[column]
  // As often as a reading is tried.
  if (error !== undefined) world.behaviour.set({ faults: [{ service: 'iam', operation, error, times: 3 }] })
}

/** What a reject comes to, by what AWS answers to it. Where the request does not wait any more, no call is made. */
const rejects = `
  state             none             notThere         busy             wrongInput        failure             denied           throttled
  UNASSIGNED        settled          gone             OfferBusy        UnexpectedAnswer  ServiceUnavailable  AccessRefused    ServiceThrottled
  ASSIGNED          settled          gone             OfferBusy        UnexpectedAnswer  ServiceUnavailable  AccessRefused    ServiceThrottled
  PENDING_APPROVAL  settled          gone             OfferBusy        UnexpectedAnswer  ServiceUnavailable  AccessRefused    ServiceThrottled
  ACCEPTED          lost             lost             lost             lost              lost                lost             lost
  FINALIZED         lost             lost             lost             lost              lost                lost             lost
  REJECTED          already-settled  already-settled  already-settled  already-settled   already-settled     already-settled  already-settled
  EXPIRED           gone             gone             gone             gone              gone                gone             gone
  gone              gone             gone             gone             gone              gone                gone             gone`

test.each(cellsOf(rejects, ['state']))('reject: AWS says $state and answers with $column: $expected', async (cell) => {
  const awsId = await requestIn(cell.state as State)
  inject('RejectDelegationRequest', cell.column)
  const rejected = kind.settle({ ref: refOf(awsId), action: 'reject', reason: 'no' })
  expect(await nameOf(rejected.then(({ result }) => result))).toBe(cell.expected)
})

/** Reading the request: a reading believes nothing. */
const readings = `
  state             none      notThere  busy       wrongInput        failure             denied         throttled
  UNASSIGNED        pending   gone      OfferBusy  UnexpectedAnswer  ServiceUnavailable  AccessRefused  ServiceThrottled
  ASSIGNED          pending   gone      OfferBusy  UnexpectedAnswer  ServiceUnavailable  AccessRefused  ServiceThrottled
  PENDING_APPROVAL  pending   gone      OfferBusy  UnexpectedAnswer  ServiceUnavailable  AccessRefused  ServiceThrottled
  ACCEPTED          accepted  gone      OfferBusy  UnexpectedAnswer  ServiceUnavailable  AccessRefused  ServiceThrottled
  FINALIZED         accepted  gone      OfferBusy  UnexpectedAnswer  ServiceUnavailable  AccessRefused  ServiceThrottled
  REJECTED          rejected  gone      OfferBusy  UnexpectedAnswer  ServiceUnavailable  AccessRefused  ServiceThrottled
  EXPIRED           expired   gone      OfferBusy  UnexpectedAnswer  ServiceUnavailable  AccessRefused  ServiceThrottled
  gone              gone      gone      OfferBusy  UnexpectedAnswer  ServiceUnavailable  AccessRefused  ServiceThrottled`

test.each(cellsOf(readings, ['state']))('look: AWS says $state and answers with $column: $expected', async (cell) => {
  const awsId = await requestIn(cell.state as State)
  inject('GetDelegationRequest', cell.column)
  expect(await nameOf(kind.inspect(refOf(awsId)).then(({ state }) => state))).toBe(cell.expected)
})

test.each([...delegationStates, 'gone'] as const)(
  'accept in the console: AWS says %s: nothing is called',
  async (state) => {
    const awsId = await requestIn(state)
    const before = await kind.inspect(refOf(awsId))
    expect(await kind.settle({ ref: refOf(awsId), action: 'accept', reason: '' })).toMatchObject({
      result: 'handed-over',
    })
    expect((await kind.inspect(refOf(awsId))).state).toBe(before.state)
  },
)

test('the tables have a row for every state of AWS', () => {
  for (const table of [rejects, readings])
    expect(new Set(cellsOf(table, ['state']).map(({ state }) => state))).toEqual(new Set([...delegationStates, 'gone']))
})

/** What each call of the delegator comes to, by what AWS answers. `look`: the request is read, and its state decides. */
const calls = `
  call       state       operation                   none  notThere  busy       wrongInput        failure             denied         throttled
  associate  UNASSIGNED  AssociateDelegationRequest  done  look      OfferBusy  look              ServiceUnavailable  AccessRefused  ServiceThrottled
  accept     ASSIGNED    AcceptDelegationRequest     done  look      OfferBusy  UnexpectedAnswer  ServiceUnavailable  AccessRefused  ServiceThrottled
  sendToken  ACCEPTED    SendDelegationToken         done  look      OfferBusy  look              ServiceUnavailable  AccessRefused  ServiceThrottled
  undo       ACCEPTED    RejectDelegationRequest     done  look      OfferBusy  look              ServiceUnavailable  AccessRefused  ServiceThrottled`
const ends: Record<string, State> = {
  associate: 'ASSIGNED',
  accept: 'ACCEPTED',
  sendToken: 'FINALIZED',
  undo: 'REJECTED',
}

test.each(cellsOf(calls, ['call', 'state', 'operation']))(
  'the delegator: $call answered with $column: $expected',
  async ({ call, state, operation, column, expected }) => {
    const awsId = await requestIn(state as State)
    const delegator = openDelegator(aContext('iam-delegation'), refOf(awsId))
    inject(operation, column)
    const called = delegator[call as 'associate' | 'accept' | 'sendToken' | 'undo']()
    expect(await nameOf(called.then(({ ok }) => (ok ? 'done' : 'look')))).toBe(expected)
    expect((await delegator.look()).state).toBe(column === 'none' ? ends[call] : state)
  },
)
