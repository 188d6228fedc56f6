import type { Hint } from '../../contract/states.ts'
import { specOf } from '../../domain/kinds.ts'
import { offerIdOf, type Target } from '../../domain/offer.ts'
import { logger } from '../serve.ts'
import { look, reconcileAbsent, sightingOf } from './look-after.ts'
import { reconcileOffer, type ScanContext } from './reconcile-offer.ts'
import type { ScanDeps } from './scan-deps.ts'
import { scanTarget } from './scan-target.ts'

/**
 * One scan: of one offer when the hint names it, else of everything pending at its target. `byEvent`: only what is new
 * matters; the sweep looks at every case.
 */
export async function runHint(hint: Hint, deps: ScanDeps, byEvent = false): Promise<void> {
  if ('offerId' in hint) {
    await scanKnown(hint.offerId, deps)
    return
  }
  const { awsId, initiator, chain, ...target } = hint
  if (!(await deps.governs(target))) {
    logger.warn('a hint about a place that is not governed was dropped', { ...target })
    return
  }
  const context: ScanContext = { kind: await deps.open(target), deps }
  if (awsId === undefined) await scanTarget({ target, byEvent, named: chain }, context)
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
  if (ref !== undefined) await reconcileOffer({ ...(await sightingOf({ ref }, context.kind)), initiator }, context)
  const here = ref === undefined ? undefined : offerIdOf(ref)
  for await (const offerId of openCasesOf(named, context)) {
    if (offerId !== here) await reconcileAbsent(offerId, context)
  }
}

/** Where AWS's id is the whole identity it names the case; a certificate may have several, one a transfer. */
async function* openCasesOf(named: Target & { awsId: string }, { deps }: ScanContext): AsyncIterable<string> {
  if (specOf(named.kind).isDated !== true) {
    yield offerIdOf(named)
    return
  }
  for await (const { offerId, awsId } of deps.ledger.openOffers(named)) if (awsId === named.awsId) yield offerId
}
