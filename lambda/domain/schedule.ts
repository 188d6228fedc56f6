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

export interface AskingTimes {
  /** Fractions of the time left at asking, ascending. */
  remindAt: readonly number[]
  escalateAt: number
}

/** Timers and clocks differ by a little: what is due within this is due now. */
const toleranceMs = 5_000

interface Asking {
  /** ISO time of the asking, and the deadline that was asked for. */
  askedAt: string
  deadlineAt: string
  times: AskingTimes
  now: Date
}

/** How many reminders should have gone out by now. */
export function remindersDue({ times, now, ...asking }: Asking): number {
  return times.remindAt.filter((fraction) => pointMs(asking, fraction) <= now.getTime() + toleranceMs).length
}

export function escalationDue({ times, now, ...asking }: Asking): boolean {
  return pointMs(asking, times.escalateAt) <= now.getTime() + toleranceMs
}

/** Whole seconds until the next reminder, escalation or the deadline; 0 at the deadline, else at least 1. */
export function secondsToNextCheck({ times, now, ...asking }: Asking): number {
  const points = [...times.remindAt, times.escalateAt].map((fraction) => pointMs(asking, fraction))
  const ahead = points.filter((point) => point > now.getTime() + toleranceMs)
  const next = Math.min(...ahead, Date.parse(asking.deadlineAt))
  return Math.max(0, Math.ceil((next - now.getTime()) / 1000))
}

function pointMs({ askedAt, deadlineAt }: Pick<Asking, 'askedAt' | 'deadlineAt'>, fraction: number): number {
  const from = Date.parse(askedAt)
  return from + Math.max(0, Date.parse(deadlineAt) - from) * fraction
}
