import type { Target } from '../domain/offer.ts'

/** Primary keys of the ledger table's items. */
export interface ItemKey extends Record<string, string> {
  pk: string
  sk: string
}

export function offerPartition(offerId: string): string {
  return `OFFER#${offerId}`
}

/** Ten digits, so that the order of keys is the order of events. */
export function eventKey(offerId: string, seq: number): ItemKey {
  return { pk: offerPartition(offerId), sk: `EVENT#${String(seq).padStart(10, '0')}` }
}

export function factsPrefix(factsHash: string): string {
  return `FACTS#${factsHash}#`
}

export function factsKey(offerId: string, factsHash: string, chunk: number): ItemKey {
  return { pk: offerPartition(offerId), sk: `${factsPrefix(factsHash)}${String(chunk).padStart(4, '0')}` }
}

export function summaryKey(offerId: string): ItemKey {
  return { pk: offerPartition(offerId), sk: 'SUMMARY' }
}

export function askKey(offerId: string): ItemKey {
  return { pk: `ASK#${offerId}`, sk: 'ASK' }
}

export function linkKey(tokenHash: string): ItemKey {
  return { pk: `LINK#${tokenHash}`, sk: 'LINK' }
}

/** A link by which somebody tells of requests: not one that votes. */
export function intakeKey(tokenHash: string): ItemKey {
  return { pk: `LINK#${tokenHash}`, sk: 'INTAKE' }
}

/** How often wrong characters were typed with a link: beside it, so that both are read in one call. */
export function triesKey(tokenHash: string): ItemKey {
  return { pk: `LINK#${tokenHash}`, sk: 'ATTEMPTS' }
}

export function scanKey(target: Target): ItemKey {
  return { pk: `SCAN#${target.account}#${target.region}#${target.kind}`, sk: 'SCAN' }
}

/** What went wrong with a listing last: beside the scan, so that neither write undoes the other. */
export function scanFailureKey(target: Target): ItemKey {
  return { ...scanKey(target), sk: 'FAILURE' }
}

/** That a target is swept, and since when. */
export function placeKey(target: Target): ItemKey {
  return { ...scanKey(target), sk: 'PLACE' }
}

/** Has all items of scans listed by the index of statuses, the oldest first. */
export function scanIndexKeys(at: string): { status: 'scan'; deadlineKey: string } {
  return { status: 'scan', deadlineKey: at }
}

export const censusPartition = 'ORGANIZATION'

export function censusAccountKey(account: string): ItemKey {
  return { pk: censusPartition, sk: `ACCOUNT#${account}` }
}

/** When the organization was last listed to its end. */
export function censusKey(): ItemKey {
  return { pk: censusPartition, sk: 'CENSUS' }
}

/** A scan in several steps: beside what was complete last, so that neither write undoes the other. */
export function chainKey(target: Target): ItemKey {
  return { pk: scanKey(target).pk, sk: 'CHAIN' }
}

/** How it goes: small, and listed by the index. */
export function chainProgressKey(target: Target): ItemKey {
  return { pk: scanKey(target).pk, sk: 'PROGRESS' }
}

/** That it has to be followed by another one. */
export function chainFollowedKey(target: Target): ItemKey {
  return { pk: scanKey(target).pk, sk: 'FOLLOWED' }
}

export function transferPartition({ account, region }: Pick<Target, 'account' | 'region'>): string {
  return `TRANSFER#${account}#${region}`
}

export function transferKey(place: Pick<Target, 'account' | 'region'>, certificateId: string): ItemKey {
  return { pk: transferPartition(place), sk: certificateId }
}

/** Who holds the places for personal messages, of one counterparty's asks to one account. */
export function floodKey(account: string, counterparty: string | null): ItemKey {
  return { pk: `FLOOD#${account}#${counterparty ?? 'unknown'}`, sk: 'FLOOD' }
}

export function digestPartition(group: string): string {
  return `DIGEST#${group}`
}

/** Sorts by deadline. Another stage of the asking is another entry. */
export function digestEntryKey(group: string, entry: { deadlineAt: string; offerId: string; stage: string }): ItemKey {
  return { pk: digestPartition(group), sk: `ENTRY#${entry.deadlineAt}#${entry.offerId}#${entry.stage}` }
}

/** Sorts behind all that is asked: who has to answer goes first. */
export function digestEndingKey(group: string, entry: { closedAt: string; offerId: string; run: number }): ItemKey {
  return { pk: digestPartition(group), sk: `ENTRY#ended#${entry.closedAt}#${entry.offerId}#${entry.run}` }
}

export function digestHourKey(group: string, hour: string): ItemKey {
  return { pk: digestPartition(group), sk: `HOUR#${hour}` }
}

export function digestSentKey(group: string, hour: string, approver: string): ItemKey {
  return { pk: digestPartition(group), sk: `SENT#${hour}#${approver}` }
}

export function openKeyOf(target: Target): string {
  return `open#${target.account}#${target.region}#${target.kind}`
}
