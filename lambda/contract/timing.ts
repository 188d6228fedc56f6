/** A settling function lives at most this long; it leaves no call running after it. */
export const settleFunctionSeconds = 30

/** Its task waits longer than the function can live, so that a task timeout never leaves a live attempt behind. */
export const settleTaskSeconds = 45

/**
 * No second settling attempt starts before the first is surely dead: function timeout 30 s, plus 30 s in which Lambda
 * may start it late.
 */
export const settleLeaseSeconds = 60

/** Whoever recorded that people are asked sends within this time, as long as a step's function lives; later others do. */
export const askLeaseSeconds = 60

/** Numbers that each entry of a waiting state has for its tries: more than all its retries together (2,018). */
export const triesPerAsk = 10_000

/** Run n+1 starts `60 s * 2^(failures in a row - 1)` after the failure, at most an hour: never inside the lease. */
export const runBackoffSeconds = { first: 60, most: 3600 } as const

/** A person is told after this many failed runs in a row. */
export const failuresBeforeTelling = 5

/** A step of a long scan that was not heard of for so long died: a scan function lives 180 s. */
export const scanStepSeconds = 300

/** Of the sweep's 300 s: an organization that is not listed by then must not keep its accounts from being swept. */
export const censusSeconds = 200

/** How long AWS's listings may lag behind an answer of ours. */
export const consistencySeconds = 300

/** After so many looks at what an accept gave us, 5 + 10 + 20 + 40 + 60 = 135 s, the case closes whatever they showed. */
export const looksAtReceived = 5

/** One look takes no longer: the same function then tells people how the case ended. */
export const lookSeconds = 15

/** Links show the outcome for this long after their deadline. */
export const linkKeptDays = 90

/** When run n+1 may start, counted from the last failure. */
export function runBackoffMs(failures: number): number {
  return Math.min(runBackoffSeconds.most, runBackoffSeconds.first * 2 ** Math.max(0, failures - 1)) * 1000
}
