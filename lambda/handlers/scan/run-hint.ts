import { throttleErrors } from '../../contract/errors.ts'
import type { Hint } from '../../contract/states.ts'
import { inTurns } from '../../domain/fair-order.ts'
import { hasTransferDate, offerIdOf, type OfferRef, type Target } from '../../domain/offer.ts'
import type { Found, Kind } from '../../kinds/kind.ts'
import { logger } from '../serve.ts'
import type { ScanDeps } from './scan-deps.ts'
import { reconcileOffer, type ScanContext, type Sighting } from './reconcile-offer.ts'

/**
 * One scan: of one offer when the hint names it, else of everything pending at its target. `byEvent`: only what is new
 * matters; the sweep looks at every case.
 */
export async function runHint(hint: Hint, deps: ScanDeps, byEvent = false): Promise<void> {
  if ('offerId' in hint) {
    await scanKnown(hint.offerId, deps)
    return
  }
  const { awsId, initiator, ...target } = hint
  if (!(await deps.governs(target))) {
    logger.warn('a hint about a place that is not governed was dropped', { ...target })
    return
  }
  const context: ScanContext = { kind: await deps.open(target), deps }
  if (awsId === undefined) await scanTarget(target, context, byEvent)
  else await scanOne({ ...target, awsId }, context, initiator)
}

async function scanKnown(offerId: string, deps: ScanDeps): Promise<void> {
  const state = await deps.ledger.read(offerId)
  if (state === undefined) return
  if (!(await deps.governs(state.ref))) {
    logger.error('an open case is in a place that is not governed any more', { offerId })
    return
  }
  const kind = await deps.open(state.ref)
  await reconcileOffer(await look(state.ref, kind), { kind, deps })
}

/** A hint that names an offer reads that offer only. What is not pending there may still be open here. */
async function scanOne(named: Target & { awsId: string }, context: ScanContext, initiator?: string): Promise<void> {
  const ref = await context.kind.locate(named.awsId)
  if (ref !== undefined) await reconcileOffer({ ref, pending: true, initiator }, context)
  const here = ref === undefined ? undefined : offerIdOf(ref)
  for await (const offerId of openCasesOf(named, context)) {
    if (offerId !== here) await reconcileAbsent(offerId, context)
  }
}

/** Where AWS's id is the whole identity it names the case; a certificate may have several, one a transfer. */
async function* openCasesOf(named: Target & { awsId: string }, { deps }: ScanContext): AsyncIterable<string> {
  if (!hasTransferDate(named.kind)) {
    yield offerIdOf(named)
    return
  }
  for await (const { offerId, awsId } of deps.ledger.openOffers(named)) if (awsId === named.awsId) yield offerId
}

/** Every pending offer, then every open case that was not among them. One that fails does not hide the others. */
async function scanTarget(target: Target, context: ScanContext, byEvent: boolean): Promise<void> {
  const { kind, deps } = context
  const seen = new Map<string, { closed: boolean }>()
  const troubles = new Troubles()
  const listing = await listAll(kind)
  for (const { ref, facts } of inTurns(listing.found)) {
    const offerId = offerIdOf(ref)
    seen.set(offerId, { closed: false })
    if (byEvent && deps.lately.has(offerId)) continue
    await troubles.guard(offerId, async () => {
      const state = await reconcileOffer({ ref, pending: true, facts }, context)
      seen.set(offerId, { closed: state?.status === 'closed' })
      if (state?.status === 'open') deps.lately.add(offerId)
    })
  }
  if (listing.failure !== undefined) throw listing.failure.error
  for await (const { offerId } of deps.ledger.openOffers(target)) {
    // An index that calls a closed case open is mended, pending or not.
    if (seen.get(offerId)?.closed !== false) await troubles.guard(offerId, () => reconcileAbsent(offerId, context))
  }
  troubles.rethrow()
  await deps.scans.putComplete(target, { at: deps.ledger.timeFor(undefined), pending: seen.size })
  logger.info('listed', { ...target, pending: seen.size })
}

/** All of it before the first is taken up, so that a flood of one sender's keeps nobody else's waiting. */
async function listAll(kind: Kind): Promise<{ found: Found[]; failure?: { error: unknown } }> {
  const found: Found[] = []
  try {
    for await (const one of kind.discover()) found.push(one)
    return { found }
  } catch (error) {
    // What was listed until then is not lost.
    return { found, failure: { error } }
  }
}

/** Keeps what went wrong with one offer from hiding the others; the message fails at the end and comes again. */
class Troubles {
  #first: { error: unknown } | undefined

  async guard(offerId: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      // To go on would be throttled as well.
      if (error instanceof Error && throttleErrors.includes(error.name)) throw error
      logger.error('an offer could not be reconciled', {
        offerId,
        error: error instanceof Error ? error : String(error),
      })
      this.#first ??= { error }
    }
  }

  rethrow(): void {
    if (this.#first !== undefined) throw this.#first.error
  }
}

/** Absence from a list is never proof: the offer itself is read first. */
async function reconcileAbsent(offerId: string, context: ScanContext): Promise<void> {
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
  if (inspection.state !== 'pending') return { ref, pending: false }
  return { ref, pending: true, facts: () => Promise.resolve(inspection.facts) }
}
