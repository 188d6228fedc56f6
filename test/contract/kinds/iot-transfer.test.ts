import {
  AcceptCertificateTransferCommand,
  CancelCertificateTransferCommand,
  DescribeCertificateCommand,
  RejectCertificateTransferCommand,
} from '@aws-sdk/client-iot'
import { offerIdOf } from '../../../lambda/domain/offer.ts'
import type { Kind } from '../../../lambda/kinds/kind.ts'
import { discovered, offerAgain, startKindWorld, transfer, type KindWorld } from '../../support/kind-world.ts'
import { aSettings, partner, us } from '../../support/kinds.ts'
import { describeKind } from './suite.ts'

const incoming = { from: partner, to: us }

describe('iot-transfer', () => {
  describeKind({
    kind: 'iot-transfer',
    calls: {
      model: 'iot',
      list: 'ListCertificates',
      read: 'DescribeCertificate',
      reject: 'RejectCertificateTransfer',
    },
    offer: (world) => transfer(world),
    endings: {
      accept: (world, certificateId) => world.iot(us).send(new AcceptCertificateTransferCommand({ certificateId })),
      reject: (world, certificateId) => world.iot(us).send(new RejectCertificateTransferCommand({ certificateId })),
      end: (world, certificateId) => world.iot(partner).send(new CancelCertificateTransferCommand({ certificateId })),
    },
    // a rejected certificate is the sender's again, and out of our sight
    states: { accept: 'accepted', reject: 'gone', end: 'gone' },
    settles: {
      accept: { accept: 'already-settled', reject: 'gone', end: 'gone' },
      reject: { accept: 'lost', reject: 'gone', end: 'gone' },
    },
    twice: { accept: 'already-settled', reject: 'gone' },
    seen: ['certificateId', 'message', 'notAfter', 'subject'],
    unknownId: '0'.repeat(64),
  })
})

describe('certificates on their way to us', () => {
  let world: KindWorld
  let kind: Kind
  beforeAll(async () => {
    world = await startKindWorld()
    kind = await world.open('iot-transfer')
  })
  afterEach(() => {
    world.behaviour.reset()
  })
  afterAll(() => world.close())

  const answerAs = async (certificateId: string, how: 'cancel' | 'reject'): Promise<void> => {
    await (how === 'cancel'
      ? world.iot(partner).send(new CancelCertificateTransferCommand({ certificateId }))
      : world.iot(us).send(new RejectCertificateTransferCommand({ certificateId })))
  }

  it('shows what we have after an accept', async () => {
    const ref = (await kind.locate(await transfer(world)))!
    expect(await kind.received!(ref, undefined)).toEqual({ visible: false, seen: {} })
    await kind.settle({ ref, action: 'accept', reason: '', setAsActive: true })
    const receipt = { visible: true, seen: { status: 'ACTIVE', ownedBy: us, notAfter: expect.stringMatching(/Z$/) } }
    expect(await kind.received!(ref, undefined)).toEqual(receipt)
    expect(await kind.inspect(ref)).toMatchObject({ state: 'accepted', receipt })
  })

  it.each(['cancel', 'reject'] as const)('is another offer when offered again after a %s', async (how) => {
    const id = await transfer(world)
    const old = await kind.locate(id)
    await answerAs(id, how)
    world.endpoint.advance(1000)
    await offerAgain(world, id, incoming)
    const anew = await kind.locate(id)
    expect(offerIdOf(anew!)).not.toBe(offerIdOf(old!))
    expect((await kind.inspect(old!)).state).toBe('gone')
    expect((await kind.inspect(anew!)).state).toBe('pending')
    expect((await discovered(kind)).map(offerIdOf)).toContain(offerIdOf(anew!))
  })

  it('is gone, not accepted, when a later offer of it was accepted', async () => {
    const id = await transfer(world)
    const old = await kind.locate(id)
    await answerAs(id, 'cancel')
    world.endpoint.advance(1000)
    await offerAgain(world, id, incoming)
    const anew = await kind.locate(id)
    await kind.settle({ ref: anew!, action: 'accept', reason: '' })
    expect((await kind.inspect(old!)).state).toBe('gone')
    expect((await kind.inspect(anew!)).state).toBe('accepted')
  })

  it('does not take our own certificate on its way out for one that comes in', async () => {
    const id = await transfer(world, { from: us, to: partner })
    expect((await discovered(kind)).map(({ awsId }) => awsId)).not.toContain(id)
    expect(await kind.locate(id)).toBeUndefined()
  })

  it('says that the sender is unknown where AWS hides it', async () => {
    world.behaviour.set({ iot: { hideSender: true } })
    const ref = await kind.locate(await transfer(world))
    expect(await kind.inspect(ref!)).toMatchObject({ facts: { counterparty: null, unknown: ['counterparty'] } })
  })

  it.each([
    [false, 'INACTIVE'],
    [true, 'ACTIVE'],
  ])('accepts with setAsActive %s', async (setAsActive, status) => {
    const id = await transfer(world)
    const settled = await kind.settle({ ref: (await kind.locate(id))!, action: 'accept', reason: '', setAsActive })
    expect(settled.detail.endsWith(' as active')).toBe(setAsActive)
    const { certificateDescription } = await world.iot(us).send(new DescribeCertificateCommand({ certificateId: id }))
    expect(certificateDescription).toMatchObject({ status, ownedBy: us })
  })

  it('accepts as inactive where nobody says otherwise, whatever is configured', async () => {
    const id = await transfer(world)
    const accepting = await world.open('iot-transfer', { settings: aSettings({ setAsActive: true }) })
    await accepting.settle({ ref: (await accepting.locate(id))!, action: 'accept', reason: '' })
    const { certificateDescription } = await world.iot(us).send(new DescribeCertificateCommand({ certificateId: id }))
    expect(certificateDescription).toMatchObject({ status: 'INACTIVE', ownedBy: us })
  })

  it('tells the sender why, within 128 characters', async () => {
    const id = await transfer(world)
    const reason = `${'x'.repeat(127)}\u{1f600} and more`
    await kind.settle({ ref: (await kind.locate(id))!, action: 'reject', reason })
    const read = new DescribeCertificateCommand({ certificateId: id })
    const { certificateDescription } = await world.iot(partner).send(read)
    expect(certificateDescription?.transferData?.rejectReason).toBe('x'.repeat(127))
  })
})
