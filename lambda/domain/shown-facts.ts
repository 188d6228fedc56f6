import type { Facts } from './facts.ts'
import { specOf } from './kinds.ts'
import { withPartnerGroups } from './partners.ts'
import type { OfferState } from './state.ts'

/** The facts with what the ledger knows besides, for people to read: nothing is decided on that. */
export function shownFacts(facts: Facts, { ref, round, initiators }: OfferState): Facts {
  const shown = withPartnerGroups(facts, round?.judged)
  const [first, ...others] = initiators
  if (specOf(ref.kind).begunBy === undefined || first === undefined) return shown
  return { ...shown, context: { ...shown.context, begunBy: others.length === 0 ? first : [first, ...others] } }
}
