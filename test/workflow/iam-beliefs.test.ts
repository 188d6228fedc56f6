import {
  AcceptDelegationRequestCommand,
  RejectDelegationRequestCommand,
  SendDelegationTokenCommand,
} from '@aws-sdk/client-iam'
import type { Verdict } from '../../lambda/domain/event.ts'
import { offerIdOf } from '../../lambda/domain/offer.ts'
import { cellsOf } from '../support/cells.ts'
import { requestOwnedDelegation, startKindWorld, type KindWorld } from '../support/kind-world.ts'
import { us } from '../support/kinds.ts'
import { createNearTable, type TestTable } from '../support/table.ts'
import { policyByName, World } from '../support/world.ts'

/*
 * What a delegation request comes to where a person accepts it in the AWS console: by what the ledger believes of it and how
 * our first call was answered (left), and what somebody then does at AWS behind our back (top): the outcome after the next
 * scans, or `open`. AWS keeps a rejected one for seven days.
 * Where a role of ours accepts, the table is in test/unit/domain/delegation.test.ts.
 */
const beliefs = `
  belief      first call  nothing   accepted    released    rejected    expired
  unseen      none        open      none        none        none        none
  asking      none        open      SUPERSEDED  SUPERSEDED  SUPERSEDED  LAPSED
  observed    none        OBSERVED  OBSERVED    OBSERVED    OBSERVED    OBSERVED
  handedOver  none        open      ACCEPTED    ACCEPTED    SUPERSEDED  LAPSED
  rejected    none        REJECTED  REJECTED    REJECTED    REJECTED    REJECTED
  rejecting   failure     REJECTED  SUPERSEDED  SUPERSEDED  REJECTED    LAPSED
  rejecting   throttled   REJECTED  REJECTED    REJECTED    REJECTED    REJECTED
  rejecting   busy        REJECTED  SUPERSEDED  SUPERSEDED  REJECTED    LAPSED
  rejecting   lost        REJECTED  REJECTED    REJECTED    REJECTED    WITHDRAWN
  rejecting   denied      REJECTED  SUPERSEDED  SUPERSEDED  REJECTED    LAPSED
  rejecting   wrongInput  REJECTED  SUPERSEDED  SUPERSEDED  REJECTED    LAPSED`

const verdicts: Record<string, Verdict> = { handedOver: 'accept', rejecting: 'reject', rejected: 'reject' }
const errors: Record<string, { error: string; after?: true }> = {
  failure: { error: 'ServiceFailureException' },
  throttled: { error: 'ThrottlingException' },
  busy: { error: 'ConcurrentModificationException' },
  lost: { error: 'ServiceFailureException', after: true },
  denied: { error: 'AccessDeniedException' },
  wrongInput: { error: 'InvalidInputException' },
}

let table: TestTable
let kinds: KindWorld
let world: World
beforeAll(async () => {
  // Who was throttled waits so long, by chance.
  jest.spyOn(Math, 'random').mockReturnValue(0)
  table = await createNearTable()
  kinds = await startKindWorld()
})
afterEach(() => {
  kinds.behaviour.reset()
  world.close()
})
afterAll(async () => {
  jest.restoreAllMocks()
  await table.close()
  await kinds.close()
})

/** What is answered already stays so. */
const happen: Record<string, (DelegationRequestId: string) => Promise<unknown>> = {
  nothing: () => Promise.resolve(),
  accepted: (DelegationRequestId) => kinds.iam(us).send(new AcceptDelegationRequestCommand({ DelegationRequestId })),
  released: async (DelegationRequestId) => {
    await happen.accepted!(DelegationRequestId)
    await kinds.iam(us).send(new SendDelegationTokenCommand({ DelegationRequestId }))
  },
  rejected: (DelegationRequestId) => kinds.iam(us).send(new RejectDelegationRequestCommand({ DelegationRequestId })),
  expired: async () => {
    kinds.endpoint.advance(8 * 24 * 3_600_000)
  },
}

test.each(cellsOf(beliefs, ['belief', 'first']))(
  '$belief, first call $first, then $column at AWS: $expected',
  async ({ belief, first, column, expected }) => {
    world = new World({
      table,
      account: us,
      open: (target) => kinds.open(target.kind, { target }),
      settings: { mode: belief === 'observed' ? 'observe' : 'enforce' },
      policy: policyByName({ undefined: verdicts[belief] ?? 'review' }),
    })
    const hint = { ...world.target('iam-delegation'), awsId: await requestOwnedDelegation(kinds) }
    if (belief !== 'unseen') await believe(first, hint)
    await happen[column]!(hint.awsId).catch(() => undefined)
    await world.scan(hint)
    // A worker that heard nothing tries again when its first call is surely dead, or IAM was busy for minutes.
    await world.advance(600_000)
    await world.scan(hint)
    await world.advance(60_000)
    const state = await world.ledger.read(offerIdOf(hint))
    expect(state === undefined ? 'none' : (state.closed?.outcome ?? state.status)).toBe(expected)
  },
)

/** Brings the ledger to the belief: who rejects has said so on the ledger, and AWS answered so. */
async function believe(first: string, hint: ReturnType<World['target']> & { awsId: string }): Promise<void> {
  const fault = errors[first]
  if (fault !== undefined)
    kinds.behaviour.set({ faults: [{ service: 'iam', operation: 'RejectDelegationRequest', ...fault }] })
  await world.scan(hint)
  kinds.behaviour.reset()
}
