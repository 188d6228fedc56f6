import { LeaveOrganizationCommand, MoveAccountCommand, OrganizationsClient } from '@aws-sdk/client-organizations'
import { IoTClient, RejectCertificateTransferCommand } from '@aws-sdk/client-iot'
import { RAMClient, RejectResourceShareInvitationCommand } from '@aws-sdk/client-ram'
import {
  acceptInAwsConsole,
  clientConfigOf,
  offerCertificate,
  offerShare,
  registerCertificate,
  withClient,
} from '../../partner.ts'
import { askForTransfer } from '../../transfer-client.ts'
import type { Take } from './paths.ts'
import type { Walker } from './walker.ts'

/** A member shares a subnet with the hub. */
async function shareFrom(walker: Walker, from: string | undefined): Promise<string> {
  if (from === undefined) throw new Error('expected a member of the organization, got none')
  const resourceArns = [`arn:aws:ec2:${walker.aws.region}:${from}:subnet/subnet-0a1b2c3d`]
  const awsId = await offerShare(walker.aws, { from, to: walker.account, name: 'shared-network', resourceArns })
  await walker.run.idle()
  return awsId
}

/** With an organization: its accounts make offers, too. The first member is a partner, the second stands in an OU below. */
export const organizationPaths: Readonly<Record<string, Take>> = {
  'policy accepts what a member offers': async (walker) => {
    await shareFrom(walker, walker.members[0])
  },
  'people accept what a member offers': async (walker) => {
    await walker.answer(await shareFrom(walker, walker.members[1]), 'accept')
  },
  'a certificate of ours on its way to a member is left alone, and looked at again': async (walker) => {
    const to = walker.members[0] ?? ''
    await offerCertificate(walker.aws, { from: walker.account, to, device: 'gateway' })
    await walker.run.idle()
    await walker.sweep()
  },
  'people have a certificate sent to a member': async (walker) => {
    const { account, aws, members } = walker
    const certificateId = await registerCertificate(aws, { account, device: 'gateway' })
    const asked = { account, region: aws.region, certificateId, to: members[1] ?? '', message: 'For the plant' }
    await askForTransfer(clientConfigOf(aws, account), asked)
    await walker.run.idle()
    await walker.answer(certificateId, 'accept')
  },
}

/** With members whose offers are answered. */
export const memberPaths: Readonly<Record<string, Take>> = {
  'a member is offered something, and somebody there answers by hand': async (walker) => {
    const account = walker.members[0] ?? ''
    const [resourceShareInvitationArn, certificateId, requestId] = await Promise.all([
      walker.make('stranger-shares-subnet', account),
      walker.make('stranger-transfers-certificate', account),
      walker.make('partner-requests-backup-role', account),
      walker.make('we-transfer-certificate-to-stranger', account),
    ])
    const own = clientConfigOf(walker.aws, account)
    await withClient(new RAMClient(own), (ram) =>
      ram.send(new RejectResourceShareInvitationCommand({ resourceShareInvitationArn })),
    )
    await withClient(new IoTClient(own), (iot) => iot.send(new RejectCertificateTransferCommand({ certificateId })))
    await acceptInAwsConsole(walker.aws, { account, requestId })
  },

  'a member is moved away, and another leaves': async (walker) => {
    const { organization } = walker.run
    const [moved, left] = walker.members
    if (organization === undefined || moved === undefined || left === undefined) return
    const SourceParentId = organization.parentOf(moved)
    const move = { AccountId: moved, SourceParentId, DestinationParentId: organization.rootId }
    await withClient(new OrganizationsClient(clientConfigOf(walker.aws, organization.managementAccount)), (client) =>
      client.send(new MoveAccountCommand(move)),
    )
    await withClient(new OrganizationsClient(clientConfigOf(walker.aws, left)), (client) =>
      client.send(new LeaveOrganizationCommand({})),
    )
    await walker.sweep()
  },
}
