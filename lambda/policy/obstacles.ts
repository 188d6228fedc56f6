import type { Json, JsonObject } from '../domain/json.ts'
import { specOf } from '../domain/kinds.ts'
import type { PolicySettings } from './document.ts'
import type { PolicyRequest } from './engine.ts'
import { accountOf, pathOf } from './request.ts'

/**
 * Decisive facts that could not be had. What the facts themselves show to be missing counts, whether or not they name
 * it: no account on the other side, an organization that is configured and was not looked up, an account of it that is
 * nowhere in it, or resources of types that are not listed.
 */
export function unknownFactsOf({ facts }: PolicyRequest, { organizationId }: PolicySettings): string[] {
  const unknown = new Set(facts.unknown)
  const account = accountOf(facts.decisive)
  if (account === undefined || account !== facts.counterparty) unknown.add('counterparty')
  if (!isLookedUp(facts.decisive['organization'], organizationId ?? null)) unknown.add('organization')
  if (facts.decisive['organization'] === 'inside' && pathOf(facts.decisive) === undefined)
    unknown.add('organizationPath')
  if (!areTypesListed(facts.decisive)) unknown.add('resourceTypes')
  return [...unknown].sort()
}

/** `outside` is an answer too. Without an organization there is nothing to look up. */
function isLookedUp(organization: unknown, organizationId: string | null): boolean {
  if (organizationId === null && organization === 'not-configured') return true
  return organization === 'inside' || organization === 'outside'
}

/** Policies read the types alone, so every resource has to have its type there. */
function areTypesListed({ resources, resourceTypes }: JsonObject): boolean {
  if (!Array.isArray(resources) || resources.length === 0) return true
  const types: Json[] = Array.isArray(resourceTypes) ? resourceTypes : []
  return resources.every((resource) => types.includes(typeOf(resource)))
}

function typeOf(resource: Json): Json {
  return resource !== null && typeof resource === 'object' && !Array.isArray(resource) ? (resource['type'] ?? '') : ''
}

/**
 * Why policy must not accept, whatever the policies say: in Cedar a `has` guard, or `containsAll` over an empty set,
 * turns what is unknown into an allow without an error.
 */
export function obstaclesToAccept({ ref, facts }: PolicyRequest, unknown: readonly string[]): string[] {
  const { resources } = facts.decisive
  const empty = specOf(ref.kind).holdsResources === true && !(Array.isArray(resources) && resources.length > 0)
  return [...(unknown.length > 0 ? ['unknown-facts'] : []), ...(empty ? ['empty-resources'] : [])]
}
