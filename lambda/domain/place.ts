import type { Target } from './offer.ts'
import type { ChainProgress } from './scan-chain.ts'

/** A governed account, region and kind, and how its scans go. */
export interface Place extends Target {
  /** ISO time of the first sweep that asked for it. */
  since: string
  /** When it was last listed to its end, and how many offers were pending then. */
  completeAt?: string | undefined
  pending?: number | undefined
  /** Why a listing failed last; before `completeAt` it is over. */
  lastFailure?: { at: string; error: string } | undefined
  /** A scan in several steps that is not over. */
  underWay?: ChainProgress | undefined
}

export function placeId({ account, region, kind }: Target): string {
  return `${account}/${region}/${kind}`
}

/** Since the last complete scan; where there was none, since the first sweep. */
export function ageMs({ completeAt, since }: Place, now: Date): number {
  return Math.max(0, now.getTime() - Date.parse(completeAt ?? since))
}

export function isFailing({ completeAt, lastFailure }: Place): boolean {
  return lastFailure !== undefined && (completeAt === undefined || lastFailure.at > completeAt)
}
