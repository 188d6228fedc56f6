import type { KindContext } from './kind.ts'
import type { Membership } from '../domain/facts.ts'

export interface Party {
  counterparty: string | null
  organization: Membership
  unknown: string[]
}

/** The two facts that every kind has of the account on the other side, and which of them could not be had. */
export async function partyOf(context: KindContext, counterparty: string | null): Promise<Party> {
  const organization = await context.membership(counterparty)
  const unknown: string[] = []
  if (counterparty === null) unknown.push('counterparty')
  if (organization === 'unknown') unknown.push('organization')
  return { counterparty, organization, unknown }
}
