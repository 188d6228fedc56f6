import {
  AcceptCertificateTransferCommand,
  CancelCertificateTransferCommand,
  RejectCertificateTransferCommand,
} from '@aws-sdk/client-iot'
import type { Verdict } from '../../lambda/domain/event.ts'
import { offerIdOf } from '../../lambda/domain/offer.ts'
import { offerAgain, startKindWorld, transfer, type KindWorld } from '../support/kind-world.ts'
import { partner, us } from '../support/kinds.ts'
import { createNearTable, type TestTable } from '../support/table.ts'
import { policyByName, World } from '../support/world.ts'

/*
 * What a case comes to, by what the ledger believes of it (left) and what somebody then does at AWS behind our back (top):
 * the outcome after the next scan, or `open`. An offer made anew is a case of its own, so the old one ends.
 */
const tables = {
  'iot-transfer': `
    belief      nothing   accepted    rejected   cancelled  anew
    unseen      open      none        none       none       open
    asking      open      SUPERSEDED  WITHDRAWN  WITHDRAWN  WITHDRAWN
    accepting   ACCEPTED  ACCEPTED    WITHDRAWN  WITHDRAWN  WITHDRAWN
    rejecting   REJECTED  SUPERSEDED  REJECTED   REJECTED   REJECTED
    observed    OBSERVED  OBSERVED    OBSERVED   OBSERVED   OBSERVED`,
  'iot-outgoing': `
    belief      nothing   accepted    rejected   cancelled   anew
    unseen      open      none        none       none        open
    asking      open      SUPERSEDED  WITHDRAWN  SUPERSEDED  WITHDRAWN
    rejecting   REJECTED  SUPERSEDED  WITHDRAWN  REJECTED    WITHDRAWN
    left        LEFT      LEFT        LEFT       LEFT        LEFT
    observed    OBSERVED  OBSERVED    OBSERVED   OBSERVED    OBSERVED`,
} as const
type Kind = keyof typeof tables

const verdicts: Record<string, Verdict> = { accepting: 'accept', left: 'accept', rejecting: 'reject' }

function cellsOf(table: string): { belief: string; happens: string; expected: string }[] {
  const [head = [], ...rows] = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s{2,}/))
  return rows.flatMap(([belief = '', ...cells]) =>
    cells.map((expected, at) => ({ belief, happens: head[at + 1] ?? '', expected })),
  )
}

describe.each(Object.keys(tables) as Kind[])('%s', (kind) => {
  let table: TestTable
  let kinds: KindWorld
  let world: World
  beforeAll(async () => {
    table = await createNearTable()
    kinds = await startKindWorld()
  })
  afterEach(() => {
    kinds.behaviour.reset()
    world.close()
  })
  afterAll(async () => {
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

  /** Brings the ledger to the belief. Who accepts or rejects has said so on the ledger, and AWS did not answer yet. */
  async function believe(belief: string, awsId: string): Promise<void> {
    if (belief === 'unseen') return
    const calls = ['AcceptCertificateTransfer', 'RejectCertificateTransfer', 'CancelCertificateTransfer']
    const faults = calls.map((operation) => ({ service: 'iot', operation, error: 'ServiceUnavailableException' }))
    if (belief.endsWith('ting')) kinds.behaviour.set({ faults })
    await world.scan({ ...world.target(kind), awsId })
    kinds.behaviour.reset()
  }

  it.each(cellsOf(tables[kind]))('$belief, then $happens at AWS: $expected', async ({ belief, happens, expected }) => {
    world = new World({
      table,
      account: us,
      open: (target) => kinds.open(target.kind, { target }),
      settings: { mode: belief === 'observed' ? 'observe' : 'enforce' },
      policy: policyByName({ undefined: verdicts[belief] ?? 'review' }),
    })
    const awsId = await transfer(kinds, route)
    const opened = await kinds.open(kind)
    const before = offerIdOf((await opened.locate(awsId))!)
    await believe(belief, awsId)
    // What is offered anew is another case, and no policy hurries it.
    world.policy = policyByName({})
    await happen[happens]!(awsId)
    const offerId =
      belief === 'unseen' ? offerIdOf((await opened.locate(awsId)) ?? { ...world.target(kind), awsId }) : before
    await world.scan({ ...world.target(kind), awsId })
    // A worker that heard nothing tries again when its first call is surely dead.
    await world.advance(120_000)
    const state = await world.ledger.read(offerId)
    expect(state === undefined ? 'none' : (state.closed?.outcome ?? state.status)).toBe(expected)
  })
})
