import {
  AssociateDelegationRequestCommand,
  CreateDelegationRequestCommand,
  IAMClient,
  type CreateDelegationRequestCommandInput,
} from '@aws-sdk/client-iam'
import { IoTClient, RegisterCertificateWithoutCACommand, TransferCertificateCommand } from '@aws-sdk/client-iot'
import { CreateResourceShareCommand, GetResourceShareInvitationsCommand, RAMClient } from '@aws-sdk/client-ram'
import type { BusEvent, Caller, Service } from '../../local/aws/service.ts'
import { createBehaviour, type Behaviour } from '../../local/aws/behaviour.ts'
import { createIam } from '../../local/aws/services/iam.ts'
import { createIot } from '../../local/aws/services/iot.ts'
import { createRam } from '../../local/aws/services/ram.ts'
import { makeCertificate } from '../../local/certificates.ts'
import type { OfferKind, OfferRef } from '../../lambda/domain/offer.ts'
import type { Kind, KindContext } from '../../lambda/kinds/kind.ts'
import { openKind } from '../../lambda/kinds/open.ts'
import { startEndpoint, type TestEndpoint } from './endpoint.ts'
import { aContext, partner, us } from './kinds.ts'

export const subnetArn = `arn:aws:ec2:us-east-1:${partner}:subnet/subnet-0123456789abcdef0`
export const busArn = `arn:aws:events:us-east-1:${partner}:event-bus/orders`

export interface KindWorld {
  endpoint: TestEndpoint
  behaviour: Behaviour
  /** Events that the services raised, in order. */
  raised: BusEvent[]
  /** Opens a kind as Gatehouse does, on the local endpoint. */
  open: (kind: OfferKind, overrides?: Partial<KindContext>) => Promise<Kind>
  ram: (account: string) => RAMClient
  iot: (account: string) => IoTClient
  iam: (account: string) => IAMClient
  close: () => Promise<void>
}

/** The local endpoint with the three services of offers, and clients that act as any account. */
export async function startKindWorld(
  given: { resolveCaller?: (key: string) => Caller | undefined; nowMs?: () => number; services?: Service[] } = {},
): Promise<KindWorld> {
  // Before it tries again the SDK waits a random part of a second or more: here for nobody, so none of it.
  jest.spyOn(Math, 'random').mockReturnValue(0)
  const { services = [], ...more } = given
  const behaviour = createBehaviour()
  const raised: BusEvent[] = []
  const raise = (event: BusEvent): void => void raised.push(event)
  const options = { raise, behaviour }
  const endpoint = await startEndpoint([createRam(options), createIot(options), createIam(options), ...services], {
    behaviour,
    ...more,
  })
  process.env.AWS_ENDPOINT_URL = endpoint.url
  return {
    endpoint,
    behaviour,
    raised,
    open: (kind, overrides) => openKind(aContext(kind, overrides)),
    ram: (account) => new RAMClient(endpoint.as(account)),
    iot: (account) => new IoTClient(endpoint.as(account)),
    iam: (account) => new IAMClient(endpoint.as(account)),
    close: async () => {
      delete process.env.AWS_ENDPOINT_URL
      await endpoint.close()
    },
  }
}

/** Invites us; answers with the ARN of the new invitation. */
export async function invite(world: KindWorld, resourceArns: string[] = [subnetArn]): Promise<string> {
  const input = { name: 'network', principals: [us], resourceArns }
  const { resourceShare } = await world.ram(partner).send(new CreateResourceShareCommand(input))
  const resourceShareArns = [resourceShare!.resourceShareArn!]
  const read = new GetResourceShareInvitationsCommand({ resourceShareArns, maxResults: 500 })
  const { resourceShareInvitations } = await world.ram(partner).send(read)
  return resourceShareInvitations![0]!.resourceShareInvitationArn!
}

export interface Route {
  from: string
  to: string
  message?: string
}

/** Registers a certificate and offers it; answers with its id. */
export async function transfer(world: KindWorld, route: Route = { from: partner, to: us }): Promise<string> {
  const { pem } = await makeCertificate({ commonName: 'pump-7', days: 30 })
  const register = new RegisterCertificateWithoutCACommand({ certificatePem: pem, status: 'INACTIVE' })
  const { certificateId } = await world.iot(route.from).send(register)
  await offerAgain(world, certificateId!, route)
  return certificateId!
}

export async function offerAgain(world: KindWorld, certificateId: string, { from, to, message }: Route): Promise<void> {
  await world
    .iot(from)
    .send(
      new TransferCertificateCommand({ certificateId, targetAwsAccount: to, transferMessage: message ?? 'for you' }),
    )
}

/** Asks us for a delegation, with nobody as its owner yet; answers with its id. */
export async function requestDelegation(
  world: KindWorld,
  overrides: Partial<CreateDelegationRequestCommandInput> = {},
): Promise<string> {
  const command = new CreateDelegationRequestCommand({
    OwnerAccountId: us,
    Description: 'set up monitoring',
    RequestMessage: 'please',
    Permissions: {
      PolicyTemplateArn: 'arn:aws:iam::aws:delegation-template/monitor',
      Parameters: [{ Name: 'Bucket', Values: ['logs'], Type: 'string' }],
    },
    RequestorWorkflowId: 'workflow-1',
    NotificationChannel: 'arn:aws:sns:us-east-1:444455556666:delegations',
    SessionDuration: 3600,
    ...overrides,
  })
  const { DelegationRequestId } = await world.iam(partner).send(command)
  return DelegationRequestId!
}

/** The same, with one of our identities as its owner. */
export async function requestOwnedDelegation(
  world: KindWorld,
  overrides: Partial<CreateDelegationRequestCommandInput> = {},
): Promise<string> {
  const DelegationRequestId = await requestDelegation(world, overrides)
  await world.iam(us).send(new AssociateDelegationRequestCommand({ DelegationRequestId }))
  return DelegationRequestId
}

export async function discovered(kind: Kind): Promise<OfferRef[]> {
  const refs: OfferRef[] = []
  for await (const { ref } of kind.discover()) refs.push(ref)
  return refs
}
