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
  return { ...listView(request), PermissionPolicy: policyOf(request), ExpirationTime: expiresAtMs(request) }
}

/** AWS renders the partner's template. Templates are not public, so here it is a policy that names the template. */
function policyOf({ permissions }: DelegationRequest): string {
  const Sid = (permissions.PolicyTemplateArn ?? 'NoTemplate').split('/').at(-1)?.replace(/\W/g, '')
  const Resource = (permissions.Parameters ?? []).flatMap(({ Values = [] }) => Values)
  const statement = { Sid, Effect: 'Allow', Action: 's3:GetObject', Resource: Resource.length > 0 ? Resource : '*' }
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
}
