import { specOf } from '../../domain/kinds.ts'
import type { OfferRef } from '../../domain/offer.ts'
import type { Found, Kind } from '../../kinds/kind.ts'
import { reconcileOffer, type ScanContext, type Sighting } from './reconcile-offer.ts'

/** Absence from a list is never proof: the offer itself is read first. */
export async function reconcileAbsent(offerId: string, context: ScanContext): Promise<void> {
  const state = await context.deps.ledger.read(offerId)
  if (state === undefined) return
  if (state.status === 'closed') {
    await context.deps.ledger.repairSummary(state)
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

export async function look(ref: OfferRef, kind: Kind): Promise<Sighting> {
  const inspection = await kind.inspect(ref)
  if (inspection.state === 'under-way') return { ref, pending: true }
  if (inspection.state !== 'pending') return { ref, pending: false }
  return { ref, pending: true, facts: () => Promise.resolve(inspection.facts) }
}
