import * as z from 'zod'
import { onEverything, reading, type Describe } from './access.ts'

const certificate = z.object({ certificateId: z.string() })

function onCertificate(action: string): Describe {
  return reading(certificate, ({ certificateId }, { account, region }) => [
    { action, resource: `arn:aws:iot:${region}:${account}:cert/${certificateId}` },
  ])
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiot.html */
export const iotRights: Readonly<Record<string, Describe>> = {
  ListCertificates: onEverything('iot:ListCertificates'),
  ListOutgoingCertificates: onEverything('iot:ListOutgoingCertificates'),
  DescribeCertificate: onCertificate('iot:DescribeCertificate'),
  AcceptCertificateTransfer: onCertificate('iot:AcceptCertificateTransfer'),
  RejectCertificateTransfer: onCertificate('iot:RejectCertificateTransfer'),
  CancelCertificateTransfer: onCertificate('iot:CancelCertificateTransfer'),
  TransferCertificate: onCertificate('iot:TransferCertificate'),
  ListAttachedPolicies: reading(z.object({ target: z.string() }), ({ target: resource }) => [
    { action: 'iot:ListAttachedPolicies', resource },
  ]),
}

const invitation = z.object({ resourceShareInvitationArn: z.string() })

/** The ARN of an invitation carries its sender, who owns the share. */
function onInvitation(action: string): Describe {
  return reading(invitation, ({ resourceShareInvitationArn: resource }) => [
    { action, resource, context: { 'ram:ShareOwnerAccountId': resource.split(':')[4] } },
  ])
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsresourceaccessmanager.html */
export const ramRights: Readonly<Record<string, Describe>> = {
  GetResourceShareInvitations: onEverything('ram:GetResourceShareInvitations'),
  GetResourceShares: onEverything('ram:GetResourceShares'),
  ListResources: onEverything('ram:ListResources'),
  ListPendingInvitationResources: onInvitation('ram:ListPendingInvitationResources'),
  AcceptResourceShareInvitation: onInvitation('ram:AcceptResourceShareInvitation'),
  RejectResourceShareInvitation: onInvitation('ram:RejectResourceShareInvitation'),
}

const request = z.object({ DelegationRequestId: z.string() })

function onRequest(action: string): Describe {
  return reading(request, ({ DelegationRequestId }, { account }) => [
    { action, resource: `arn:aws:iam::${account}:delegation-request/${DelegationRequestId}` },
  ])
}

const entity = z.object({ EntityArn: z.string() })

const policy = z.object({ PolicyArn: z.string() })

function onPolicy(action: string): Describe {
  return reading(policy, ({ PolicyArn: resource }) => [{ action, resource }])
}

const role = z.object({ RoleName: z.string() })

export const iamRights: Readonly<Record<string, Describe>> = {
  DeleteRole: reading(role, ({ RoleName }, { account }) => [
    { action: 'iam:DeleteRole', resource: `arn:aws:iam::${account}:role/${RoleName}` },
  ]),
  GetHumanReadableSummary: reading(entity, ({ EntityArn: resource }) => [
    { action: 'iam:GetHumanReadableSummary', resource },
  ]),
  GetPolicy: onPolicy('iam:GetPolicy'),
  GetPolicyVersion: onPolicy('iam:GetPolicyVersion'),
  ListDelegationRequests: onEverything('iam:ListDelegationRequests'),
  GetDelegationRequest: onRequest('iam:GetDelegationRequest'),
  AssociateDelegationRequest: onRequest('iam:AssociateDelegationRequest'),
  UpdateDelegationRequest: onRequest('iam:UpdateDelegationRequest'),
  AcceptDelegationRequest: onRequest('iam:AcceptDelegationRequest'),
  RejectDelegationRequest: onRequest('iam:RejectDelegationRequest'),
  SendDelegationToken: onRequest('iam:SendDelegationToken'),
}
