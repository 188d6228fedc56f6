import { markup, type Markup } from '../contract/markup.ts'
import { formatUtc, relativeTo } from '../domain/plain-time.ts'

/** `20 November 2026, 17:00 UTC (in 5 hours)`. */
export function renderTime(at: string, now: Date): Markup {
  return markup`<time datetime="${at}">${formatUtc(at)}</time> (${relativeTo(now, at)})`
}
