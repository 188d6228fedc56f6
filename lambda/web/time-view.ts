import { markup, type Markup } from '../contract/markup.ts'
import { formatInZone, relativeTo } from '../domain/plain-time.ts'

/** When a page is read, and where. */
export interface Reading {
  now: Date
  /** IANA name; without it times are in UTC alone. */
  timeZone?: string | undefined
}

/** `20 November 2026, 18:00 (Europe/Berlin), 17:00 UTC (in 5 hours)`. */
export function renderTime(at: string, { now, timeZone }: Reading): Markup {
  return markup`<time datetime="${at}">${formatInZone(at, timeZone)}</time> (${relativeTo(now, at)})`
}
