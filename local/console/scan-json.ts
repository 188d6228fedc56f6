import { cleanText } from '../../lambda/domain/hostile-text.ts'
import { ageMs, isFailing, type Place } from '../../lambda/domain/place.ts'

/** How scans of one place go, for people and programs alike. */
export interface ScanJson {
  account: string
  region: string
  kind: string
  /** When a sweep first asked for it. */
  since: string
  lastComplete: string | null
  /** Since the last complete scan; where there was none, since the first sweep. */
  ageSeconds: number
  /** Offers that were pending then. */
  pending: number | null
  failing: boolean
  lastFailure: { at: string; error: string } | null
}

const longestError = 300

/** The one that waits longest first. */
export function scansJson(places: readonly Place[], now: Date): ScanJson[] {
  return places
    .map((place) => {
      const { account, region, kind, since, completeAt, pending, lastFailure } = place
      return {
        account,
        region,
        kind,
        since,
        lastComplete: completeAt ?? null,
        ageSeconds: Math.floor(ageMs(place, now) / 1000),
        pending: pending ?? null,
        failing: isFailing(place),
        lastFailure:
          lastFailure === undefined ? null : { at: lastFailure.at, error: cleanText(lastFailure.error, longestError) },
      }
    })
    .sort((a, b) => b.ageSeconds - a.ageSeconds || orderOf(a).localeCompare(orderOf(b)))
}

function orderOf({ account, region, kind }: ScanJson): string {
  return `${account} ${region} ${kind}`
}
