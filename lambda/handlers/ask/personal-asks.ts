import { floodOfOffers } from '../../contract/log-lines.ts'
import type { OfferState, Round } from '../../domain/state.ts'
import type { FloodStore } from '../../ledger/flood-store.ts'
import { logger } from '../serve.ts'
import type { AskDeps } from './ask-deps.ts'

/** So many open asks of one counterparty to one account get messages of their own; the others wait for a digest. */
export function createPersonalAsks({
  floods,
  now,
}: {
  floods: FloodStore
  now: () => Date
}): AskDeps['takesPersonalAsk'] {
  return async ({ offerId, ref }: OfferState, { counterparty, judged }: Round) => {
    const untilMs = Date.parse(judged?.deadline.at ?? '')
    const party = { account: ref.account, counterparty }
    const taken = await floods.take({ ...party, offerId, untilMs }, now())
    if (taken === 'flood-begins') logger.error(floodOfOffers, { offerId, ...party })
    return taken === 'personal'
  }
}
