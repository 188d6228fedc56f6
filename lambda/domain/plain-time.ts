const formatter = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})

/** `20 November 2026, 17:00 UTC`. */
export function formatUtc(at: string | Date): string {
  const parts = new Map(formatter.formatToParts(new Date(at)).map(({ type, value }) => [type, value]))
  const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? ''
  return `${part('day')} ${part('month')} ${part('year')}, ${part('hour')}:${part('minute')} UTC`
}

const units = [
  { name: 'day', ms: 86_400_000, upTo: Infinity },
  { name: 'hour', ms: 3_600_000, upTo: 48 },
  { name: 'minute', ms: 60_000, upTo: 90 },
]

/** `in 5 hours`, `3 days ago`; rounded down, so that nobody is promised more time than there is. */
export function relativeTo(now: Date, at: string | Date): string {
  const distance = new Date(at).getTime() - now.getTime()
  const words = formatDuration(Math.abs(distance))
  return distance >= 0 ? `in ${words}` : `${words} ago`
}

/** `5 hours`; rounded down to the one unit that fits. */
export function formatDuration(ms: number): string {
  const unit = units.findLast(({ ms: one, upTo }) => ms < one * upTo) ?? { name: 'day', ms: 86_400_000 }
  const count = Math.floor(ms / unit.ms)
  return count === 0 ? 'less than a minute' : `${count} ${unit.name}${count === 1 ? '' : 's'}`
}
