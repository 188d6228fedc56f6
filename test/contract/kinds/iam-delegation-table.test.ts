import {
  AcceptDelegationRequestCommand,
  AssociateDelegationRequestCommand,
  RejectDelegationRequestCommand,
  SendDelegationTokenCommand,
  UpdateDelegationRequestCommand,
} from '@aws-sdk/client-iam'
import type { DelegationState } from '../../../lambda/domain/delegation.ts'
import { openDelegator } from '../../../lambda/kinds/iam-delegation/delegator.ts'
import type { Kind } from '../../../lambda/kinds/kind.ts'
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

const answers = {
  none: undefined,
  'no such request': 'NoSuchEntityException',
  'busy with it': 'ConcurrentModificationException',
  'wrong input': 'InvalidInputException',
  'a failure': 'ServiceFailureException',
  refused: 'AccessDeniedException',
  throttled: 'ThrottlingException',
} as const
type Answer = keyof typeof answers

/** What a reject comes to while the request waits, by what AWS answers to it: a settlement, or the error that is thrown. */
const pending: Record<Answer, string> = {
  none: 'settled',
  'no such request': 'gone',
  'busy with it': 'OfferBusy',
  'wrong input': 'UnexpectedAnswer',
  'a failure': 'ServiceUnavailable',
  refused: 'AccessRefused',
  throttled: 'ServiceThrottled',
}
/** Where it does not wait any more, no call is made, so no error can matter. */
const rejected: Record<State, string | typeof pending> = {
  UNASSIGNED: pending,
  ASSIGNED: pending,
  PENDING_APPROVAL: pending,
  ACCEPTED: 'lost',
  FINALIZED: 'lost',
  REJECTED: 'already-settled',
  EXPIRED: 'gone',
  gone: 'gone',
}
const cells = (Object.keys(rejected) as State[]).flatMap((state) =>
  (Object.keys(answers) as Answer[]).map((answer) => {
    const row = rejected[state]
    return [state, answer, typeof row === 'string' ? row : row[answer]] as const
  }),
)

test.each(cells)('reject: AWS says %s and answers with %s: %s', async (state, answer, expected) => {
  const awsId = await requestIn(state)
  const error = answers[answer]
  if (error !== undefined)
    world.behaviour.set({ faults: [{ service: 'iam', operation: 'RejectDelegationRequest', error, times: 3 }] })
  const came = await kind
    .settle({ ref: refOf(awsId), action: 'reject', reason: 'no' })
    .then(({ result }): string => result)
    .catch((thrown: unknown) => (thrown instanceof Error ? thrown.name : String(thrown)))
  expect(came).toBe(expected)
})

test.each(cells.filter(([, answer]) => answer === 'none'))(
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

/** What each call of the delegator comes to, by what AWS answers. `look`: the request is read, and its state decides. */
const called: Record<Exclude<Answer, 'none'>, string> = {
  'no such request': 'look',
  'busy with it': 'OfferBusy',
  'wrong input': 'look',
  'a failure': 'ServiceUnavailable',
  refused: 'AccessRefused',
  throttled: 'ServiceThrottled',
}
const calls = {
  associate: ['UNASSIGNED', 'AssociateDelegationRequest', called],
  accept: ['ASSIGNED', 'AcceptDelegationRequest', { ...called, 'wrong input': 'UnexpectedAnswer' }],
  sendToken: ['ACCEPTED', 'SendDelegationToken', called],
  undo: ['ACCEPTED', 'RejectDelegationRequest', called],
} as const

test.each(
  Object.entries(calls).flatMap(([call, [state, operation, row]]) =>
    Object.entries(row).map(([answer, expected]) => ({ call, state, operation, answer, expected })),
  ),
)('the delegator: $call answered with $answer: $expected', async ({ call, state, operation, answer, expected }) => {
  const awsId = await requestIn(state)
  const delegator = openDelegator(aContext('iam-delegation'), refOf(awsId))
  world.behaviour.set({ faults: [{ service: 'iam', operation, error: answers[answer as Answer]!, times: 3 }] })
  const came = await delegator[call as keyof typeof calls]()
    .then(({ ok }) => (ok ? 'done' : 'look'))
    .catch((thrown: unknown) => (thrown instanceof Error ? thrown.name : String(thrown)))
  expect(came).toBe(expected)
  expect((await delegator.look()).state).toBe(state)
})
