import {
  AcceptCertificateTransferCommand,
  CancelCertificateTransferCommand,
  DescribeCertificateCommand,
  IoTClient,
  ListCertificatesCommand,
  ListOutgoingCertificatesCommand,
  paginateListCertificates,
  RegisterCertificateWithoutCACommand,
  RejectCertificateTransferCommand,
  TransferCertificateCommand,
  UpdateCertificateCommand,
  type CertificateStatus,
} from '@aws-sdk/client-iot'
import { createBehaviour } from '../../../local/aws/behaviour.ts'
import { createIot } from '../../../local/aws/services/iot.ts'
import type { BusEvent } from '../../../local/aws/service.ts'
import { makeCertificate } from '../../../local/certificates.ts'
import { startEndpoint, startMs, type TestEndpoint } from '../../support/endpoint.ts'

const us = '111111111111'
const partner = '444455556666'
const stranger = '555566667777'

const events: BusEvent[] = []
const behaviour = createBehaviour()
const service = createIot({ raise: (event) => events.push(event), behaviour })
let endpoint: TestEndpoint
let clients: Record<string, IoTClient>
const as = (account: string): IoTClient => clients[account]!

beforeAll(async () => {
  endpoint = await startEndpoint([service], { behaviour })
  clients = Object.fromEntries([us, partner, stranger].map((id) => [id, new IoTClient(endpoint.as(id))]))
})
afterAll(() => endpoint.close())
beforeEach(() => {
  service.reset?.()
  behaviour.reset()
  events.length = 0
})

async function register(status?: CertificateStatus, owner = partner): Promise<string> {
  const { pem, certificateId } = await makeCertificate({ commonName: 'sensor-1', days: 30 })
  const made = await as(owner).send(new RegisterCertificateWithoutCACommand({ certificatePem: pem, status }))
  expect(made.certificateId).toBe(certificateId)
  return certificateId
}

const transfer = (certificateId: string, transferMessage?: string) =>
  as(partner).send(new TransferCertificateCommand({ certificateId, targetAwsAccount: us, transferMessage }))
const accept = (certificateId: string, by = us, setAsActive?: boolean) =>
  as(by).send(new AcceptCertificateTransferCommand({ certificateId, setAsActive }))
const reject = (certificateId: string, rejectReason?: string, by = us) =>
  as(by).send(new RejectCertificateTransferCommand({ certificateId, rejectReason }))
const cancel = (certificateId: string, by = partner) =>
  as(by).send(new CancelCertificateTransferCommand({ certificateId }))
const describeAs = async (account: string, certificateId: string) =>
  (await as(account).send(new DescribeCertificateCommand({ certificateId }))).certificateDescription
const statusesOf = async (account: string) =>
  (await as(account).send(new ListCertificatesCommand({}))).certificates?.map(({ status }) => status)

test('an offered certificate is pending for both ends, in their own ARNs', async () => {
  const id = await register()
  const sent = await transfer(id, 'from <b>us</b>\nline 2')

  expect(sent.transferredCertificateArn).toBe(`arn:aws:iot:us-east-1:${us}:cert/${id}`)
  expect(await statusesOf(us)).toEqual(['PENDING_TRANSFER'])
  expect(await statusesOf(partner)).toEqual(['PENDING_TRANSFER'])
  expect(await describeAs(us, id)).toMatchObject({
    certificateArn: `arn:aws:iot:us-east-1:${us}:cert/${id}`,
    ownedBy: us,
    previousOwnedBy: partner,
    certificateMode: 'SNI_ONLY',
    transferData: { transferMessage: 'from <b>us</b>\nline 2', transferDate: new Date(startMs) },
  })
  const out = await as(partner).send(new ListOutgoingCertificatesCommand({}))
  expect(out.outgoingCertificates).toMatchObject([{ certificateId: id, transferredTo: us }])
  expect((await as(us).send(new ListOutgoingCertificatesCommand({}))).outgoingCertificates).toEqual([])
  await expect(describeAs(stranger, id)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
})

test('hideSender hides who sent it while it is pending', async () => {
  behaviour.set({ iot: { hideSender: true } })
  const id = await register()
  await transfer(id)

  expect(await describeAs(us, id)).not.toHaveProperty('previousOwnedBy')
  await accept(id)
  expect(await describeAs(us, id)).toMatchObject({ previousOwnedBy: partner })
})

test.each([
  [undefined, 'INACTIVE'],
  [true, 'ACTIVE'],
])('accept with setAsActive %s makes it ours, %s', async (setAsActive, status) => {
  const id = await register()
  await transfer(id)

  await accept(id, us, setAsActive)

  expect(await describeAs(us, id)).toMatchObject({
    status,
    ownedBy: us,
    transferData: { acceptDate: expect.any(Date) },
  })
  expect(await statusesOf(partner)).toEqual([])
  await expect(accept(id)).rejects.toMatchObject({ name: 'TransferAlreadyCompletedException' })
  await expect(reject(id)).rejects.toMatchObject({ name: 'TransferAlreadyCompletedException' })
  await expect(cancel(id)).rejects.toMatchObject({ name: 'TransferAlreadyCompletedException' })
})

test('reject gives it back with the reason, and it can be offered again', async () => {
  const id = await register()
  await transfer(id)

  await reject(id, 'not ours')

  expect(await statusesOf(us)).toEqual([])
  expect(await describeAs(partner, id)).toMatchObject({
    status: 'INACTIVE',
    ownedBy: partner,
    transferData: { rejectReason: 'not ours', rejectDate: expect.any(Date) },
  })
  await expect(reject(id)).rejects.toMatchObject({ name: 'TransferAlreadyCompletedException' })

  endpoint.advance(1_000)
  await transfer(id)
  const again = await describeAs(us, id)
  expect(again?.transferData).toEqual({ transferDate: new Date(endpoint.nowMs()) })
})

test('after a cancel the destination finds nothing', async () => {
  const id = await register()
  await transfer(id)

  await cancel(id)

  await expect(accept(id)).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    $metadata: { httpStatusCode: 404 },
  })
  await expect(cancel(id)).rejects.toMatchObject({ name: 'TransferAlreadyCompletedException' })
  const kept = await describeAs(partner, id)
  expect(kept).toMatchObject({ status: 'INACTIVE' })
  expect(kept?.transferData).toBeUndefined()
})

test('only the destination answers and only the source cancels', async () => {
  const id = await register()
  await transfer(id)

  await expect(accept(id, partner)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  await expect(reject(id, undefined, stranger)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  await expect(cancel(id, us)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  expect(await statusesOf(us)).toEqual(['PENDING_TRANSFER'])
})

test('what cannot be transferred is refused', async () => {
  const active = await register('ACTIVE')
  const free = await register()
  await transfer(free)

  await expect(transfer(active)).rejects.toMatchObject({
    name: 'CertificateStateException',
    $metadata: { httpStatusCode: 406 },
  })
  await expect(transfer(free)).rejects.toMatchObject({
    name: 'TransferConflictException',
    $metadata: { httpStatusCode: 409 },
  })
  await expect(transfer('ab'.repeat(32))).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  await expect(cancel(active)).rejects.toMatchObject({ name: 'InvalidRequestException' })
  const activate = new UpdateCertificateCommand({ certificateId: free, newStatus: 'ACTIVE' })
  await expect(as(partner).send(activate)).rejects.toMatchObject({ name: 'CertificateStateException' })
})

test('registering refuses what is no certificate, or is there already', async () => {
  const { pem, certificateId } = await makeCertificate({ commonName: 'x', days: 1 })
  const send = (certificatePem: string) => as(us).send(new RegisterCertificateWithoutCACommand({ certificatePem }))
  await send(pem)

  await expect(send(pem)).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException', resourceId: certificateId })
  await expect(send('no certificate')).rejects.toMatchObject({ name: 'CertificateValidationException' })
})

test('lists page by creation, both ways', async () => {
  const ids: string[] = []
  for (let count = 0; count < 5; count += 1) ids.push(await register(undefined, us))
  const found: string[] = []
  const pages = paginateListCertificates({ client: as(us), pageSize: 2 }, { ascendingOrder: true })

  for await (const { certificates = [] } of pages) found.push(...certificates.map((each) => each.certificateId ?? ''))

  expect(found).toEqual(ids)
  const newest = await as(us).send(new ListCertificatesCommand({ pageSize: 1 }))
  expect(newest.certificates?.[0]?.certificateId).toBe(ids[4])
  await expect(as(us).send(new ListCertificatesCommand({ marker: 'bm9uZQ==' }))).rejects.toMatchObject({
    name: 'InvalidRequestException',
  })
})

test('calls are recorded in the trail of the account that makes them', async () => {
  const id = await register()
  await transfer(id)
  await accept(id)
  await accept(id).catch(() => undefined)

  const seen = events.map(({ account, detail }) => [account, detail['eventName'], detail['errorCode']])
  expect(seen).toEqual([
    [partner, 'RegisterCertificateWithoutCA', undefined],
    [partner, 'TransferCertificate', undefined],
    [us, 'AcceptCertificateTransfer', undefined],
    [us, 'AcceptCertificateTransfer', 'TransferAlreadyCompletedException'],
  ])
  expect(events[1]).toMatchObject({
    source: 'aws.iot',
    'detail-type': 'AWS API Call via CloudTrail',
    region: 'us-east-1',
    detail: { requestParameters: { certificateId: id, targetAwsAccount: us }, recipientAccountId: partner },
  })
})

test('state survives a snapshot as JSON', async () => {
  const id = await register()
  await transfer(id, 'hello')
  const saved: unknown = JSON.parse(JSON.stringify(service.snapshot?.()))

  service.reset?.()
  expect(await statusesOf(us)).toEqual([])
  service.restore?.(saved)

  await accept(id)
  expect(await statusesOf(us)).toEqual(['INACTIVE'])
})
