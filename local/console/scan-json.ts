import { cleanText } from '../../lambda/domain/hostile-text.ts'
import { formatDuration } from '../../lambda/domain/plain-time.ts'
import { ageMs, isFailing, type Place } from '../../lambda/domain/place.ts'
import type { ChainProgress } from '../../lambda/domain/scan-chain.ts'

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
  /** A scan in several steps, while it goes on. */
  underWay: (ChainProgress & { stalled: boolean }) | null
}

const longestError = 300

/** The one that waits longest first. */
export function scansJson(places: readonly Place[], now: Date): ScanJson[] {
  return places
    .map((place) => {
      const { account, region, kind, since, completeAt, pending, lastFailure, underWay } = place
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
        underWay:
          underWay === undefined ? null : { ...underWay, stalled: Date.parse(underWay.freshUntil) < now.getTime() },
      }
    })
    .sort((a, b) => b.ageSeconds - a.ageSeconds || orderOf(a).localeCompare(orderOf(b)))
}

/** `listing for 12 minutes: 300 pages, 40 pending, step 24 began 10 seconds ago` */
export function underWayText({ underWay }: Pick<ScanJson, 'underWay'>, now: Date): string {
  if (underWay === null) return '-'
  const { phase, startedAt, at, pages, pending, waiting, steps, failures, stalled } = underWay
  const since = (time: string): string => formatDuration(Math.max(0, now.getTime() - Date.parse(time)))
  return [
    `${phase === 'listing' ? 'listing' : 'looking after open cases'} for ${since(startedAt)}`,
    `${pages} pages`,
    `${pending} pending${waiting === 0 ? '' : ` and ${waiting} to be read`}`,
    `${steps} steps, the last ${since(at)} ago`,
    ...(failures === 0 ? [] : [`${failures} failures in a row`]),
    ...(stalled ? ['nobody works on it: the next sweep goes on'] : []),
  ].join(', ')
}

function orderOf({ account, region, kind }: ScanJson): string {
  return `${account} ${region} ${kind}`
}
