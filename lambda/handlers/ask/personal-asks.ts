import { floodOfOffers } from '../../contract/log-lines.ts'
import type { OfferState, Round } from '../../domain/state.ts'
import type { FloodStore } from '../../ledger/flood-store.ts'
import { logger } from '../serve.ts'
import type { AskDeps } from './ask-deps.ts'

interface Places {
  floods: FloodStore
  now: () => Date
}

/** So many open asks of one counterparty to one account get messages of their own; the others wait for a digest. */
export function createPersonalAsks({ floods, now }: Places): AskDeps['takesPersonalAsk'] {
  return async ({ offerId, ref }: OfferState, { counterparty, judged }: Round) => {
    const untilMs = Date.parse(judged?.deadline.at ?? '')
    const party = { account: ref.account, counterparty }
    const taken = await floods.take({ ...party, offerId, untilMs }, now())
    if (taken === 'flood-begins') logger.error(floodOfOffers, { offerId, ...party })
    return taken === 'personal'
  }
}

/** Gives the place back, in whatever round it was taken; that of another counterparty ends with the deadline. */
export function createRelease({ floods, now }: Places): (state: OfferState) => Promise<void> {
  return async ({ offerId, ref, round, askedPeople }) => {
    if (round?.asked === undefined && askedPeople.size === 0) return
    await floods.release({ account: ref.account, counterparty: round?.counterparty ?? null, offerId }, now())
  }
}
