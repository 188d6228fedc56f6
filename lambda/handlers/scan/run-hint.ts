import type { Hint } from '../../contract/states.ts'
import { offerIdOf, type OfferRef, type Target } from '../../domain/offer.ts'
import type { Kind } from '../../kinds/kind.ts'
import { logger } from '../serve.ts'
import type { ScanDeps } from './scan-deps.ts'
import { createPace, reconcileOffer, type Sighting } from './reconcile-offer.ts'

/** One scan: of one offer when the hint names it, else of everything pending at its target. */
export async function runHint(hint: Hint, deps: ScanDeps): Promise<void> {
  if ('offerId' in hint) {
    await scanKnown(hint.offerId, deps)
    return
  }
  const { awsId, ...target } = hint
  if (!deps.governs(target)) {
    logger.warn('a hint about a place that is not governed was dropped', { ...target })
    return
  }
  const kind = await deps.open(target)
  if (awsId === undefined) await scanTarget(target, kind, deps)
  else await scanOne({ ...target, awsId }, kind, deps)
}

async function scanKnown(offerId: string, deps: ScanDeps): Promise<void> {
  const state = await deps.ledger.read(offerId)
  if (state === undefined || !deps.governs(state.ref)) return
  const kind = await deps.open(state.ref)
  await reconcileOffer(await look(state.ref, kind), { kind, deps, pace: createPace(deps.settings.runsPerSecond) })
}

/** A hint that names an offer reads that offer only. What is not pending there may still be open here. */
async function scanOne(named: Target & { awsId: string }, kind: Kind, deps: ScanDeps): Promise<void> {
  const pace = createPace(deps.settings.runsPerSecond)
  const ref = await kind.locate(named.awsId)
  if (ref !== undefined) await reconcileOffer({ ref, pending: true }, { kind, deps, pace })
  const here = ref === undefined ? undefined : offerIdOf(ref)
  for await (const open of deps.ledger.openOffers(named)) {
    if (open.awsId === named.awsId && open.offerId !== here) await reconcileAbsent(open.offerId, { kind, deps, pace })
  }
}

async function scanTarget(target: Target, kind: Kind, deps: ScanDeps): Promise<void> {
  const pace = createPace(deps.settings.runsPerSecond)
  const found = new Set<string>()
  for await (const ref of kind.discover()) {
    found.add(offerIdOf(ref))
    await reconcileOffer({ ref, pending: true }, { kind, deps, pace })
  }
  for await (const { offerId } of deps.ledger.openOffers(target)) {
    if (!found.has(offerId)) await reconcileAbsent(offerId, { kind, deps, pace })
  }
  await deps.scans.putComplete(target, { at: deps.ledger.timeFor(undefined), pending: found.size })
  logger.info('listed', { ...target, pending: found.size })
}

/** Absence from a list is never proof: the offer itself is read first. */
async function reconcileAbsent(offerId: string, context: Parameters<typeof reconcileOffer>[1]): Promise<void> {
  const state = await context.deps.ledger.read(offerId)
  if (state === undefined) return
  if (state.status === 'closed') {
    await context.deps.ledger.repairSummary(state)
    return
  }
  await reconcileOffer(await look(state.ref, context.kind), context)
}

async function look(ref: OfferRef, kind: Kind): Promise<Sighting> {
  const inspection = await kind.inspect(ref)
  return inspection.state === 'pending' ? { ref, pending: true, facts: inspection.facts } : { ref, pending: false }
}
