import * as z from 'zod'
import { assessPolicy } from '../../domain/assessment.ts'
import { delegationStates, type DelegationState } from '../../domain/delegation.ts'
import type { Facts, Inspection } from '../../domain/facts.ts'
import { canonicalJson } from '../../domain/json.ts'
import type { Json } from '../../domain/json.ts'
import { accountIdSchema } from '../../domain/offer.ts'
import { isoTimeOrNull, textOrNull } from '../answer.ts'
import type { Party } from '../party.ts'

export const stateSchema = z.enum(delegationStates)

/** Where a request stands, by IAM's word for it. */
export const standings: Record<DelegationState, Inspection['state']> = {
  UNASSIGNED: 'pending',
  ASSIGNED: 'pending',
  PENDING_APPROVAL: 'pending',
  ACCEPTED: 'accepted',
  FINALIZED: 'accepted',
  REJECTED: 'rejected',
  EXPIRED: 'expired',
}

const accountOrNull = accountIdSchema.nullish().transform((account) => account ?? null)
const parameterSchema = z.object({
  Name: textOrNull,
  Type: z.enum(['string', 'stringList']).nullish(),
  Values: z.array(z.string()).nullish(),
})

export const requestSchema = z.object({
  DelegationRequestId: z.string().min(1),
  OwnerAccountId: accountOrNull,
  OwnerId: textOrNull,
  ApproverId: textOrNull,
  State: stateSchema,
  RequestorId: accountOrNull,
  RequestorName: textOrNull,
  Description: textOrNull,
  RequestMessage: textOrNull,
  Permissions: z.object({ PolicyTemplateArn: textOrNull, Parameters: z.array(parameterSchema).nullish() }).nullish(),
  PermissionPolicy: textOrNull,
  RolePermissionRestrictionArns: z.array(z.string()).nullish(),
  SessionDuration: z
    .number()
    .int()
    .nullish()
    .transform((seconds) => seconds ?? null),
  RedirectUrl: textOrNull,
  OnlySendByOwner: z
    .boolean()
    .nullish()
    .transform((only) => only ?? null),
  Notes: textOrNull,
  RejectionReason: textOrNull,
  CreateDate: isoTimeOrNull,
  UpdatedTime: isoTimeOrNull,
  ExpirationTime: isoTimeOrNull,
})
export type DelegationRequest = z.infer<typeof requestSchema>

/** Owner, approver, state, notes and times are context: our own Associate changes them. */
export function factsOf(request: DelegationRequest, of: { party: Party; account: string }): Facts {
  const { party } = of
  return {
    decisive: {
      ...party.decisive,
      requestorName: request.RequestorName,
      description: request.Description,
      requestMessage: request.RequestMessage,
      templateArn: request.Permissions?.PolicyTemplateArn ?? null,
      parameters: parametersOf(request),
      permissionPolicy: request.PermissionPolicy,
      assessment:
        request.PermissionPolicy === null
          ? null
          : assessPolicy(request.PermissionPolicy, request.RolePermissionRestrictionArns ?? []),
      permissionsBoundaryArns: [...(request.RolePermissionRestrictionArns ?? [])].sort(),
      sessionDurationSeconds: request.SessionDuration,
      redirectUrl: request.RedirectUrl,
      onlySendByOwner: request.OnlySendByOwner,
      // A request that names no account becomes ours by our own Associate, which must not change the facts.
      ownerAccount: request.OwnerAccountId ?? of.account,
    },
    context: {
      ...party.context,
      state: request.State,
      namesOwnerAccount: request.OwnerAccountId !== null,
      ownerId: request.OwnerId,
      approverId: request.ApproverId,
      notes: request.Notes,
      rejectionReason: request.RejectionReason,
      updatedTime: request.UpdatedTime,
    },
    unknown: request.PermissionPolicy === null ? [...party.unknown, 'permissionPolicy'] : party.unknown,
    counterparty: party.counterparty,
    offeredAt: request.CreateDate,
    expiresAt: request.ExpirationTime,
  }
}

/** By name; the values of a list are sorted, too, since their order carries nothing. */
function parametersOf(request: DelegationRequest): Json {
  const parameters = (request.Permissions?.Parameters ?? []).map(({ Name, Type, Values }) => ({
    name: Name,
    type: Type ?? null,
    values: [...(Values ?? [])].sort(),
  }))
  return parameters
    .map((parameter) => ({ parameter, key: canonicalJson(parameter) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ parameter }) => parameter)
}
