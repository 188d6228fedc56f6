import {
  AcceptCertificateTransferCommand,
  CancelCertificateTransferCommand,
  RejectCertificateTransferCommand,
} from '@aws-sdk/client-iot'
import { offerIdOf } from '../../../lambda/domain/offer.ts'
import type { Kind } from '../../../lambda/kinds/kind.ts'
import { discovered, offerAgain, startKindWorld, transfer, type KindWorld } from '../../support/kind-world.ts'
import { partner, stranger, us } from '../../support/kinds.ts'
import { describeKind } from './suite.ts'

const outgoing = { from: us, to: partner }

describe('iot-outgoing', () => {
  describeKind({
    kind: 'iot-outgoing',
    calls: {
      model: 'iot',
      list: 'ListOutgoingCertificates',
      read: 'ListOutgoingCertificates',
      reject: 'CancelCertificateTransfer',
    },
    offer: (world) => transfer(world, outgoing),
    endings: {
      // the receiver takes it: it left
      accept: (world, certificateId) =>
        world.iot(partner).send(new AcceptCertificateTransferCommand({ certificateId })),
      reject: (world, certificateId) => world.iot(us).send(new CancelCertificateTransferCommand({ certificateId })),
      // the receiver sends it back
      end: (world, certificateId) => world.iot(partner).send(new RejectCertificateTransferCommand({ certificateId })),
    },
    states: { accept: 'accepted', reject: 'rejected', end: 'gone' },
    settles: { reject: { accept: 'lost', reject: 'already-settled', end: 'gone' } },
    twice: { reject: 'already-settled' },
    seen: [],
    unknownId: '0'.repeat(64),
  })
})

describe('certificates on their way out', () => {
  let world: KindWorld
  let kind: Kind
  beforeAll(async () => {
    world = await startKindWorld()
    kind = await world.open('iot-outgoing')
  })
  afterAll(() => world.close())

  it('is another offer when offered again', async () => {
    const id = await transfer(world, outgoing)
    const old = await kind.locate(id)
    await world.iot(us).send(new CancelCertificateTransferCommand({ certificateId: id }))
    world.endpoint.advance(1000)
    await offerAgain(world, id, { from: us, to: stranger })
    const anew = await kind.locate(id)
    expect(offerIdOf(anew!)).not.toBe(offerIdOf(old!))
    expect((await kind.inspect(old!)).state).toBe('gone')
    expect(await kind.inspect(anew!)).toMatchObject({ state: 'pending', facts: { counterparty: stranger } })
  })

  it('reads one that has ended by itself', async () => {
    const ref = await kind.locate(await transfer(world, outgoing))
    await world.iot(partner).send(new AcceptCertificateTransferCommand({ certificateId: ref!.awsId }))
    const calls = jest.spyOn(world.behaviour, 'takeFault')
    const ending = { how: 'accepted', reason: null, at: null }
    expect(await kind.inspect(ref!)).toEqual({ state: 'accepted', ending })
    expect(calls.mock.calls).toEqual([['iot', 'DescribeCertificate']])
  })

  it('does not list what comes in', async () => {
    const id = await transfer(world)
    expect((await discovered(kind)).map(({ awsId }) => awsId)).not.toContain(id)
    expect(await kind.locate(id)).toBeUndefined()
  })

  it('is never accepted: it is left alone', async () => {
    const ref = await kind.locate(await transfer(world, outgoing))
    const accept = kind.settle({ ref: ref!, action: 'accept', reason: '' })
    await expect(accept).rejects.toMatchObject({ name: 'UnexpectedAnswer' })
    expect((await kind.inspect(ref!)).state).toBe('pending')
  })
})
