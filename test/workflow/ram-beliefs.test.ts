import { AcceptResourceShareInvitationCommand, RejectResourceShareInvitationCommand } from '@aws-sdk/client-ram'
import type { Verdict } from '../../lambda/domain/event.ts'
import { offerIdOf } from '../../lambda/domain/offer.ts'
import { cellsOf } from '../support/cells.ts'
import { invite, startKindWorld, type KindWorld } from '../support/kind-world.ts'
import { us } from '../support/kinds.ts'
import { createNearTable, type TestTable } from '../support/table.ts'
import { policyByName, World } from '../support/world.ts'

/*
 * What a case comes to, by what the ledger believes of it and how our first call was answered (left), and what somebody
 * then does at AWS behind our back (top): the outcome after the next scan, or `open`. `vanished`: RAM lists old
 * invitations no longer, whatever became of them. A throttled call did nothing, and is made again at once.
 */
const table = `
  belief     first call   nothing   accepted    rejected    expired   vanished
  unseen     none         open      none        none        none      none
  asking     none         open      SUPERSEDED  SUPERSEDED  LAPSED    WITHDRAWN
  observed   none         OBSERVED  OBSERVED    OBSERVED    OBSERVED  OBSERVED
  accepted   none         ACCEPTED  ACCEPTED    ACCEPTED    ACCEPTED  ACCEPTED
  rejected   none         REJECTED  REJECTED    REJECTED    REJECTED  REJECTED
  accepting  unavailable  ACCEPTED  ACCEPTED    SUPERSEDED  LAPSED    WITHDRAWN
  accepting  throttled    ACCEPTED  ACCEPTED    ACCEPTED    ACCEPTED  ACCEPTED
  accepting  lost         ACCEPTED  ACCEPTED    ACCEPTED    ACCEPTED  WITHDRAWN
  accepting  mismatch     ACCEPTED  ACCEPTED    SUPERSEDED  LAPSED    WITHDRAWN
  accepting  denied       open      ACCEPTED    SUPERSEDED  LAPSED    WITHDRAWN
  rejecting  unavailable  REJECTED  SUPERSEDED  REJECTED    LAPSED    WITHDRAWN
  rejecting  throttled    REJECTED  REJECTED    REJECTED    REJECTED  REJECTED
  rejecting  lost         REJECTED  REJECTED    REJECTED    REJECTED  WITHDRAWN
  rejecting  mismatch     REJECTED  SUPERSEDED  REJECTED    LAPSED    WITHDRAWN
  rejecting  denied       REJECTED  SUPERSEDED  REJECTED    LAPSED    WITHDRAWN`

const verdicts: Record<string, Verdict> = {
  accepting: 'accept',
  accepted: 'accept',
  rejecting: 'reject',
  rejected: 'reject',
}
const errors: Record<string, { error: string; after?: true }> = {
  unavailable: { error: 'ServiceUnavailableException' },
  throttled: { error: 'ThrottlingException' },
  lost: { error: 'ServerInternalException', after: true },
  mismatch: { error: 'IdempotentParameterMismatchException' },
  denied: { error: 'AccessDeniedException' },
}
const kind = 'ram-invitation'

describe('an invitation that is believed to be', () => {
  let ledger: TestTable
  let kinds: KindWorld
  let world: World
  beforeAll(async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0)
    ledger = await createNearTable()
    kinds = await startKindWorld()
  })
  afterEach(() => {
    kinds.behaviour.reset()
    world.close()
  })
  afterAll(async () => {
    jest.restoreAllMocks()
    await ledger.close()
    await kinds.close()
  })

  /** What is answered already stays so. */
  const happen: Record<string, (arn: string) => Promise<unknown>> = {
    nothing: () => Promise.resolve(),
    accepted: (arn) =>
      kinds.ram(us).send(new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn: arn })),
    rejected: (arn) =>
      kinds.ram(us).send(new RejectResourceShareInvitationCommand({ resourceShareInvitationArn: arn })),
    expired: async () => {
      kinds.endpoint.advance(8 * 24 * 3_600_000)
    },
    vanished: async () => {
      const error = 'ResourceShareInvitationArnNotFoundException'
      kinds.behaviour.set({ faults: [{ service: 'ram', operation: 'GetResourceShareInvitations', error, times: 100 }] })
    },
  }

  it.each(cellsOf(table, ['belief', 'first']))(
    '$belief, first call $first, then $column at AWS: $expected',
    async ({ belief, first, column, expected }) => {
      world = new World({
        table: ledger,
        account: us,
        open: (target) => kinds.open(target.kind, { target }),
        settings: { mode: belief === 'observed' ? 'observe' : 'enforce' },
        policy: policyByName({ undefined: verdicts[belief] ?? 'review' }),
      })
      const awsId = await invite(kinds)
      const hint = { ...world.target(kind), awsId }
      if (belief !== 'unseen') await believe(first, hint)
      await happen[column]!(awsId).catch(() => undefined)
      await world.scan(hint)
      // A worker that heard nothing tries again when its first call is surely dead, and a run that failed is followed.
      await world.advance(60_000)
      await world.scan(hint)
      await world.advance(60_000)
      const state = await world.ledger.read(offerIdOf(hint))
      expect(state === undefined ? 'none' : (state.closed?.outcome ?? state.status)).toBe(expected)
    },
  )

  /** Brings the ledger to the belief: who accepts or rejects has said so on the ledger, and AWS answered so. */
  async function believe(first: string, hint: ReturnType<World['target']> & { awsId: string }): Promise<void> {
    const calls = ['AcceptResourceShareInvitation', 'RejectResourceShareInvitation']
    const fault = errors[first]
    if (fault !== undefined)
      kinds.behaviour.set({ faults: calls.map((operation) => ({ service: 'ram', operation, ...fault })) })
    await world.scan(hint)
    kinds.behaviour.reset()
  }
})
