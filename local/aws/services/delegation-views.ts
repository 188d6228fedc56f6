import { expiresAtMs, type DelegationRequest } from './delegation-requests.ts'

/** A request as a list shows it: AWS's own sample lacks policy and expiry. */
export function listView(request: DelegationRequest): Record<string, unknown> {
  return {
    DelegationRequestId: request.id,
    OwnerAccountId: request.ownerAccount,
    Description: request.description,
    RequestMessage: request.requestMessage,
    Permissions: request.permissions,
    OwnerId: request.ownerId,
    ApproverId: request.approverId,
    State: request.state,
    RequestorId: request.requestor,
    RequestorName: `Partner ${request.requestor}`,
    CreateDate: request.createdMs,
    SessionDuration: request.sessionDuration,
    RedirectUrl: request.redirectUrl,
    Notes: request.notes,
    RejectionReason: request.rejectionReason,
    OnlySendByOwner: request.onlySendByOwner,
    UpdatedTime: request.sinceMs,
  }
}

export function fullView(request: DelegationRequest): Record<string, unknown> {
  return {
    ...listView(request),
    PermissionPolicy: policyOf(request),
    RolePermissionRestrictionArns: createsRoles(request) ? [boundaryArn] : undefined,
    ExpirationTime: expiresAtMs(request),
  }
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/temporary-delegation-building-integration.html */
const boundaryArn = 'arn:aws:iam::partner:policy/permission_boundary/example.com/monitoring_2026_01_01'

/** A template whose name says so asks to create a role, which has to carry the partner's boundary. */
function createsRoles(request: DelegationRequest): boolean {
  return templateName(request).endsWith('Role')
}

function templateName({ permissions }: DelegationRequest): string {
  return (permissions.PolicyTemplateArn ?? 'NoTemplate').split('/').at(-1)?.replace(/\W/g, '') ?? ''
}

/** AWS renders the partner's template. Templates are not public, so here it is a policy that names the template. */
function policyOf(request: DelegationRequest): string {
  const Sid = templateName(request)
  const values = (request.permissions.Parameters ?? []).flatMap(({ Values = [] }) => Values)
  const Resource = values.length > 0 ? values : '*'
  // A template whose name says so asks to answer requests like itself.
  const Action = Sid.endsWith('Answers') ? 'iam:AcceptDelegationRequest' : 's3:GetObject'
  const read = { Sid, Effect: 'Allow', Action, Resource }
  const create = {
    Sid: `${Sid}Create`,
    Effect: 'Allow',
    Action: ['iam:CreateRole', 'iam:AttachRolePolicy'],
    Resource: 'arn:aws:iam::*:role/partner/*',
    Condition: { StringEquals: { 'iam:PermissionsBoundary': boundaryArn } },
  }
  return JSON.stringify({ Version: '2012-10-17', Statement: createsRoles(request) ? [read, create] : [read] })
}

/** AWS has it written by a language model, which believes what the partner says. */
export function summaryText(request: DelegationRequest): string {
  return `## What is asked\n\nThe partner wants to read objects (template **${templateName(request)}**). It says: ${request.description}`
}
