/** Making one is slow; there are as many as approvers' zones. */
const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterFor(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  formatters.set(timeZone, made)
  return made
}

function partsIn(timeZone: string, at: string | Date): { day: string; time: string } {
  const parts = new Map(
    formatterFor(timeZone)
      .formatToParts(new Date(at))
      .map(({ type, value }) => [type, value]),
  )
  const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? ''
  return { day: `${part('day')} ${part('month')} ${part('year')}`, time: `${part('hour')}:${part('minute')}` }
}

/** `20 November 2026, 17:00 UTC`. */
export function formatUtc(at: string | Date): string {
  const { day, time } = partsIn('UTC', at)
  return `${day}, ${time} UTC`
}

/** `20 November 2026, 18:00 (Europe/Berlin), 17:00 UTC`; only UTC for who has no zone. */
export function formatInZone(at: string | Date, timeZone: string | undefined): string {
  if (timeZone === undefined || timeZone === 'UTC') return formatUtc(at)
  const [theirs, utc] = [partsIn(timeZone, at), partsIn('UTC', at)]
  const there = `${theirs.day}, ${theirs.time} (${timeZone.replaceAll('_', ' ')})`
  return `${there}, ${theirs.day === utc.day ? `${utc.time} UTC` : formatUtc(at)}`
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
