import { regionScopeOf, resourceTypeOf } from './ram-arns.ts'
import type { Invitation, InvitationStatus, Share } from './ram-shares.ts'

export function shareView(share: Share): Record<string, unknown> {
  return {
    resourceShareArn: share.arn,
    name: share.name,
    owningAccountId: share.owner,
    allowExternalPrincipals: share.allowExternal,
    status: 'ACTIVE',
    tags: share.tags,
    creationTime: share.createdMs,
    lastUpdatedTime: share.createdMs,
    featureSet: 'STANDARD',
  }
}

export function invitationView(
  invitation: Invitation,
  { shareName, status }: { shareName: string | undefined; status: InvitationStatus },
): Record<string, unknown> {
  return {
    resourceShareInvitationArn: invitation.arn,
    resourceShareName: shareName,
    resourceShareArn: invitation.shareArn,
    senderAccountId: invitation.sender,
    receiverAccountId: invitation.receiver,
    receiverArn: invitation.receiverArn,
    invitationTimestamp: invitation.invitedMs,
    status,
  }
}

export function resourceView(arn: string, share: Share): Record<string, unknown> {
  return {
    arn,
    type: resourceTypeOf(arn),
    resourceShareArn: share.arn,
    status: 'AVAILABLE',
    creationTime: share.createdMs,
    lastUpdatedTime: share.createdMs,
    resourceRegionScope: regionScopeOf(arn),
  }
}
