import {
  AcceptCertificateTransferCommand,
  CancelCertificateTransferCommand,
  RejectCertificateTransferCommand,
} from '@aws-sdk/client-iot'
import type { Verdict } from '../../lambda/domain/event.ts'
import { offerIdOf } from '../../lambda/domain/offer.ts'
import { cellsOf } from '../support/cells.ts'
import { offerAgain, startKindWorld, transfer, type KindWorld } from '../support/kind-world.ts'
import { partner, us } from '../support/kinds.ts'
import { createNearTable, type TestTable } from '../support/table.ts'
import { policyByName, World } from '../support/world.ts'

/*
 * What a case comes to, by what the ledger believes of it and how our first call was answered (left), and what somebody then
 * does at AWS behind our back (top): the outcome after the next scans, or `open`. An offer made anew is a case of its own, so
 * the old one ends. A throttled call did nothing, and is made again at once.
 */
const tables = {
  'iot-transfer': `
    belief     first call   nothing   accepted    rejected   cancelled  anew
    unseen     none         open      none        none       none       open
    asking     none         open      SUPERSEDED  WITHDRAWN  WITHDRAWN  WITHDRAWN
    observed   none         OBSERVED  OBSERVED    OBSERVED   OBSERVED   OBSERVED
    accepted   none         ACCEPTED  ACCEPTED    ACCEPTED   ACCEPTED   ACCEPTED
    rejected   none         REJECTED  REJECTED    REJECTED   REJECTED   REJECTED
    accepting  unavailable  ACCEPTED  ACCEPTED    WITHDRAWN  WITHDRAWN  WITHDRAWN
    accepting  throttled    ACCEPTED  ACCEPTED    ACCEPTED   ACCEPTED   ACCEPTED
    accepting  lost         ACCEPTED  ACCEPTED    ACCEPTED   ACCEPTED   ACCEPTED
    accepting  denied       open      ACCEPTED    WITHDRAWN  WITHDRAWN  WITHDRAWN
    rejecting  unavailable  REJECTED  SUPERSEDED  REJECTED   REJECTED   REJECTED
    rejecting  throttled    REJECTED  REJECTED    REJECTED   REJECTED   REJECTED
    rejecting  lost         REJECTED  REJECTED    REJECTED   REJECTED   REJECTED
    rejecting  denied       REJECTED  SUPERSEDED  REJECTED   REJECTED   REJECTED`,
  'iot-outgoing': `
    belief     first call   nothing   accepted    rejected   cancelled   anew
    unseen     none         open      none        none       none        open
    asking     none         open      SUPERSEDED  WITHDRAWN  SUPERSEDED  WITHDRAWN
    observed   none         OBSERVED  OBSERVED    OBSERVED   OBSERVED    OBSERVED
    left       none         LEFT      LEFT        LEFT       LEFT        LEFT
    rejected   none         REJECTED  REJECTED    REJECTED   REJECTED    REJECTED
    rejecting  unavailable  REJECTED  SUPERSEDED  WITHDRAWN  REJECTED    WITHDRAWN
    rejecting  throttled    REJECTED  REJECTED    REJECTED   REJECTED    REJECTED
    rejecting  lost         REJECTED  REJECTED    REJECTED   REJECTED    REJECTED
    rejecting  denied       REJECTED  SUPERSEDED  WITHDRAWN  REJECTED    WITHDRAWN`,
} as const
type Kind = keyof typeof tables

const verdicts: Record<string, Verdict> = {
  accepting: 'accept',
  accepted: 'accept',
  left: 'accept',
  rejecting: 'reject',
  rejected: 'reject',
}
const errors: Record<string, { error: string; after?: true }> = {
  unavailable: { error: 'ServiceUnavailableException' },
  throttled: { error: 'ThrottlingException' },
  lost: { error: 'InternalFailureException', after: true },
  denied: { error: 'UnauthorizedException' },
}

describe.each(Object.keys(tables) as Kind[])('%s', (kind) => {
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

  const route = kind === 'iot-transfer' ? { from: partner, to: us } : { from: us, to: partner }

  const happen: Record<string, (certificateId: string) => Promise<unknown>> = {
    nothing: () => Promise.resolve(),
    accepted: (certificateId) => kinds.iot(route.to).send(new AcceptCertificateTransferCommand({ certificateId })),
    rejected: (certificateId) => kinds.iot(route.to).send(new RejectCertificateTransferCommand({ certificateId })),
    cancelled: (certificateId) => kinds.iot(route.from).send(new CancelCertificateTransferCommand({ certificateId })),
    anew: async (certificateId) => {
      await kinds.iot(route.from).send(new CancelCertificateTransferCommand({ certificateId }))
      kinds.endpoint.advance(2000)
      await offerAgain(kinds, certificateId, route)
    },
  }

  /** Brings the ledger to the belief: who accepts or rejects has said so on the ledger, and AWS answered so. */
  async function believe(first: string, awsId: string): Promise<void> {
    const calls = ['AcceptCertificateTransfer', 'RejectCertificateTransfer', 'CancelCertificateTransfer']
    const fault = errors[first]
    if (fault !== undefined)
      kinds.behaviour.set({ faults: calls.map((operation) => ({ service: 'iot', operation, ...fault })) })
    await world.scan({ ...world.target(kind), awsId })
    kinds.behaviour.reset()
  }

  it.each(cellsOf(tables[kind], ['belief', 'first']))(
    '$belief, first call $first, then $column at AWS: $expected',
    async ({ belief, first, column, expected }) => {
      world = new World({
        table,
        account: us,
        open: (target) => kinds.open(target.kind, { target }),
        settings: { mode: belief === 'observed' ? 'observe' : 'enforce' },
        policy: policyByName({ undefined: verdicts[belief] ?? 'review' }),
      })
      const awsId = await transfer(kinds, route)
      const hint = { ...world.target(kind), awsId }
      const opened = await kinds.open(kind)
      const before = offerIdOf((await opened.locate(awsId))!)
      if (belief !== 'unseen') await believe(first, awsId)
      // What is offered anew is another case, and no policy hurries it.
      if (column === 'anew') world.policy = policyByName({})
      // What is answered already stays so.
      await happen[column]!(awsId).catch(() => undefined)
      const offerId = belief === 'unseen' ? offerIdOf((await opened.locate(awsId)) ?? hint) : before
      await world.scan(hint)
      // A worker that heard nothing tries again when its first call is surely dead, and a run that failed is followed.
      await world.advance(60_000)
      await world.scan(hint)
      await world.advance(60_000)
      const state = await world.ledger.read(offerId)
      expect(state === undefined ? 'none' : (state.closed?.outcome ?? state.status)).toBe(expected)
    },
  )
})
