import {
  AcceptDelegationRequestCommand,
  AssociateDelegationRequestCommand,
  CreateDelegationRequestCommand,
  IAMClient,
  SendDelegationTokenCommand,
} from '@aws-sdk/client-iam'
import { IoTClient, RegisterCertificateWithoutCACommand, TransferCertificateCommand } from '@aws-sdk/client-iot'
import { CreateResourceShareCommand, GetResourceShareInvitationsCommand, RAMClient } from '@aws-sdk/client-ram'
import { makeCertificate } from './certificates.ts'

/** The local run's AWS endpoint. */
export interface LocalAws {
  endpoint: string
  region: string
}

/** What an SDK client needs to act as an account's administrator. */
export function clientConfigOf({ endpoint, region }: LocalAws, account: string): ClientConfig {
  return { endpoint, region, credentials: { accessKeyId: account, secretAccessKey: 'local' } }
}

interface ClientConfig {
  endpoint: string
  region: string
  credentials: { accessKeyId: string; secretAccessKey: string }
}

export interface ShareOffer {
  from: string
  to: string
  name: string
  resourceArns: readonly string[]
}

/** Shares resources with another account; the ARN of the invitation that it gets. */
export async function offerShare(aws: LocalAws, { from, to, name, resourceArns }: ShareOffer): Promise<string> {
  return await withClient(new RAMClient(clientConfigOf(aws, from)), async (ram) => {
    const { resourceShare } = await ram.send(
      new CreateResourceShareCommand({ name, resourceArns: [...resourceArns], principals: [to] }),
    )
    const resourceShareArns = [given(resourceShare?.resourceShareArn, 'share ARN')]
    const found = await ram.send(new GetResourceShareInvitationsCommand({ resourceShareArns }))
    return given(found.resourceShareInvitations?.[0]?.resourceShareInvitationArn, 'invitation')
  })
}

export interface CertificateOffer {
  from: string
  to: string
  /** Name of the device in the certificate. */
  device: string
  message?: string
}

/** Registers a fresh device certificate and transfers it to another account; the id of the certificate. */
export async function offerCertificate(aws: LocalAws, offer: CertificateOffer): Promise<string> {
  const { pem } = await makeCertificate({ commonName: offer.device, days: 365 })
  return await withClient(new IoTClient(clientConfigOf(aws, offer.from)), async (iot) => {
    const registered = await iot.send(new RegisterCertificateWithoutCACommand({ certificatePem: pem }))
    const certificateId = given(registered.certificateId, 'certificate id')
    const message = offer.message === undefined ? {} : { transferMessage: offer.message }
    await iot.send(new TransferCertificateCommand({ certificateId, targetAwsAccount: offer.to, ...message }))
    return certificateId
  })
}

/** A fresh device certificate of an account, with nobody on the way to take it. */
export async function registerCertificate(aws: LocalAws, owner: { account: string; device: string }): Promise<string> {
  const { pem } = await makeCertificate({ commonName: owner.device, days: 365 })
  return await withClient(new IoTClient(clientConfigOf(aws, owner.account)), async (iot) => {
    const registered = await iot.send(new RegisterCertificateWithoutCACommand({ certificatePem: pem }))
    return given(registered.certificateId, 'certificate id')
  })
}

export interface DelegationOffer {
  from: string
  ownerAccount: string
  description: string
  message: string
  templateArn: string
  parameters: Readonly<Record<string, readonly string[]>>
  sessionSeconds: number
}

/** Asks to act in another account for a while; the id of the request. */
export async function requestDelegation(aws: LocalAws, offer: DelegationOffer): Promise<string> {
  return await withClient(new IAMClient(clientConfigOf(aws, offer.from)), async (iam) => {
    const made = await iam.send(
      new CreateDelegationRequestCommand({
        OwnerAccountId: offer.ownerAccount,
        Description: offer.description,
        RequestMessage: offer.message,
        Permissions: {
          PolicyTemplateArn: offer.templateArn,
          Parameters: Object.entries(offer.parameters).map(([Name, values]) => {
            return { Name, Values: [...values], Type: 'stringList' as const }
          }),
        },
        RequestorWorkflowId: 'onboarding',
        NotificationChannel: `arn:aws:sns:${aws.region}:${offer.from}:delegations`,
        SessionDuration: offer.sessionSeconds,
      }),
    )
    return given(made.DelegationRequestId, 'delegation request id')
  })
}

/** What an approver does in the AWS console: makes the request theirs, accepts it, and releases the access. */
export async function acceptInAwsConsole(
  aws: LocalAws,
  { account, requestId }: { account: string; requestId: string },
): Promise<void> {
  const request = { DelegationRequestId: requestId }
  await withClient(new IAMClient(clientConfigOf(aws, account)), async (iam) => {
    await iam.send(new AssociateDelegationRequestCommand(request))
    await iam.send(new AcceptDelegationRequestCommand(request))
    await iam.send(new SendDelegationTokenCommand(request))
  })
}

/** Uses a client once and closes its connections. */
export async function withClient<Client extends { destroy: () => void }, Result>(
  client: Client,
  use: (client: Client) => Promise<Result>,
): Promise<Result> {
  try {
    return await use(client)
  } finally {
    client.destroy()
  }
}

function given(value: string | undefined, what: string): string {
  if (value === undefined) throw new TypeError(`expected AWS to answer with the ${what}, got none`)
  return value
}
