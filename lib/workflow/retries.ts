import { lambdaFailures, lambdaThrottleErrors, throttleErrors } from '../../lambda/contract/errors.ts'
import { looksAtReceived, settleLeaseSeconds } from '../../lambda/contract/timing.ts'
import type { Retrier } from './asl.ts'

/**
 * Being asked to slow down is never a failure. Full jitter makes a wait half its bound on average:
 * 2,000 attempts * 300 s = 600,000 s, nearly 7 days, the longest that AWS leaves an offer open. Each attempt adds 3
 * events to the history: 6,000 of the 25,000 that an execution may have.
 */
export const throttleRetry: Retrier = {
  ErrorEquals: [...lambdaThrottleErrors, ...throttleErrors],
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxDelaySeconds: 600,
  MaxAttempts: 2_000,
  JitterStrategy: 'FULL',
}

/** Up to 2 + 4 + 8 + 16 + 32 + 64 = 126 s, half of it on average; after that the scan starts the next run. */
const passingRetry = {
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxAttempts: 6,
  JitterStrategy: 'FULL',
} as const

/** For functions that may run twice at a time without harm. */
export const serviceRetry: Retrier = { ErrorEquals: ['ServiceUnavailable', ...lambdaFailures], ...passingRetry }

/** The same for a task that waits for people: there a timeout is the deadline and no failure. */
export const askRetry: Retrier = {
  ErrorEquals: serviceRetry.ErrorEquals.filter((name) => name !== 'States.Timeout'),
  ...passingRetry,
}

/**
 * A settling attempt is surely dead after the lease (60 s), so the next starts no earlier and without jitter, which
 * would shorten the wait: 60 + 120 + 240 + 480 = 900 s in all.
 */
export const settleRetry: Retrier = {
  ErrorEquals: serviceRetry.ErrorEquals,
  IntervalSeconds: settleLeaseSeconds,
  BackoffRate: 2,
  MaxAttempts: 4,
  JitterStrategy: 'NONE',
}

/** IAM checks what the delegator role may do: 10 + 15 + 23 + 34 + 51 + 76 + 114 + 3 * 120 = 683 s, then the run fails. */
export const checkRetry: Retrier = {
  ErrorEquals: ['CheckRunning'],
  IntervalSeconds: 10,
  BackoffRate: 1.5,
  MaxDelaySeconds: 120,
  MaxAttempts: 10,
  JitterStrategy: 'NONE',
}

/** RAM takes a while to show a share that we are in: 5 + 10 + 20 + 40 + 60 = 135 s, then the case closes all the same. */
export const visibleRetry: Retrier = {
  ErrorEquals: ['NotVisibleYet'],
  IntervalSeconds: 5,
  BackoffRate: 2,
  MaxDelaySeconds: 60,
  MaxAttempts: looksAtReceived,
  JitterStrategy: 'NONE',
}

/** IAM works on the request: it takes minutes. 2 + 4 + 8 + 15 * 9 = 149 minutes. */
export const busyRetry: Retrier = {
  ErrorEquals: ['OfferBusy'],
  IntervalSeconds: 120,
  BackoffRate: 2,
  MaxDelaySeconds: 900,
  MaxAttempts: 12,
  JitterStrategy: 'NONE',
}
