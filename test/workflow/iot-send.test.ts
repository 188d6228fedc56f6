import {
  AcceptCertificateTransferCommand,
  CancelCertificateTransferCommand,
  DescribeCertificateCommand,
  RegisterCertificateWithoutCACommand,
  RejectCertificateTransferCommand,
  TransferCertificateCommand,
  UpdateCertificateCommand,
} from '@aws-sdk/client-iot'
import { offerIdOf } from '../../lambda/domain/offer.ts'
import { refOfRequest } from '../../lambda/domain/transfer-request.ts'
import type { Kind } from '../../lambda/kinds/kind.ts'
import { makeCertificate } from '../../local/certificates.ts'
import { startKindWorld, type KindWorld } from '../support/kind-world.ts'
import { partner, stranger, us } from '../support/kinds.ts'
import { createNearTable, type TestTable } from '../support/table.ts'
import { policyByName, World, type WorldOptions } from '../support/world.ts'

let table: TestTable
let kinds: KindWorld
let world: World

beforeAll(async () => {
  table = await createNearTable()
  kinds = await startKindWorld({ nowMs: () => world.clock.now() })
})
beforeEach(() => {
  start('review')
})
afterEach(() => {
  jest.restoreAllMocks()
  kinds.behaviour.reset()
  world.close()
})
afterAll(async () => {
  await table.close()
  await kinds.close()
})

const olaf = `arn:aws:sts::${us}:assumed-role/Operators/olaf`
const place = { account: us, region: 'us-east-1' }
const message = 'Pump 7, as agreed'

function start(verdict: 'accept' | 'reject' | 'review', overrides: Partial<WorldOptions> = {}): void {
  world = new World({
    table,
    account: us,
    open: (target): Promise<Kind> => kinds.open(target.kind, { target, requests: world.requests.at(target) }),
    policy: policyByName({ undefined: verdict }),
    ...overrides,
  })
}

async function certificate(): Promise<string> {
  const { pem } = await makeCertificate({ commonName: 'pump-7', days: 30 })
  const register = new RegisterCertificateWithoutCACommand({ certificatePem: pem, status: 'INACTIVE' })
  return (await kinds.iot(us).send(register)).certificateId ?? ''
}

/** Asks for a transfer; the certificate and the id of its case. */
async function request(): Promise<{ certificateId: string; offerId: string }> {
  await world.advance(1000)
  const certificateId = await certificate()
  const requestedAt = new Date(world.clock.now()).toISOString().replace(/\.\d+Z/, 'Z')
  const asked = { ...place, certificateId, to: partner, message, requestedBy: olaf, requestedAt }
  expect(await world.requests.ask(asked, undefined)).toBe(true)
  return { certificateId, offerId: offerIdOf(refOfRequest(asked)) }
}

/** The same, and has the scan take it up. */
async function ask(): Promise<{ certificateId: string; offerId: string }> {
  const asked = await request()
  await look(asked.certificateId)
  return asked
}

async function look(awsId: string): Promise<void> {
  await world.scan({ ...world.target('iot-send'), awsId })
}

async function statusOf(certificateId: string): Promise<string | undefined> {
  return (await kinds.iot(us).send(new DescribeCertificateCommand({ certificateId }))).certificateDescription?.status
}

async function outcome(offerId: string): Promise<string> {
  const { closed, status } = await world.state(offerId)
  return closed?.outcome ?? status
}

async function outgoing(certificateId: string): Promise<string> {
  await world.scan({ ...world.target('iot-outgoing'), awsId: certificateId })
  const kind = await kinds.open('iot-outgoing')
  const ref = await kind.locate(certificateId)
  return ref === undefined ? '' : offerIdOf(ref)
}

const answers = {
  accept: (certificateId: string) => kinds.iot(partner).send(new AcceptCertificateTransferCommand({ certificateId })),
  reject: (certificateId: string) =>
    kinds.iot(partner).send(new RejectCertificateTransferCommand({ certificateId, rejectReason: 'not ours' })),
  cancel: (certificateId: string) => kinds.iot(us).send(new CancelCertificateTransferCommand({ certificateId })),
}

test('nothing is sent before people have said yes; then it is, and watched until the receiver has it', async () => {
  const { certificateId, offerId } = await ask()
  expect(await statusOf(certificateId)).toBe('INACTIVE')
  expect(world.mailed('approval')).toEqual(['alice', 'bob'])
  await world.vote('alice', 'accept')
  expect(await statusOf(certificateId)).toBe('PENDING_TRANSFER')
  expect(await outcome(offerId)).toBe('open')
  await world.scan(world.target('iot-send'))
  await world.advance(3 * 86_400_000)
  expect(await outcome(offerId)).toBe('open')
  await answers.accept(certificateId)
  await world.scan(world.target('iot-send'))
  expect(await outcome(offerId)).toBe('ACCEPTED')
  expect((await world.state(offerId)).ending).toEqual({ how: 'accepted', reason: null, at: null })
})

test('a reading that lags behind our call says nothing of how the transfer ended', async () => {
  const open = kinds.open.bind(kinds)
  let lags = 1
  jest.spyOn(kinds, 'open').mockImplementation(async (...args) => {
    const kind = await open(...args)
    const inspect = kind.inspect.bind(kind)
    kind.inspect = async (ref) => {
      const { taken = false } = (await world.requests.find(place, ref.awsId)) ?? {}
      if (!taken || lags === 0) return await inspect(ref)
      lags -= 1
      // As it was before the call: with us, and not on its way.
      return { state: 'gone', ending: { how: 'cancelled', reason: null, at: null } }
    }
    return kind
  })
  start('accept')
  const { certificateId, offerId } = await ask()
  expect({ lags, outcome: await outcome(offerId) }).toEqual({ lags: 0, outcome: 'open' })
  await answers.accept(certificateId)
  await look(certificateId)
  expect(await world.state(offerId)).toMatchObject({ closed: { outcome: 'ACCEPTED' }, ending: { how: 'accepted' } })
})

test.each([
  ['reject', { how: 'rejected', reason: 'not ours' }],
  ['cancel', { how: 'cancelled', reason: null }],
] as const)('what the receiver or somebody of ours does then is how it ends: %s', async (how, ending) => {
  start('accept')
  const { certificateId, offerId } = await ask()
  expect(await statusOf(certificateId)).toBe('PENDING_TRANSFER')
  await world.advance(5000)
  await answers[how](certificateId)
  await world.scan(world.target('iot-send'))
  expect(await outcome(offerId)).toBe('WITHDRAWN')
  expect((await world.state(offerId)).ending).toMatchObject(ending)
  expect(await statusOf(certificateId)).toBe('INACTIVE')
})

test('a request that is refused sends nothing, and another one may follow', async () => {
  const { certificateId, offerId } = await ask()
  await world.vote('alice', 'reject')
  expect(await outcome(offerId)).toBe('REJECTED')
  expect(await statusOf(certificateId)).toBe('INACTIVE')
  const before = (await world.requests.find(place, certificateId))!
  expect(before).toMatchObject({ state: 'refused', ended: true })
  await world.advance(1000)
  expect(await world.requests.ask({ ...before, requestedAt: '2027-01-01T00:00:00Z' }, before)).toBe(true)
  await look(certificateId)
  expect(await outcome(offerId)).toBe('REJECTED')
  expect(offerIdOf(refOfRequest((await world.requests.find(place, certificateId))!))).not.toBe(offerId)
})

test('who asks has no say', async () => {
  start('review', {
    settings: {
      approvers: [
        { id: 'alice', email: 'alice@example.com', principals: [olaf] },
        { id: 'bob', email: 'bob@example.com' },
      ],
    },
  })
  const { offerId } = await ask()
  expect((await world.state(offerId)).initiators).toEqual([olaf])
  expect(world.mailed('approval')).toEqual(['bob'])
})

test('the outgoing case knows the transfer that was asked for, and one by hand it does not', async () => {
  start('accept')
  const { certificateId, offerId } = await ask()
  const known = await outgoing(certificateId)
  const facts = (await (
    await kinds.open('iot-outgoing', { requests: world.requests.at(place) })
  ).inspect((await world.state(known)).ref)) as { facts: { decisive: object } }
  expect(facts.facts.decisive).toMatchObject({ request: offerId, counterparty: partner })
  await answers.cancel(certificateId)
  await world.scan(world.target('iot-send'))
  await world.advance(2000)
  const byHand = { certificateId, targetAwsAccount: partner, transferMessage: message }
  await kinds.iot(us).send(new TransferCertificateCommand(byHand))
  const kind = await kinds.open('iot-outgoing', { requests: world.requests.at(place) })
  const anew = (await kind.inspect((await kind.locate(certificateId))!)) as typeof facts
  expect(anew.facts.decisive).not.toHaveProperty('request')
})

describe('somebody is faster', () => {
  test('a transfer by hand to somebody else while people are asked ends the request', async () => {
    const { certificateId, offerId } = await ask()
    await kinds.iot(us).send(new TransferCertificateCommand({ certificateId, targetAwsAccount: stranger }))
    await look(certificateId)
    expect(await outcome(offerId)).toBe('WITHDRAWN')
    expect((await world.state(offerId)).attempts).toEqual([])
  })

  test.each([
    ['activates it', { newStatus: 'ACTIVE' }],
    ['revokes it', { newStatus: 'REVOKED' }],
  ] as const)('who %s while people are asked has them asked again', async (_, change) => {
    const { certificateId, offerId } = await ask()
    await kinds.iot(us).send(new UpdateCertificateCommand({ certificateId, ...change }))
    await world.vote('alice', 'accept')
    const { round, status } = await world.state(offerId)
    expect({ status, cause: round?.cause }).toEqual({ status: 'open', cause: 'facts-changed' })
    expect(await statusOf(certificateId)).toBe(change.newStatus)
  })

  test('what AWS does not let go ends the request, and nobody asks it again and again', async () => {
    start('accept')
    kinds.behaviour.set({
      faults: [{ service: 'iot', operation: 'TransferCertificate', error: 'CertificateStateException' }],
    })
    const { certificateId, offerId } = await ask()
    expect(await outcome(offerId)).toBe('WITHDRAWN')
    expect(await statusOf(certificateId)).toBe('INACTIVE')
  })

  const byHand = async (certificateId: string): Promise<void> => {
    const command = { certificateId, targetAwsAccount: stranger, transferMessage: message }
    await kinds.iot(us).send(new TransferCertificateCommand(command))
  }

  test.each([
    ['sends it to somebody else with the same words', byHand],
    [
      'sends it to somebody who takes it',
      async (certificateId: string) => {
        await byHand(certificateId)
        await kinds.iot(stranger).send(new AcceptCertificateTransferCommand({ certificateId }))
      },
    ],
  ])('who %s right before our call: AWS refuses it, and nothing is said to be sent', async (_, act) => {
    start('accept')
    const begin = world.requests.begin.bind(world.requests)
    jest.spyOn(world.requests, 'begin').mockImplementation(async (request, marks) => {
      const begun = await begin(request, marks)
      await act(begun.certificateId)
      return begun
    })
    const { certificateId, offerId } = await ask()
    expect(await outcome(offerId)).toBe('WITHDRAWN')
    expect(await world.requests.find(place, certificateId)).not.toHaveProperty('transferDate')
  })
})

describe('before a scan has seen the request', () => {
  test.each([
    ['its hint', (certificateId: string) => look(certificateId)],
    ['a sweep', () => world.scan(world.target('iot-send'))],
  ])('the certificate leaves: %s opens the case all the same, and it ends', async (_, scan) => {
    const { certificateId, offerId } = await request()
    await kinds.iot(us).send(new TransferCertificateCommand({ certificateId, targetAwsAccount: partner }))
    await answers.accept(certificateId)
    await scan(certificateId)
    expect(await outcome(offerId)).toBe('WITHDRAWN')
    expect(await world.requests.find(place, certificateId)).toMatchObject({ state: 'asked', ended: true })
    await world.scan(world.target('iot-send'))
    expect(await world.types(offerId)).toEqual(['detected', 'closed'])
  })

  test('one that cannot be read hides no other', async () => {
    // Those of other tests are none of this one.
    for await (const old of world.requests.open(place)) await world.requests.end(refOfRequest(old))
    const both = [await request(), await request()]
    const fault = { service: 'iot', operation: 'DescribeCertificate', error: 'UnauthorizedException', times: 1 }
    kinds.behaviour.set({ faults: [fault] })
    await expect(world.scan(world.target('iot-send'))).rejects.toMatchObject({ name: 'AccessRefused' })
    await world.idle()
    const states = await Promise.all(both.map(({ offerId }) => world.ledger.read(offerId)))
    expect(states.filter((state) => state?.status === 'open')).toHaveLength(1)
  })
})

test('a request whose case was closing when the run died is over: it is not sent later', async () => {
  const { certificateId, offerId } = await ask()
  const { ref } = await world.state(offerId)
  await world.requests.end(ref)
  const kind = await kinds.open('iot-send', { requests: world.requests.at(place) })
  expect(await kind.inspect(ref)).toEqual({ state: 'gone' })
  await world.vote('alice', 'accept')
  expect(await statusOf(certificateId)).toBe('INACTIVE')
})

describe('a worker dies', () => {
  test.each([
    ['before its call', false],
    ['after its call', true],
  ])('%s: one transfer begins', async (_, after) => {
    start('accept')
    const fault = { service: 'iot', operation: 'TransferCertificate', error: 'ServiceUnavailableException', after }
    kinds.behaviour.set({ faults: [fault] })
    const calls = jest.spyOn(kinds.behaviour, 'takeFault')
    const { certificateId, offerId } = await ask()
    await world.advance(120_000)
    expect(await statusOf(certificateId)).toBe('PENDING_TRANSFER')
    expect(calls.mock.calls.filter(([, operation]) => operation === 'TransferCertificate')).toHaveLength(after ? 1 : 2)
    await answers.accept(certificateId)
    await look(certificateId)
    expect(await outcome(offerId)).toBe('ACCEPTED')
  })

  test('after its call, and somebody cancels after the next: it was sent once, and cancelled', async () => {
    start('accept')
    const fault = {
      service: 'iot',
      operation: 'TransferCertificate',
      error: 'ServiceUnavailableException',
      after: true,
    }
    kinds.behaviour.set({ faults: [fault] })
    const calls = jest.spyOn(kinds.behaviour, 'takeFault')
    const { certificateId, offerId } = await ask()
    await world.advance(120_000)
    expect(await statusOf(certificateId)).toBe('PENDING_TRANSFER')
    expect(await world.requests.find(place, certificateId)).toHaveProperty('transferDate')
    await answers.cancel(certificateId)
    await look(certificateId)
    await world.advance(120_000)
    expect((await world.state(offerId)).ending).toMatchObject({ how: 'cancelled' })
    expect(calls.mock.calls.filter(([, operation]) => operation === 'TransferCertificate')).toHaveLength(1)
  })

  test('after its call, and somebody cancels before the next: it is not sent again', async () => {
    start('accept')
    const fault = {
      service: 'iot',
      operation: 'TransferCertificate',
      error: 'ServiceUnavailableException',
      after: true,
    }
    kinds.behaviour.set({ faults: [fault] })
    const { certificateId, offerId } = await ask()
    await world.advance(5000)
    await answers.cancel(certificateId)
    await world.advance(120_000)
    expect(await outcome(offerId)).toBe('WITHDRAWN')
    expect(await statusOf(certificateId)).toBe('INACTIVE')
  })
})
