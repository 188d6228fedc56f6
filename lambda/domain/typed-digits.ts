import type { OfferState } from './state.ts'

/**
 * What a voter types in, so that a scanner that posts forms does nothing: the last four digits of the counterparty's
 * account, or of the offer id when the counterparty is unknown.
 */
export function expectedDigits(
  offer: Pick<OfferState, 'offerId'> & { round?: { counterparty: string | null } | undefined },
): string {
  return (offer.round?.counterparty ?? offer.offerId).slice(-4)
}
