import type { Deadline } from './event.ts'

export interface DeadlineInput {
  /** ISO time at which AWS ends the offer, or null. */
  expiresAt: string | null
  /** ISO time of the last `detected` or `reopened`. */
  openedAt: string
  /** End of the window that people were already asked in. */
  askedUntil: string | undefined
  now: Date
  marginMs: number
  windowMs: number
}

/**
 * When the default is applied. AWS's own expiry less the margin, else the configured window from the last opening,
 * never from the offer's own date. A window that ran out while nobody was asked (a run that died) starts anew: only an
 * expiry that AWS sets may lead to the default without asking.
 */
export function deadlineOf(input: DeadlineInput): Deadline {
  const { expiresAt, openedAt, askedUntil, now, marginMs, windowMs } = input
  if (expiresAt !== null) return { at: new Date(Date.parse(expiresAt) - marginMs).toISOString(), from: 'expiry' }
  if (askedUntil !== undefined) return { at: askedUntil, from: 'window' }
  const end = Date.parse(openedAt) + windowMs
  const missed = end <= now.getTime()
  return { at: new Date(missed ? now.getTime() + windowMs : end).toISOString(), from: 'window' }
}

/** Whole seconds until an ISO time, 0 when it has come: task timeouts are integers, and 0 leads past asking. */
export function secondsUntil(at: string, now: Date): number {
  return Math.max(0, Math.ceil((Date.parse(at) - now.getTime()) / 1000))
}
