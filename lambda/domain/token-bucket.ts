/** So many tokens come back each second, and so many can be taken at once. */
export interface Rate {
  perSecond: number
  atOnce: number
}

/** Nobody waits. */
export const unbounded: Rate = { perSecond: Infinity, atOnce: 1 }

/** A share of what an account may call each second; with all that is taken at once, no second has more than the quota. */
export function rateOf(quotaPerSecond: number, share: number): Rate {
  const spare = Math.floor(quotaPerSecond * Math.min(share, 1 - share))
  return { perSecond: quotaPerSecond * share, atOnce: Math.max(1, spare) }
}

/** How long until there is a token. The whole state of a bucket is when it will be full again. */
export function tokenWaitMs(rate: Rate, fullAtMs: number, nowMs: number): number {
  const { tokenMs, missingMs } = measure(rate, fullAtMs, nowMs)
  return Math.max(0, missingMs - (rate.atOnce - 1) * tokenMs)
}

/** When the bucket will be full again after one more was taken. */
export function fullAfterTaking(rate: Rate, fullAtMs: number, nowMs: number): number {
  const { tokenMs, missingMs } = measure(rate, fullAtMs, nowMs)
  return nowMs + missingMs + tokenMs
}

/** What is missing is never more than all of it: a clock that was set back keeps nobody waiting. */
function measure({ perSecond, atOnce }: Rate, fullAtMs: number, nowMs: number): { tokenMs: number; missingMs: number } {
  const tokenMs = 1000 / perSecond
  return { tokenMs, missingMs: Math.min(atOnce * tokenMs, Math.max(0, fullAtMs - nowMs)) }
}
