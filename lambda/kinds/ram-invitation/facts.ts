import * as z from 'zod'
import type { Facts } from '../../domain/facts.ts'
import type { JsonObject } from '../../domain/json.ts'
import { accountIdSchema } from '../../domain/offer.ts'
import { isoTime, shownOf, textOrNull } from '../answer.ts'
import type { Party } from '../party.ts'
import { expiryOf } from './expiry.ts'

export const invitationSchema = z.object({
  resourceShareInvitationArn: z.string().min(1),
  resourceShareName: textOrNull,
  resourceShareArn: textOrNull,
  senderAccountId: accountIdSchema.nullish().transform((account) => account ?? null),
  receiverAccountId: textOrNull,
  receiverArn: textOrNull,
  invitationTimestamp: isoTime,
  status: z.enum(['PENDING', 'ACCEPTED', 'REJECTED', 'EXPIRED']),
})
export type Invitation = z.infer<typeof invitationSchema>

export const resourceSchema = z
  .object({
    arn: z.string().min(1),
    type: z.string().min(1),
    resourceRegionScope: z.enum(['REGIONAL', 'GLOBAL']).nullish(),
  })
  .transform(({ arn, type, resourceRegionScope }) => ({ arn, type, regionScope: resourceRegionScope ?? null }))
export type SharedResource = z.infer<typeof resourceSchema>

/** What the share holds, or why that could not be read. */
export type Resources = { list: SharedResource[] } | { problem: string }

export function factsOf(of: {
  invitation: Invitation
  resources: Resources
  party: Party
  sevenDayTypes: string[]
}): Facts {
  const { invitation, party } = of
  const list = 'list' in of.resources ? sortResources(of.resources.list) : null
  const types = list === null ? null : [...new Set(list.map(({ type }) => type))].sort()
  return {
    decisive: {
      ...party.decisive,
      ...shareOf(invitation),
      resources: list,
      resourceTypes: types,
      resourceCount: list === null ? null : list.length,
    },
    context: {
      ...party.context,
      invitationArn: invitation.resourceShareInvitationArn,
      status: invitation.status,
      resourcesProblem: 'problem' in of.resources ? of.resources.problem : null,
    },
    unknown: list === null ? [...party.unknown, 'resources'] : party.unknown,
    counterparty: party.counterparty,
    offeredAt: invitation.invitationTimestamp,
    expiresAt: expiryOf({ invitedAt: invitation.invitationTimestamp, types, sevenDayTypes: of.sevenDayTypes }),
  }
}

function shareOf(invitation: Invitation): JsonObject {
  return {
    shareName: invitation.resourceShareName,
    shareArn: invitation.resourceShareArn,
    receiver: invitation.receiverArn ?? invitation.receiverAccountId,
  }
}

/** What an accepted invitation still shows: not what is in the share. */
export function seenOf(invitation: Invitation): JsonObject {
  return shownOf({ counterparty: invitation.senderAccountId, ...shareOf(invitation) })
}

/** By code units, each resource once: pages come in any order, and a resource may be on two of them. */
export function sortResources(resources: SharedResource[]): SharedResource[] {
  const byKey = new Map(resources.map((resource) => [`${resource.arn}\n${resource.type}`, resource]))
  return [...byKey.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, resource]) => resource)
}
