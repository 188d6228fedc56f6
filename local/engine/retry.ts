import { isErrorMatched } from './errors.ts'
import type { Retrier } from './definition/model.ts'

/** Index of the retrier that takes the error, or -1: only the first that matches counts, and it may be used up. */
export function chooseRetrier(retriers: readonly Retrier[], error: string, attempts: readonly number[]): number {
  const index = retriers.findIndex((retrier) => isErrorMatched(retrier.errors, error))
  const retrier = retriers[index]
  return retrier !== undefined && (attempts[index] ?? 0) < retrier.maxAttempts ? index : -1
}

/** `interval * rate^attempts`, capped, and with full jitter anything between 0 and that. `attempts` counts from 0. */
export function retryDelayMs(retrier: Retrier, attempts: number, random: () => number): number {
  const grown = retrier.intervalSeconds * retrier.backoffRate ** attempts
  const seconds = Math.min(grown, retrier.maxDelaySeconds ?? Infinity, longestWaitSeconds)
  return Math.round((retrier.isJittered ? seconds * random() : seconds) * 1000)
}

/** An execution lives a year at most; a longer wait is the same as that. */
const longestWaitSeconds = 366 * 24 * 3600
