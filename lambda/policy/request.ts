import type { CedarValueJson, EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs'
import type { Json, JsonObject } from '../domain/json.ts'
import { accountIdSchema, offerIdOf } from '../domain/offer.ts'
import type { OfferKind, OfferRef } from '../domain/offer.ts'
import type { PolicySettings } from './document.ts'
import type { PolicyRequest } from './engine.ts'

/** The same in every action that is evaluated. */
export interface CedarRequest {
  principal: TypeAndId
  resource: TypeAndId
  entities: EntityJson[]
}

/** The id of the principal when AWS does not say who it is. */
export const unknownAccount = 'unknown'

const resourceTypes: Record<OfferKind, string> = {
  'ram-invitation': 'RamInvitation',
  'iot-transfer': 'IotTransfer',
  'iot-outgoing': 'IotOutgoing',
  'iam-delegation': 'IamDelegation',
}

/** The counterparty and the offer as Cedar entities: all that policies see, and nothing else. */
export function cedarRequestOf({ ref, facts }: PolicyRequest, settings: PolicySettings): CedarRequest {
  const principal = { type: 'Account', id: accountOf(facts.decisive) ?? unknownAccount }
  const resource = { type: resourceTypes[ref.kind], id: offerIdOf(ref) }
  return {
    principal,
    resource,
    entities: [
      { uid: principal, attrs: {}, parents: parentsOf(facts.decisive, settings) },
      { uid: resource, attrs: attributesOf(ref, facts.decisive), parents: [] },
    ],
  }
}

/** 12 digits, or undefined when the counterparty is not known. */
export function accountOf(decisive: JsonObject): string | undefined {
  return accountIdSchema.safeParse(decisive['counterparty']).data
}

function parentsOf(decisive: JsonObject, { partners, organizationId }: PolicySettings): TypeAndId[] {
  const account = accountOf(decisive)
  if (account === undefined) return []
  const groups = Object.entries(partners).filter(([, accounts]) => accounts.includes(account))
  const parents = groups.map(([group]) => ({ type: 'PartnerGroup', id: group }))
  const inside = decisive['organization'] === 'inside' && typeof organizationId === 'string'
  return inside ? [...parents, { type: 'Organization', id: organizationId }] : parents
}

/** Our account and region come last: no fact can take their place. */
function attributesOf({ account, region }: OfferRef, decisive: JsonObject): Record<string, CedarValueJson> {
  return { ...toRecord(decisive), account, region }
}

/**
 * `null` is how facts say that AWS gives nothing; in Cedar the attribute is absent. Everything else goes as it is: what
 * does not fit the schema (a null in a list, a fraction, an escape such as `__entity`) Cedar refuses.
 */
function toRecord(record: JsonObject): Record<string, CedarValueJson> {
  const entries = Object.entries(record).filter(([, value]) => value !== null)
  return Object.fromEntries(entries.map(([name, value]) => [name, toCedar(value)]))
}

function toCedar(value: Json): CedarValueJson {
  if (Array.isArray(value)) return value.map(toCedar)
  return value !== null && typeof value === 'object' ? toRecord(value) : value
}
