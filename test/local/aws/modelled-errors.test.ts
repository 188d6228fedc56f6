import { IAMClient, RejectDelegationRequestCommand } from '@aws-sdk/client-iam'
import {
  AcceptCertificateTransferCommand,
  CancelCertificateTransferCommand,
  IoTClient,
  RejectCertificateTransferCommand,
  TransferCertificateCommand,
} from '@aws-sdk/client-iot'
import {
  AcceptResourceShareInvitationCommand,
  RAMClient,
  RejectResourceShareInvitationCommand,
} from '@aws-sdk/client-ram'
import { createBehaviour } from '../../../local/aws/behaviour.ts'
import { loadModel } from '../../../local/aws/model.ts'
import { createIam } from '../../../local/aws/services/iam.ts'
import { createIot } from '../../../local/aws/services/iot.ts'
import { createRam } from '../../../local/aws/services/ram.ts'
import { startEndpoint, type TestEndpoint } from '../../support/endpoint.ts'

const raise = (): void => undefined
const behaviour = createBehaviour()
const services = [createIot({ raise, behaviour }), createRam({ raise, behaviour }), createIam({ raise, behaviour })]

const certificateId = 'ab'.repeat(32)
const resourceShareInvitationArn = 'arn:aws:ram:us-east-1:444455556666:resource-share-invitation/1'
const DelegationRequestId = 'a'.repeat(16)

let endpoint: TestEndpoint
let iot: IoTClient
let ram: RAMClient
let iam: IAMClient
beforeAll(async () => {
  endpoint = await startEndpoint(services, { behaviour })
  const config = endpoint.as('111111111111')
  iot = new IoTClient(config)
  ram = new RAMClient(config)
  iam = new IAMClient(config)
})
afterAll(() => endpoint.close())
beforeEach(() => {
  behaviour.reset()
})

/** The calls that answer offers, and the one that makes them. */
const calls: Record<string, { service: string; send: () => Promise<unknown> }> = {
  RejectCertificateTransfer: {
    service: 'iot',
    send: () => iot.send(new RejectCertificateTransferCommand({ certificateId })),
  },
  AcceptCertificateTransfer: {
    service: 'iot',
    send: () => iot.send(new AcceptCertificateTransferCommand({ certificateId })),
  },
  CancelCertificateTransfer: {
    service: 'iot',
    send: () => iot.send(new CancelCertificateTransferCommand({ certificateId })),
  },
  TransferCertificate: {
    service: 'iot',
    send: () => iot.send(new TransferCertificateCommand({ certificateId, targetAwsAccount: '222222222222' })),
  },
  RejectResourceShareInvitation: {
    service: 'ram',
    send: () => ram.send(new RejectResourceShareInvitationCommand({ resourceShareInvitationArn })),
  },
  AcceptResourceShareInvitation: {
    service: 'ram',
    send: () => ram.send(new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn })),
  },
  RejectDelegationRequest: {
    service: 'iam',
    send: () => iam.send(new RejectDelegationRequestCommand({ DelegationRequestId })),
  },
}

const table = Object.entries(calls).flatMap(([operation, { service }]) => {
  const model = loadModel(service)
  return (model.operations[operation]?.errors ?? []).map((error) => {
    const status = model.shapes[error]?.error.httpStatusCode
    return [operation, error, status] as const
  })
})

test('the table holds all seven calls', () => {
  expect(new Set(table.map(([operation]) => operation)).size).toBe(7)
  expect(table).toHaveLength(3 * 7 + 8 + 2 * 10 + 4)
})

test.each(table)('%s answers %s with %d', async (operation, error, status) => {
  const call = calls[operation]!
  behaviour.set({ faults: [{ service: call.service, operation, error, message: 'as <asked>' }] })

  const failed: unknown = await call.send().catch((thrown: unknown) => thrown)

  expect(failed).toMatchObject({ name: error, message: 'as <asked>', $metadata: { httpStatusCode: status } })
  expect((failed as Error).constructor.name).toBe(error)
})

test('a fault is for so many calls of one operation, then the service answers itself', async () => {
  behaviour.set({
    faults: [{ service: 'ram', operation: 'AcceptResourceShareInvitation', error: 'ThrottlingException', times: 2 }],
  })
  const names = []

  for (const operation of [
    'RejectResourceShareInvitation',
    ...Array<string>(3).fill('AcceptResourceShareInvitation'),
  ]) {
    names.push(await calls[operation]!.send().catch((thrown: unknown) => (thrown as Error).name))
  }

  const notFound = 'ResourceShareInvitationArnNotFoundException'
  expect(names).toEqual([notFound, 'ThrottlingException', 'ThrottlingException', notFound])
})
