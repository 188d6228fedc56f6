import {
  AcceptCertificateTransferCommand,
  CancelCertificateTransferCommand,
  RegisterCertificateWithoutCACommand,
  RejectCertificateTransferCommand,
  TransferCertificateCommand,
  UpdateCertificateCommand,
} from '@aws-sdk/client-iot'
import type { Inspection } from '../../../lambda/domain/facts.ts'
import { offerIdOf, type OfferRef } from '../../../lambda/domain/offer.ts'
import { refOfRequest } from '../../../lambda/domain/transfer-request.ts'
import type { Kind } from '../../../lambda/kinds/kind.ts'
import { TransferStore } from '../../../lambda/ledger/transfer-store.ts'
import { makeCertificate } from '../../../local/certificates.ts'
import { cellsOf, nameOf } from '../../support/cells.ts'
import { startKindWorld, type KindWorld } from '../../support/kind-world.ts'
import { partner, stranger, us } from '../../support/kinds.ts'
import { createNearTable, type TestTable } from '../../support/table.ts'

/*
 * What is made of every state of a request and its certificate, and of every error on the way: what we want, what is true by
 * then, and how IoT answers. A name that begins with a capital is thrown; any other is the answer. In `tried` a call of ours
 * had no effect and in `lost` it had, and either answer was lost.
 */

const errors: Record<string, { error: string; after?: true } | undefined> = {
  none: undefined,
  notFound: { error: 'ResourceNotFoundException' },
  wrongState: { error: 'CertificateStateException' },
  conflict: { error: 'TransferConflictException' },
  throttled: { error: 'ThrottlingException' },
  unavailable: { error: 'ServiceUnavailableException' },
  lost: { error: 'InternalFailureException', after: true },
  denied: { error: 'UnauthorizedException' },
  odd: { error: 'InvalidRequestException' },
}

/** Our answer, given when the request had been read as pending a moment before: whatever is true by now. */
const answers = `
  want    state      none                notFound            wrongState          conflict            throttled           unavailable         lost                denied              odd
  accept  asked      settled             gone                gone                gone                ServiceThrottled    ServiceUnavailable  ServiceUnavailable  AccessRefused       UnexpectedAnswer
  accept  tried      settled             ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceThrottled    ServiceUnavailable  ServiceUnavailable  AccessRefused       UnexpectedAnswer
  accept  lost       ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable
  accept  byHand     gone                gone                gone                gone                ServiceThrottled    ServiceUnavailable  gone                AccessRefused       UnexpectedAnswer
  accept  active     gone                gone                gone                gone                ServiceThrottled    ServiceUnavailable  gone                AccessRefused       UnexpectedAnswer
  accept  touched    ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable
  accept  refused    lost                lost                lost                lost                lost                lost                lost                lost                lost
  accept  vanished   ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable
  accept  unasked    gone                gone                gone                gone                gone                gone                gone                gone                gone
  reject  asked      settled             settled             settled             settled             settled             settled             settled             settled             settled
  reject  tried      settled             settled             settled             settled             settled             settled             settled             settled             settled
  reject  lost       ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable
  reject  touched    ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable  ServiceUnavailable
  reject  byHand     settled             settled             settled             settled             settled             settled             settled             settled             settled
  reject  refused    already-settled     already-settled     already-settled     already-settled     already-settled     already-settled     already-settled     already-settled     already-settled
  reject  unasked    gone                gone                gone                gone                gone                gone                gone                gone                gone`

/** Reading it: the state, and how it ended. */
const readings = `
  state        none                notFound            throttled         unavailable         lost                denied         odd
  asked        pending             gone                ServiceThrottled  ServiceUnavailable  ServiceUnavailable  AccessRefused  UnexpectedAnswer
  active       pending             gone                ServiceThrottled  ServiceUnavailable  ServiceUnavailable  AccessRefused  UnexpectedAnswer
  byHand       gone, changed       gone                ServiceThrottled  ServiceUnavailable  ServiceUnavailable  AccessRefused  UnexpectedAnswer
  tried        pending             gone, changed       ServiceThrottled  ServiceUnavailable  ServiceUnavailable  AccessRefused  UnexpectedAnswer
  touched      gone, changed       gone, changed       ServiceThrottled  ServiceUnavailable  ServiceUnavailable  AccessRefused  UnexpectedAnswer
  lost         under-way           gone, changed       ServiceThrottled  ServiceUnavailable  ServiceUnavailable  AccessRefused  UnexpectedAnswer
  lostBack     gone, rejected      gone, changed       ServiceThrottled  ServiceUnavailable  ServiceUnavailable  AccessRefused  UnexpectedAnswer
  lostCancel   gone, changed       gone, changed       ServiceThrottled  ServiceUnavailable  ServiceUnavailable  AccessRefused  UnexpectedAnswer
  lostAccept   gone, changed       gone, changed       ServiceThrottled  ServiceUnavailable  gone, changed       AccessRefused  UnexpectedAnswer
  sent         under-way           accepted, accepted  ServiceThrottled  ServiceUnavailable  ServiceUnavailable  AccessRefused  UnexpectedAnswer
  accepted     accepted, accepted  accepted, accepted  ServiceThrottled  ServiceUnavailable  accepted, accepted  AccessRefused  UnexpectedAnswer
  sentBack     gone, rejected      accepted, accepted  ServiceThrottled  ServiceUnavailable  ServiceUnavailable  AccessRefused  UnexpectedAnswer
  cancelled    gone, cancelled     accepted, accepted  ServiceThrottled  ServiceUnavailable  ServiceUnavailable  AccessRefused  UnexpectedAnswer
  another      gone, changed       accepted, accepted  ServiceThrottled  ServiceUnavailable  ServiceUnavailable  AccessRefused  UnexpectedAnswer
  anotherBack  gone, changed       accepted, accepted  ServiceThrottled  ServiceUnavailable  ServiceUnavailable  AccessRefused  UnexpectedAnswer
  refused      rejected            rejected            rejected          rejected            rejected            rejected       rejected
  ended        gone                gone                ServiceThrottled  ServiceUnavailable  ServiceUnavailable  AccessRefused  UnexpectedAnswer
  vanished     gone                gone                ServiceThrottled  ServiceUnavailable  gone                AccessRefused  UnexpectedAnswer
  unasked      gone                gone                gone              gone                gone                gone           gone`

/** Then, as long as the date of a transfer is not on record, whom it goes to. */
const targets = `
  state       none           throttled         unavailable         denied         odd
  lost        under-way      ServiceThrottled  ServiceUnavailable  AccessRefused  UnexpectedAnswer
  lostByHand  gone, changed  ServiceThrottled  ServiceUnavailable  AccessRefused  UnexpectedAnswer`

/** And what is attached to a certificate that may be sent. */
const policies = `
  state  none     notFound            throttled         unavailable         denied         odd
  asked  pending  ServiceUnavailable  ServiceThrottled  ServiceUnavailable  AccessRefused  UnexpectedAnswer`

const place = { account: us, region: 'us-east-1' }
const message = 'Pump 7, as agreed'

/** How far our clock is ahead of AWS's. */
let aheadMs = 0
let table: TestTable
let world: KindWorld
let requests: TransferStore
let kind: Kind
beforeAll(async () => {
  // The SDK waits so long, by chance, before it tries again.
  jest.spyOn(Math, 'random').mockReturnValue(0)
  table = await createNearTable()
  world = await startKindWorld()
  requests = new TransferStore({ ...table, now: () => new Date(world.endpoint.nowMs() + aheadMs) })
  kind = await world.open('iot-send', { requests: requests.at(place) })
})
afterEach(() => {
  aheadMs = 0
  world.behaviour.reset()
})
afterAll(async () => {
  jest.restoreAllMocks()
  await table.close()
  await world.close()
})

async function certificate(): Promise<string> {
  const { pem } = await makeCertificate({ commonName: 'pump-7', days: 30 })
  const register = new RegisterCertificateWithoutCACommand({ certificatePem: pem, status: 'INACTIVE' })
  return (await world.iot(us).send(register)).certificateId ?? ''
}

async function ask(certificateId: string): Promise<OfferRef> {
  const requestedAt = new Date(world.endpoint.nowMs()).toISOString().replace(/\.\d+Z/, 'Z')
  const requestedBy = `arn:aws:iam::${us}:user/olaf`
  await requests.ask({ ...place, certificateId, to: partner, message, requestedBy, requestedAt }, undefined)
  return refOfRequest((await requests.find(place, certificateId))!)
}

const accept = (ref: OfferRef): Promise<string> =>
  kind.settle({ ref, action: 'accept', reason: '' }).then(({ result }) => result)
const moment = (): void => {
  world.endpoint.advance(2000)
}

function inject(operation: string, column: string, times = 3): void {
  const fault = errors[column]
  // As often as a reading is tried.
  if (fault !== undefined) world.behaviour.set({ faults: [{ service: 'iot', operation, times, ...fault }] })
}

/** A call of ours whose answer is lost. */
async function lose(ref: OfferRef, column: 'unavailable' | 'lost'): Promise<void> {
  inject('TransferCertificate', column, 1)
  expect(await nameOf(accept(ref))).toBe('ServiceUnavailable')
}

const at = {
  accept: (certificateId: string) => world.iot(partner).send(new AcceptCertificateTransferCommand({ certificateId })),
  sendBack: (certificateId: string, account = partner) =>
    world.iot(account).send(new RejectCertificateTransferCommand({ certificateId })),
  cancel: (certificateId: string) => world.iot(us).send(new CancelCertificateTransferCommand({ certificateId })),
  sendByHand: (certificateId: string, targetAwsAccount = stranger) =>
    world.iot(us).send(new TransferCertificateCommand({ certificateId, targetAwsAccount, transferMessage: message })),
}

/** How a request that was asked for comes to its state. */
const happen: Record<string, (ref: OfferRef) => Promise<unknown>> = {
  asked: () => Promise.resolve(),
  active: ({ awsId }) =>
    world.iot(us).send(new UpdateCertificateCommand({ certificateId: awsId, newStatus: 'ACTIVE' })),
  byHand: ({ awsId }) => at.sendByHand(awsId),
  tried: (ref) => lose(ref, 'unavailable'),
  touched: async (ref) => {
    await lose(ref, 'unavailable')
    await happen.active!(ref)
  },
  lost: (ref) => lose(ref, 'lost'),
  lostBack: async (ref) => {
    await lose(ref, 'lost')
    await at.sendBack(ref.awsId)
  },
  lostCancel: async (ref) => {
    await lose(ref, 'lost')
    await at.cancel(ref.awsId)
  },
  lostAccept: async (ref) => {
    await lose(ref, 'lost')
    await at.accept(ref.awsId)
  },
  lostByHand: async (ref) => {
    await lose(ref, 'lost')
    await at.cancel(ref.awsId)
    await at.sendByHand(ref.awsId)
  },
  sent: (ref) => accept(ref),
  accepted: async (ref) => {
    await accept(ref)
    await at.accept(ref.awsId)
  },
  sentBack: async (ref) => {
    await accept(ref)
    await at.sendBack(ref.awsId)
  },
  cancelled: async (ref) => {
    await accept(ref)
    await at.cancel(ref.awsId)
  },
  another: async (ref) => {
    await happen.cancelled!(ref)
    moment()
    await at.sendByHand(ref.awsId)
  },
  anotherBack: async (ref) => {
    await happen.another!(ref)
    await at.sendBack(ref.awsId, stranger)
  },
  refused: async ({ awsId }) => requests.refuse((await requests.find(place, awsId))!),
  ended: (ref) => requests.end(ref),
}

async function requestIn(state: string): Promise<OfferRef> {
  moment()
  if (state === 'vanished') return await ask(noCertificate())
  if (state === 'unasked')
    return { kind: 'iot-send', ...place, awsId: noCertificate(), transferDate: '2026-11-20T10:00:00Z' }
  const ref = await ask(await certificate())
  moment()
  await happen[state]!(ref)
  world.behaviour.reset()
  return ref
}

let made = 0
function noCertificate(): string {
  made += 1
  return String(made).padStart(64, '0')
}

function wordsOf(inspection: Inspection): string {
  const ending = 'ending' in inspection ? inspection.ending : undefined
  return ending === undefined ? inspection.state : `${inspection.state}, ${ending.how}`
}

test.each(cellsOf(answers, ['want', 'state']))('$want, $state, $column: $expected', async (cell) => {
  const ref = await requestIn(cell.state)
  const calls = jest.spyOn(world.behaviour, 'takeFault')
  inject('TransferCertificate', cell.column)
  const action = cell.want === 'accept' ? 'accept' : 'reject'
  expect(await nameOf(kind.settle({ ref, action, reason: '' }).then(({ result }) => result))).toBe(cell.expected)
  const sent = calls.mock.calls.filter(([, operation]) => operation === 'TransferCertificate')
  expect(sent.length).toBe(action === 'accept' && ['asked', 'tried', 'byHand', 'active'].includes(cell.state) ? 1 : 0)
  calls.mockRestore()
})

test.each(cellsOf(readings, ['state']))('look, $state, $column: $expected', async (cell) => {
  const ref = await requestIn(cell.state)
  inject('DescribeCertificate', cell.column)
  expect(await nameOf(kind.inspect(ref).then(wordsOf))).toBe(cell.expected)
})

test.each(cellsOf(targets, ['state']))('whom it goes to, $state, $column: $expected', async (cell) => {
  const ref = await requestIn(cell.state)
  inject('ListOutgoingCertificates', cell.column)
  expect(await nameOf(kind.inspect(ref).then(wordsOf))).toBe(cell.expected)
})

test.each(cellsOf(policies, ['state']))('what is attached, $state, $column: $expected', async (cell) => {
  const ref = await requestIn(cell.state)
  inject('ListAttachedPolicies', cell.column)
  expect(await nameOf(kind.inspect(ref).then(wordsOf))).toBe(cell.expected)
})

describe.each([
  ['ahead of', 10 * 60_000],
  ['behind', -10 * 60_000],
])('our clock is %s that of AWS', (_, ms) => {
  test.each([
    ['sent', 'under-way'],
    ['lost', 'under-way'],
    ['sentBack', 'gone, rejected'],
    ['lostBack', 'gone, rejected'],
    ['cancelled', 'gone, cancelled'],
    ['tried', 'pending'],
    ['lostCancel', 'gone, changed'],
  ])('%s reads as %s', async (state, expected) => {
    aheadMs = ms
    const ref = await requestIn(state)
    expect(wordsOf(await kind.inspect(ref))).toBe(expected)
  })

  test.each(['sent', 'lost'])('the transfer at AWS is known as the one that was asked for: %s', async (state) => {
    aheadMs = ms
    const ref = await requestIn(state)
    const outgoing = await world.open('iot-outgoing', { requests: requests.at(place) })
    expect(await outgoing.inspect((await outgoing.locate(ref.awsId))!)).toMatchObject({
      facts: { decisive: { request: offerIdOf(ref) } },
    })
  })
})

test('what AWS took is known as taken, also where nothing can be read after that', async () => {
  const ref = await requestIn('asked')
  const { takeFault } = world.behaviour
  const calls = jest.spyOn(world.behaviour, 'takeFault').mockImplementation((service, operation) => {
    const fault = takeFault(service, operation)
    if (operation === 'TransferCertificate') inject('DescribeCertificate', 'throttled')
    return fault
  })
  expect(await nameOf(accept(ref))).toBe('ServiceThrottled')
  calls.mockRestore()
  world.behaviour.reset()
  await at.accept(ref.awsId)
  expect(wordsOf(await kind.inspect(ref))).toBe('accepted, accepted')
})

test('a call that AWS takes long after the first one is the one that was asked for, too', async () => {
  const ref = await requestIn('tried')
  world.endpoint.advance(90 * 60_000)
  expect(await accept(ref)).toBe('settled')
  expect(await requests.find(place, ref.awsId)).toMatchObject({ taken: true, transferDate: expect.any(String) })
  expect(wordsOf(await kind.inspect(ref))).toBe('under-way')
})
