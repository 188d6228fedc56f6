import type { LedgerEvent } from './event.ts'
import type { Ending, Facts } from './facts.ts'
import { offerIdSchema } from './offer.ts'
import type { OfferState } from './state.ts'

/** The other case of two that are about one thing: a request, and what was begun at AWS for it. */
export function linkedIdOf({
  facts,
  events,
}: {
  facts: Facts | undefined
  events: readonly LedgerEvent[]
}): string | undefined {
  const begun = events.findLast((event) => event.type === 'settled' && event.data.begun !== undefined)
  if (begun?.type === 'settled') return begun.data.begun
  return offerIdSchema.safeParse(facts?.decisive['request']).data
}

/** How it ended at AWS: what was begun for a request stands on the request's case, as that is watched to its end. */
export function endingOfCase(state: OfferState, linked: OfferState | undefined): Ending | undefined {
  return state.ending ?? linked?.ending
}
