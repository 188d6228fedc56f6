import { createHmac, timingSafeEqual } from 'node:crypto'

export interface SignedRequest {
  /** Byte for byte as it came. */
  body: string
  /** Header `X-Slack-Request-Timestamp`: seconds since 1970. */
  timestamp: string
  /** Header `X-Slack-Signature`. */
  signature: string
}

/** Slack's own advice; clocks may differ in both directions. */
const windowSeconds = 5 * 60

/**
 * Whether Slack signed this, not long ago. It proves Slack, not the person, and not that it comes for the first time.
 * https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export function isSignedBySlack({ body, timestamp, signature }: SignedRequest, by: SignedBy): boolean {
  if (!/^\d{1,12}$/.test(timestamp)) return false
  if (Math.abs(by.now.getTime() / 1000 - Number(timestamp)) > windowSeconds) return false
  const expected = Buffer.from(
    `v0=${createHmac('sha256', by.signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}`,
  )
  const given = Buffer.from(signature)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

export interface SignedBy {
  signingSecret: string
  now: Date
}
