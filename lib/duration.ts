const unitMs = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
} as const
type Unit = keyof typeof unitMs

const durationForm = /^(0|[1-9]\d{0,6}) (second|minute|hour|day|week)s?$/

/** Milliseconds of `15 minutes`, `1 hour`, `7 days`; undefined for any other text. */
export function millisecondsOf(text: string): number | undefined {
  const [, amount, unit] = durationForm.exec(text) ?? []
  return amount === undefined || !isUnit(unit) ? undefined : Number(amount) * unitMs[unit]
}

function isUnit(text: string | undefined): text is Unit {
  return text !== undefined && text in unitMs
}
