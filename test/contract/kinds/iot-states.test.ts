import {
  AcceptCertificateTransferCommand,
  CancelCertificateTransferCommand,
  RejectCertificateTransferCommand,
} from '@aws-sdk/client-iot'
import type { OfferKind, OfferRef } from '../../../lambda/domain/offer.ts'
import type { Kind } from '../../../lambda/kinds/kind.ts'
import { cellsOf, nameOf } from '../../support/cells.ts'
import { offerAgain, startKindWorld, transfer, type KindWorld } from '../../support/kind-world.ts'
import { partner, us } from '../../support/kinds.ts'

/*
 * What each kind of certificate offer makes of every state at AWS and every error on the way: what we want, what is true at
 * AWS by then, and how AWS answers our call. A name that begins with a capital is thrown; any other is the
 * answer. `anew`: offered again since, which the reading right before each call rules out but for milliseconds.
 */

const errors: Record<string, { error: string; after?: true } | undefined> = {
  none: undefined,
  notFound: { error: 'ResourceNotFoundException' },
  completed: { error: 'TransferAlreadyCompletedException' },
  throttled: { error: 'ThrottlingException' },
  unavailable: { error: 'ServiceUnavailableException' },
  lost: { error: 'InternalFailureException', after: true },
  denied: { error: 'UnauthorizedException' },
  odd: { error: 'InvalidRequestException' },
}

/** Our answer, sent when the offer had been read as pending a moment before: whatever is true by now. */
const answers: Record<'iot-transfer' | 'iot-outgoing', string> = {
  'iot-transfer': `
    want    state      none             notFound            completed           throttled         unavailable         lost                denied         odd
    accept  pending    settled          ServiceUnavailable  ServiceUnavailable  ServiceThrottled  ServiceUnavailable  ServiceUnavailable  AccessRefused  UnexpectedAnswer
    accept  accepted   already-settled  already-settled     already-settled     ServiceThrottled  ServiceUnavailable  already-settled     AccessRefused  UnexpectedAnswer
    accept  rejected   gone             gone                gone                ServiceThrottled  ServiceUnavailable  gone                AccessRefused  UnexpectedAnswer
    accept  cancelled  gone             gone                gone                ServiceThrottled  ServiceUnavailable  gone                AccessRefused  UnexpectedAnswer
    accept  anew       settled          gone                gone                ServiceThrottled  ServiceUnavailable  ServiceUnavailable  AccessRefused  UnexpectedAnswer
    accept  absent     gone             gone                gone                ServiceThrottled  ServiceUnavailable  gone                AccessRefused  UnexpectedAnswer
    reject  pending    settled          ServiceUnavailable  ServiceUnavailable  ServiceThrottled  ServiceUnavailable  ServiceUnavailable  AccessRefused  UnexpectedAnswer
    reject  accepted   lost             lost                lost                ServiceThrottled  ServiceUnavailable  lost                AccessRefused  UnexpectedAnswer
    reject  rejected   gone             gone                gone                ServiceThrottled  ServiceUnavailable  gone                AccessRefused  UnexpectedAnswer
    reject  cancelled  gone             gone                gone                ServiceThrottled  ServiceUnavailable  gone                AccessRefused  UnexpectedAnswer
    reject  anew       settled          gone                gone                ServiceThrottled  ServiceUnavailable  ServiceUnavailable  AccessRefused  UnexpectedAnswer
    reject  absent     gone             gone                gone                ServiceThrottled  ServiceUnavailable  gone                AccessRefused  UnexpectedAnswer`,
  'iot-outgoing': `
    want    state      none             notFound            completed           throttled         unavailable         lost                denied         odd
    reject  pending    settled          ServiceUnavailable  ServiceUnavailable  ServiceThrottled  ServiceUnavailable  ServiceUnavailable  AccessRefused  UnexpectedAnswer
    reject  accepted   lost             lost                lost                ServiceThrottled  ServiceUnavailable  lost                AccessRefused  UnexpectedAnswer
    reject  rejected   gone             gone                gone                ServiceThrottled  ServiceUnavailable  gone                AccessRefused  UnexpectedAnswer
    reject  cancelled  already-settled  already-settled     already-settled     ServiceThrottled  ServiceUnavailable  already-settled     AccessRefused  UnexpectedAnswer
    reject  anew       settled          gone                gone                ServiceThrottled  ServiceUnavailable  ServiceUnavailable  AccessRefused  UnexpectedAnswer
    reject  absent     lost             lost                lost                ServiceThrottled  ServiceUnavailable  lost                AccessRefused  UnexpectedAnswer`,
}

/** Reading it: for all that we may believe of it, since a reading believes nothing. */
const readings: Record<'iot-transfer' | 'iot-outgoing', string> = {
  'iot-transfer': `
    state      none      notFound  throttled         unavailable         denied         odd
    pending    pending   gone      ServiceThrottled  ServiceUnavailable  AccessRefused  UnexpectedAnswer
    accepted   accepted  gone      ServiceThrottled  ServiceUnavailable  AccessRefused  UnexpectedAnswer
    rejected   gone      gone      ServiceThrottled  ServiceUnavailable  AccessRefused  UnexpectedAnswer
    cancelled  gone      gone      ServiceThrottled  ServiceUnavailable  AccessRefused  UnexpectedAnswer
    anew       gone      gone      ServiceThrottled  ServiceUnavailable  AccessRefused  UnexpectedAnswer
    absent     gone      gone      ServiceThrottled  ServiceUnavailable  AccessRefused  UnexpectedAnswer`,
  'iot-outgoing': `
    state      none      notFound  throttled         unavailable         denied         odd
    pending    pending   accepted  ServiceThrottled  ServiceUnavailable  AccessRefused  UnexpectedAnswer
    accepted   accepted  accepted  ServiceThrottled  ServiceUnavailable  AccessRefused  UnexpectedAnswer
    rejected   gone      accepted  ServiceThrottled  ServiceUnavailable  AccessRefused  UnexpectedAnswer
    cancelled  rejected  accepted  ServiceThrottled  ServiceUnavailable  AccessRefused  UnexpectedAnswer
    anew       gone      accepted  ServiceThrottled  ServiceUnavailable  AccessRefused  UnexpectedAnswer
    absent     accepted  accepted  ServiceThrottled  ServiceUnavailable  AccessRefused  UnexpectedAnswer`,
}

/** The list of our own on their way out, where it is asked: what is on it does not come in, and says when it began. */
const lists: Record<'iot-transfer' | 'iot-outgoing', string> = {
  'iot-transfer': `
    asked  state     none      throttled         unavailable         denied         odd
    look   pending   pending   pending           pending             pending        pending
    look   accepted  accepted  accepted          accepted            accepted       accepted
    find   pending   found     ServiceThrottled  ServiceUnavailable  AccessRefused  UnexpectedAnswer
    find   accepted  nothing   nothing           nothing             nothing        nothing`,
  'iot-outgoing': `
    asked  state      none      throttled         unavailable         denied         odd
    look   pending    pending   ServiceThrottled  ServiceUnavailable  AccessRefused  UnexpectedAnswer
    look   accepted   accepted  accepted          accepted            accepted       accepted
    look   rejected   gone      gone              gone                gone           gone
    look   cancelled  rejected  ServiceThrottled  ServiceUnavailable  AccessRefused  UnexpectedAnswer
    look   anew       gone      ServiceThrottled  ServiceUnavailable  AccessRefused  UnexpectedAnswer
    find   pending    found     ServiceThrottled  ServiceUnavailable  AccessRefused  UnexpectedAnswer
    find   accepted   nothing   ServiceThrottled  ServiceUnavailable  AccessRefused  UnexpectedAnswer`,
}

describe.each(['iot-transfer', 'iot-outgoing'] as const)('%s', (kindName) => {
  let world: KindWorld
  let kind: Kind
  beforeAll(async () => {
    // The SDK waits so long, by chance, before it tries again.
    jest.spyOn(Math, 'random').mockReturnValue(0)
    world = await startKindWorld()
    kind = await world.open(kindName)
  })
  afterEach(() => {
    world.behaviour.reset()
  })
  afterAll(async () => {
    jest.restoreAllMocks()
    await world.close()
  })

  const route = kindName === 'iot-transfer' ? { from: partner, to: us } : { from: us, to: partner }

  /** An offer that was pending, and then what the state says. */
  async function offerIn(state: string): Promise<OfferRef> {
    if (state === 'absent')
      return { ...targetOf(kindName), awsId: '0'.repeat(64), transferDate: '2026-11-20T10:00:00Z' }
    const certificateId = await transfer(world, route)
    const ref = await kind.locate(certificateId)
    await happen[state]?.(certificateId)
    return ref!
  }
  const happen: Record<string, (certificateId: string) => Promise<unknown>> = {
    accepted: (certificateId) => world.iot(route.to).send(new AcceptCertificateTransferCommand({ certificateId })),
    rejected: (certificateId) => world.iot(route.to).send(new RejectCertificateTransferCommand({ certificateId })),
    cancelled: (certificateId) => world.iot(route.from).send(new CancelCertificateTransferCommand({ certificateId })),
    anew: async (certificateId) => {
      await world.iot(route.from).send(new CancelCertificateTransferCommand({ certificateId }))
      world.endpoint.advance(1000)
      await offerAgain(world, certificateId, route)
    },
  }

  function inject(operation: string, column: string): void {
    const fault = errors[column]
    // As often as a reading is tried.
    if (fault !== undefined) world.behaviour.set({ faults: [{ service: 'iot', operation, times: 3, ...fault }] })
  }

  it.each(cellsOf(answers[kindName], ['want', 'state']))('$want, $state at AWS, $column: $expected', async (cell) => {
    const ref = await offerIn(cell.state)
    const before = (await kind.inspect(ref)).state
    const action = cell.want === 'accept' ? 'accept' : 'reject'
    inject(operationOf(kindName, action), cell.column)
    expect(await nameOf(kind.settle({ ref, action, reason: '' }).then(({ result }) => result))).toBe(cell.expected)
    world.behaviour.reset()
    const after = (await kind.inspect(ref)).state
    const took = cell.state === 'pending' && (cell.column === 'none' || cell.column === 'lost')
    if (cell.state !== 'anew') expect(after).toBe(took ? endOf(kindName, action) : before)
    // The one thing that a retry has to find out: our own answer, whose answer was lost.
    if (took && cell.column === 'lost') {
      const again = (await kind.settle({ ref, action, reason: '' })).result
      expect(again).toBe(endOf(kindName, action) === 'gone' ? 'gone' : 'already-settled')
    }
  })

  it.each(cellsOf(readings[kindName], ['state']))('look, $state at AWS, $column: $expected', async (cell) => {
    const ref = await offerIn(cell.state)
    inject('DescribeCertificate', cell.column)
    expect(await nameOf(kind.inspect(ref).then((inspection) => inspection.state))).toBe(cell.expected)
  })

  it.each(cellsOf(lists[kindName], ['asked', 'state']))('$asked, $state at AWS, $column: $expected', async (cell) => {
    const ref = await offerIn(cell.state)
    inject('ListOutgoingCertificates', cell.column)
    const asked =
      cell.asked === 'look'
        ? kind.inspect(ref).then((inspection) => inspection.state)
        : kind.locate(ref.awsId).then((found) => (found === undefined ? 'nothing' : 'found'))
    expect(await nameOf(asked)).toBe(cell.expected)
  })
})

function targetOf(kind: OfferKind): { kind: OfferKind; account: string; region: string } {
  return { kind, account: us, region: 'us-east-1' }
}

function operationOf(kind: OfferKind, action: 'accept' | 'reject'): string {
  if (kind === 'iot-outgoing') return 'CancelCertificateTransfer'
  return action === 'accept' ? 'AcceptCertificateTransfer' : 'RejectCertificateTransfer'
}

/** How an answer of ours reads afterwards: at the destination nothing is left of a transfer that it rejected. */
function endOf(kind: OfferKind, action: 'accept' | 'reject'): string {
  if (action === 'accept') return 'accepted'
  return kind === 'iot-outgoing' ? 'rejected' : 'gone'
}
