/** What this instance found just now: cases that it looked after, and those that a worker was answering. */
export interface Lately {
  has: (what: string) => boolean
  add: (what: string) => void
}

/** Less than any interval of sweeps, which look at every case whatever is known here; as long as a scan of some hundred. */
const latelyMs = 45_000

/** A clock that was set back makes everything long ago. */
export function isLately(atMs: number, nowMs: number): boolean {
  return nowMs >= atMs && nowMs - atMs < latelyMs
}

/**
 * RAM's events name no offer, so each asks for a listing: of a burst, every listing would read and start again what the
 * one before has just started.
 */
export function createLately(nowMs: () => number): Lately {
  const seenAtMs = new Map<string, number>()
  return {
    has: (what) => isLately(seenAtMs.get(what) ?? Number.NaN, nowMs()),
    add: (what) => {
      // Again at the end, so that the oldest come first and go first.
      seenAtMs.delete(what)
      seenAtMs.set(what, nowMs())
      for (const [old, atMs] of seenAtMs) {
        if (isLately(atMs, nowMs())) break
        seenAtMs.delete(old)
      }
    },
  }
}
