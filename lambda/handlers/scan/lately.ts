/** Cases that this instance found open, and looked after, just now. */
export interface Lately {
  has: (offerId: string) => boolean
  add: (offerId: string) => void
}

/** Far less than a sweep's interval, which looks at every case whatever is known here. */
const latelyMs = 10_000

/**
 * RAM's events name no offer, so each asks for a listing: of a burst, every listing would read and start again what the
 * one before has just started. A clock that was set back makes everything long ago.
 */
export function createLately(nowMs: () => number): Lately {
  const seenAtMs = new Map<string, number>()
  const isLately = (atMs: number): boolean => nowMs() >= atMs && nowMs() - atMs < latelyMs
  return {
    has: (offerId) => isLately(seenAtMs.get(offerId) ?? Number.NaN),
    add: (offerId) => {
      // Again at the end, so that the oldest come first and go first.
      seenAtMs.delete(offerId)
      seenAtMs.set(offerId, nowMs())
      for (const [old, atMs] of seenAtMs) {
        if (isLately(atMs)) break
        seenAtMs.delete(old)
      }
    },
  }
}
