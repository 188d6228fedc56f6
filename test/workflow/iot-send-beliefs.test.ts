import {
  AcceptCertificateTransferCommand,
  CancelCertificateTransferCommand,
  RegisterCertificateWithoutCACommand,
  RejectCertificateTransferCommand,
  TransferCertificateCommand,
  UpdateCertificateCommand,
} from '@aws-sdk/client-iot'
import type { Verdict } from '../../lambda/domain/event.ts'
import { offerIdOf } from '../../lambda/domain/offer.ts'
import { refOfRequest } from '../../lambda/domain/transfer-request.ts'
import { makeCertificate } from '../../local/certificates.ts'
import { cellsOf } from '../support/cells.ts'
import { startKindWorld, type KindWorld } from '../support/kind-world.ts'
import { partner, stranger, us } from '../support/kinds.ts'
import { createNearTable, type TestTable } from '../support/table.ts'
import { policyByName, World } from '../support/world.ts'

/*
 * What a request to transfer a certificate comes to, by what the ledger believes of it and how our first call was answered
 * (left), and what somebody then does at AWS behind our back (top): the outcome after the next scans and how the transfer
 * ended, or `open`. `active`: the certificate is made so, `byHand`: sent to another account with the same words, `again`: ours
 * is cancelled, and it is sent so.
 */
const beliefs = `
  belief    first call   nothing    active             byHand             accepted           rejected            cancelled            again
  unseen    none         open       open               WITHDRAWN changed  open               open                open                 WITHDRAWN changed
  asking    none         open       open               WITHDRAWN changed  open               open                open                 WITHDRAWN changed
  observed  none         OBSERVED   OBSERVED           OBSERVED           OBSERVED           OBSERVED            OBSERVED             OBSERVED
  refused   none         REJECTED   REJECTED           REJECTED           REJECTED           REJECTED            REJECTED             REJECTED
  sent      none         open       open               open               ACCEPTED accepted  WITHDRAWN rejected  WITHDRAWN cancelled  WITHDRAWN changed
  sending   unavailable  open       WITHDRAWN changed  WITHDRAWN changed  open               open                open                 WITHDRAWN changed
  sending   throttled    open       open               open               ACCEPTED accepted  WITHDRAWN rejected  WITHDRAWN cancelled  WITHDRAWN changed
  sending   lost         open       open               open               WITHDRAWN changed  WITHDRAWN rejected  WITHDRAWN changed    WITHDRAWN changed
  sending   denied       open       WITHDRAWN changed  WITHDRAWN changed  open               open                open                 WITHDRAWN changed
  sending   active       WITHDRAWN  WITHDRAWN          WITHDRAWN          WITHDRAWN          WITHDRAWN           WITHDRAWN            WITHDRAWN
  sending   attached     WITHDRAWN  WITHDRAWN          WITHDRAWN          WITHDRAWN          WITHDRAWN           WITHDRAWN            WITHDRAWN`

const verdicts: Record<string, Verdict> = { sent: 'accept', sending: 'accept', refused: 'reject' }
const errors: Record<string, { error: string; after?: true }> = {
  unavailable: { error: 'ServiceUnavailableException' },
  throttled: { error: 'ThrottlingException' },
  lost: { error: 'InternalFailureException', after: true },
  denied: { error: 'UnauthorizedException' },
  active: { error: 'CertificateStateException' },
  attached: { error: 'TransferConflictException' },
}
const message = 'Pump 7, as agreed'

let table: TestTable
let kinds: KindWorld
let world: World
let calls: jest.SpiedFunction<KindWorld['behaviour']['takeFault']>
beforeAll(async () => {
  // Who was throttled waits so long, by chance.
  jest.spyOn(Math, 'random').mockReturnValue(0)
  table = await createNearTable()
  kinds = await startKindWorld({ nowMs: () => world.clock.now() })
  calls = jest.spyOn(kinds.behaviour, 'takeFault')
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

/** What is not on its way cannot be taken, sent back or cancelled. */
const happen: Record<string, (certificateId: string) => Promise<unknown>> = {
  nothing: () => Promise.resolve(),
  active: (certificateId) => kinds.iot(us).send(new UpdateCertificateCommand({ certificateId, newStatus: 'ACTIVE' })),
  byHand: (certificateId) =>
    kinds
      .iot(us)
      .send(new TransferCertificateCommand({ certificateId, targetAwsAccount: stranger, transferMessage: message })),
  accepted: (certificateId) => kinds.iot(partner).send(new AcceptCertificateTransferCommand({ certificateId })),
  rejected: (certificateId) => kinds.iot(partner).send(new RejectCertificateTransferCommand({ certificateId })),
  cancelled: (certificateId) => kinds.iot(us).send(new CancelCertificateTransferCommand({ certificateId })),
  again: async (certificateId) => {
    await happen.cancelled!(certificateId).catch(() => undefined)
    await world.clock.advance(2000, () => Promise.resolve())
    await happen.byHand!(certificateId)
  },
}

async function request(): Promise<string> {
  const { pem } = await makeCertificate({ commonName: 'pump-7', days: 30 })
  const register = new RegisterCertificateWithoutCACommand({ certificatePem: pem, status: 'INACTIVE' })
  const { certificateId = '' } = await kinds.iot(us).send(register)
  const asked = { account: us, region: 'us-east-1', certificateId, to: partner, message }
  const requestedBy = `arn:aws:iam::${us}:user/olaf`
  const requestedAt = new Date(world.clock.now()).toISOString().replace(/\.\d+Z/, 'Z')
  await world.requests.ask({ ...asked, requestedBy, requestedAt }, undefined)
  return certificateId
}

test.each(cellsOf(beliefs, ['belief', 'first']))(
  '$belief, first call $first, then $column at AWS: $expected',
  async ({ belief, first, column, expected }) => {
    world = new World({
      table,
      account: us,
      open: (target) => kinds.open(target.kind, { target, requests: world.requests.at(target) }),
      settings: { mode: belief === 'observed' ? 'observe' : 'enforce' },
      policy: policyByName({ undefined: verdicts[belief] ?? 'review' }),
    })
    const awsId = await request()
    const hint = { ...world.target('iot-send'), awsId }
    calls.mockClear()
    if (belief !== 'unseen') await believe(first, hint)
    await happen[column]!(awsId).catch(() => undefined)
    await world.scan(hint)
    // A worker that heard nothing tries again when its first call is surely dead, and a run that failed is followed.
    await world.advance(60_000)
    await world.scan(hint)
    await world.advance(60_000)
    const asked = await world.requests.find(hint, awsId)
    const state = await world.state(offerIdOf(refOfRequest(asked!)))
    const outcome = state.closed?.outcome ?? state.status
    expect([outcome, ...(state.ending === undefined ? [] : [state.ending.how])].join(' ')).toBe(expected)
    expect(asked!.ended).toBe(state.status === 'closed')
    expect(sentTwice(calls.mock.calls, { first, column })).toBe(false)
  },
)

async function believe(first: string, hint: ReturnType<World['target']> & { awsId: string }): Promise<void> {
  const fault = errors[first]
  if (fault !== undefined)
    kinds.behaviour.set({ faults: [{ service: 'iot', operation: 'TransferCertificate', ...fault }] })
  await world.scan(hint)
  kinds.behaviour.reset()
}

/** A call of ours that AWS took is never followed by another one. */
function sentTwice(calls: readonly unknown[][], cell: { first: string; column: string }): boolean {
  const byHand = ['byHand', 'again'].includes(cell.column) ? 1 : 0
  const refused = ['unavailable', 'throttled', 'denied'].includes(cell.first) ? 1 : 0
  return calls.filter(([, operation]) => operation === 'TransferCertificate').length > 1 + byHand + refused
}
