import type { Target } from '../../domain/offer.ts'

/** Targets that this instance has listed to their end. */
export interface Listings {
  /** Such a listing began after this was sent: it has shown what this tells of. */
  cover: (target: Target, sentAtMs: number) => boolean
  /** Nothing went wrong with one that began then. */
  note: (target: Target, beganAtMs: number) => void
}

/** AWS may show an offer a moment after its event: a listing that follows an event at once covers none but that. */
const marginMs = 1000

/** Undefined: no listing began. */
export function isCovered(sentAtMs: number, beganAtMs = -Infinity): boolean {
  return sentAtMs + marginMs <= beganAtMs
}

/**
 * RAM's events name no offer, so each asks for a listing: of a burst, most wait in the queue while one listing shows what
 * all of them tell of. What a sweep asks for is covered only by what looked at every case.
 */
export function createListings(): Listings {
  const beganAtMs = new Map<string, number>()
  return {
    cover: (target, sentAtMs) => isCovered(sentAtMs, beganAtMs.get(keyOf(target))),
    note: (target, atMs) => {
      beganAtMs.set(keyOf(target), atMs)
    },
  }
}

function keyOf({ kind, account, region }: Target): string {
  return `${kind}/${account}/${region}`
}
