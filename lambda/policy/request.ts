import type { CedarValueJson, EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs'
import * as z from 'zod'
import type { Json, JsonObject } from '../domain/json.ts'
import { accountIdSchema, offerIdOf, organizationNodeSchema } from '../domain/offer.ts'
import type { OfferKind, OfferRef } from '../domain/offer.ts'
import { partnerGroupsOf } from '../domain/partners.ts'
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

/** The entity type of an offer in the schema: `RamInvitation` for `ram-invitation`. */
export function resourceTypeOf(kind: OfferKind): string {
  return kind
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}

/** An account inside the organization and the OUs above it, nearest first, the root last. */
const pathSchema = z.array(organizationNodeSchema).min(1)

/** The counterparty and the offer as Cedar entities: all that policies see, and nothing else. */
export function cedarRequestOf({ ref, facts, now }: PolicyRequest, settings: PolicySettings): CedarRequest {
  const principal = { type: 'Account', id: accountOf(facts.decisive) ?? unknownAccount }
  const resource = { type: resourceTypeOf(ref.kind), id: offerIdOf(ref) }
  return {
    principal,
    resource,
    entities: [
      { uid: principal, attrs: {}, parents: parentsOf(facts.decisive, settings, now) },
      ...unitsOf(facts.decisive, settings),
      { uid: resource, attrs: attributesOf(ref, facts.decisive), parents: [] },
    ],
  }
}

/** 12 digits, or undefined when the counterparty is not known. */
export function accountOf(decisive: JsonObject): string | undefined {
  return accountIdSchema.safeParse(decisive['counterparty']).data
}

/** Where the account is in the organization; undefined where it is not inside, or nobody knows where. */
export function pathOf(decisive: JsonObject): string[] | undefined {
  return decisive['organization'] === 'inside' ? pathSchema.safeParse(decisive['organizationPath']).data : undefined
}

function parentsOf(decisive: JsonObject, settings: PolicySettings, now: Date): TypeAndId[] {
  const account = accountOf(decisive)
  if (account === undefined) return []
  const groups = partnerGroupsOf(account, settings, now).map(({ name }) => ({ type: 'PartnerGroup', id: name }))
  const organization = decisive['organization'] === 'inside' ? organizationOf(settings) : []
  const [nearest] = unitsOf(decisive, settings)
  return [...groups, ...organization, ...(nearest === undefined ? [] : [nearest.uid])]
}

interface UnitEntity extends EntityJson {
  uid: TypeAndId
}

/** The OUs above the account, each in the next; the root, which counts as one, in the organization. */
function unitsOf(decisive: JsonObject, settings: PolicySettings): UnitEntity[] {
  const organization = organizationOf(settings)
  const units =
    organization.length === 0 ? [] : (pathOf(decisive) ?? []).map((id) => ({ type: 'OrganizationalUnit', id }))
  return units.map((uid, at) => {
    const above = units[at + 1]
    return { uid, attrs: {}, parents: above === undefined ? organization : [above] }
  })
}

function organizationOf({ organizationId }: PolicySettings): TypeAndId[] {
  return typeof organizationId === 'string' ? [{ type: 'Organization', id: organizationId }] : []
}

/** Our account and region come last: no fact can take their place. Policies see the path as the principal's OUs. */
function attributesOf({ account, region }: OfferRef, decisive: JsonObject): Record<string, CedarValueJson> {
  return { ...toRecord(decisive, ['organizationPath']), account, region }
}

/**
 * `null` is how facts say that AWS gives nothing; in Cedar the attribute is absent. Everything else goes as it is: what
 * does not fit the schema (a null in a list, a fraction, an escape such as `__entity`) Cedar refuses.
 */
function toRecord(record: JsonObject, without: readonly string[] = []): Record<string, CedarValueJson> {
  const entries = Object.entries(record).filter(([name, value]) => value !== null && !without.includes(name))
  return Object.fromEntries(entries.map(([name, value]) => [name, toCedar(value)]))
}

function toCedar(value: Json): CedarValueJson {
  if (Array.isArray(value)) return value.map(toCedar)
  return value !== null && typeof value === 'object' ? toRecord(value) : value
}
