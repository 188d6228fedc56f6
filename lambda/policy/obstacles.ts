import type { PolicySettings } from './document.ts'
import type { PolicyRequest } from './engine.ts'
import { accountOf } from './request.ts'

/**
 * Decisive facts that could not be had. What the facts themselves show to be missing counts, whether or not they name
 * it: no account on the other side, or an organization that is configured and was not looked up.
 */
export function unknownFactsOf({ facts }: PolicyRequest, { organizationId }: PolicySettings): string[] {
  const unknown = new Set(facts.unknown)
  const account = accountOf(facts.decisive)
  if (account === undefined || account !== facts.counterparty) unknown.add('counterparty')
  if (!isLookedUp(facts.decisive['organization'], organizationId ?? null)) unknown.add('organization')
  return [...unknown].sort()
}

/** `outside` is an answer too. Without an organization there is nothing to look up. */
function isLookedUp(organization: unknown, organizationId: string | null): boolean {
  if (organizationId === null && organization === 'not-configured') return true
  return organization === 'inside' || organization === 'outside'
}

/**
 * Why policy must not accept, whatever the policies say: in Cedar a `has` guard, or `containsAll` over an empty set,
 * turns what is unknown into an allow without an error.
 */
export function obstaclesToAccept({ ref, facts }: PolicyRequest, unknown: readonly string[]): string[] {
  const { resources } = facts.decisive
  const empty = ref.kind === 'ram-invitation' && !(Array.isArray(resources) && resources.length > 0)
  return [...(unknown.length > 0 ? ['unknown-facts'] : []), ...(empty ? ['empty-resources'] : [])]
}
