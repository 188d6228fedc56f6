import { specOf } from '../../domain/kinds.ts'
import type { OfferRef } from '../../domain/offer.ts'
import type { OfferState } from '../../domain/state.ts'
import type { Found, Kind } from '../../kinds/kind.ts'
import { isLately } from './lately.ts'
import { reconcileOffer, type ScanContext, type Sighting } from './reconcile-offer.ts'

/**
 * Absence from a list is never proof: the offer itself is read first. `byEvent`: not one that a worker is answering, as
 * its answer is why the offer is not listed.
 */
export async function reconcileAbsent(offerId: string, context: ScanContext, byEvent = false): Promise<void> {
  const { ledger, lately } = context.deps
  const answering = `${offerId} is being answered`
  if (byEvent && lately.has(answering)) return
  const state = await ledger.read(offerId)
  if (state === undefined) return
  if (byEvent && isBeingAnswered(state, ledger.timeFor(state))) {
    lately.add(answering)
    return
  }
  if (state.status === 'closed') {
    await ledger.repairSummary(state)
    return
  }
  await reconcileOffer(await look(state.ref, context.kind), context)
}

/** What a listing shows; requests stand in a list of our own, which does not know how they stand at AWS. */
export async function sightingOf({ ref, facts }: Pick<Found, 'ref' | 'facts'>, kind: Kind): Promise<Sighting> {
  return specOf(ref.kind).isAskedFor === true
    ? { ...(await look(ref, kind)), asked: true }
    : { ref, pending: true, facts }
}

function isBeingAnswered({ attempts, settled, seq, lastAt }: OfferState, now: Date): boolean {
  const isLast = attempts.at(-1)?.seq === seq || settled?.seq === seq
  return isLast && isLately(Date.parse(lastAt), now.getTime())
}

export async function look(ref: OfferRef, kind: Kind): Promise<Sighting> {
  const inspection = await kind.inspect(ref)
  if (inspection.state === 'under-way') return { ref, pending: true }
  if (inspection.state !== 'pending') return { ref, pending: false }
  return { ref, pending: true, facts: () => Promise.resolve(inspection.facts) }
}
