import { NotVisibleYet, ServiceThrottled, ServiceUnavailable } from '../../contract/errors.ts'
import type { CloseInput } from '../../contract/states.ts'
import { looksAtReceived } from '../../contract/timing.ts'
import type { Received } from '../../domain/event.ts'
import type { Facts, Receipt } from '../../domain/facts.ts'
import { receivedOf } from '../../domain/received.ts'
import { isCurrent } from '../../domain/state.ts'
import type { OfferRef } from '../../domain/offer.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { logger } from '../serve.ts'

export interface SeeDeps {
  ledger: Ledger
  /** What AWS shows of what an accept gave us; undefined for a kind that gives nothing to see. Only reads, and not for long. */
  look: (ref: OfferRef, decided: Facts | undefined) => Promise<Receipt | undefined>
}

/**
 * Records what an accept gave us. AWS takes a while to show it, so the workflow tries again, a few times: throws
 * `NotVisibleYet`. Whatever goes wrong then is recorded, too, and never keeps a case from closing.
 */
export async function seeReceived(input: CloseInput, deps: SeeDeps): Promise<void> {
  const { offerId, run, round, finding } = input
  const { state, factsOf } = await deps.ledger.readWithFacts(offerId)
  if (finding !== 'accepted' || state === undefined || !isCurrent(state, run) || state.received?.run === run) return
  // Looks that kill the function are given up, too.
  if (input.try > looksAtReceived) return
  const factsHash = state.round?.factsHash ?? null
  const decided = (): Facts | undefined => (factsHash === null ? undefined : factsOf(factsHash))
  const data = await look(input, deps, { ref: state.ref, decided })
  if (data === undefined) return
  if (data.changed.length > 0) logger.warn('what we got is not what was offered', { offerId, changed: data.changed })
  const event = { type: 'received' as const, actor: 'workflow', run, round, factsHash, step: 'received', data }
  await deps.ledger.record(offerId, (fresh) => (fresh !== undefined && isCurrent(fresh, run) ? event : undefined))
}

async function look(
  { try: tries }: CloseInput,
  deps: SeeDeps,
  { ref, decided }: { ref: OfferRef; decided: () => Facts | undefined },
): Promise<Received | undefined> {
  const isLast = tries >= looksAtReceived
  try {
    const facts = decided()
    const receipt = await deps.look(ref, facts)
    if (receipt !== undefined && (!receipt.visible || receipt.partial === true) && !isLast)
      throw new NotVisibleYet('AWS does not show all of it yet')
    return receipt && receivedOf(receipt, facts)
  } catch (error) {
    const passes = error instanceof ServiceThrottled || error instanceof ServiceUnavailable
    if (error instanceof NotVisibleYet) throw error
    if (passes && !isLast) throw new NotVisibleYet(error.message, { cause: error })
    const problem = error instanceof Error ? error.message.slice(0, 500) : 'unknown'
    return { visible: false, seen: {}, changed: [], problem }
  }
}
