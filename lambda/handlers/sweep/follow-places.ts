import type { Target } from '../../domain/offer.ts'
import { ageMs, isFailing, placeId, type Place } from '../../domain/place.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { PlaceStore } from '../../ledger/place-store.ts'
import { logger } from '../serve.ts'

export interface PlacesDeps {
  ledger: Ledger
  places: PlaceStore
  now: () => Date
}

export interface PlacesReport {
  /** Of all governed places, how long the one that waits longest has not been listed to its end. */
  oldestScanSeconds: number
  /** Places whose last listing failed. */
  failing: number
}

/** Keeps the list of the places that are swept, and says how their scans go. */
export async function followPlaces(
  { targets, isNew }: { targets: readonly Target[]; isNew: boolean },
  deps: PlacesDeps,
): Promise<PlacesReport> {
  const { places, now } = deps
  const known = await places.list()
  const governed = new Set(targets.map(placeId))
  await addNew(targets, known, deps)
  await reportLeft(governed, deps.ledger)
  const isLeft = (place: Place): boolean => isNew && !governed.has(placeId(place))
  await places.remove(known.filter(isLeft))
  const followed = known.filter((place) => !isLeft(place))
  const oldestMs = followed.reduce((oldest, place) => Math.max(oldest, ageMs(place, now())), 0)
  return { oldestScanSeconds: Math.floor(oldestMs / 1000), failing: followed.filter(isFailing).length }
}

async function addNew(targets: readonly Target[], known: readonly Place[], { places, now }: PlacesDeps): Promise<void> {
  const ids = new Set(known.map(placeId))
  await places.add(
    targets.filter((target) => !ids.has(placeId(target))),
    now(),
  )
}

/** Cases stay open in an account that left: nobody may touch its offers, so a person has to know. */
async function reportLeft(governed: ReadonlySet<string>, ledger: Ledger): Promise<void> {
  const left = new Map<string, { target: Target; offerIds: string[] }>()
  for (const status of ['open', 'awaiting-approval'] as const) {
    for await (const { account, region, kind, offerId } of ledger.summaries(status)) {
      const target = { account, region, kind }
      if (governed.has(placeId(target))) continue
      const found = left.get(placeId(target)) ?? { target, offerIds: [] }
      left.set(placeId(target), { target, offerIds: [...found.offerIds, offerId] })
    }
  }
  for (const { target, offerIds } of left.values())
    logger.error('open cases are in a place that is not governed any more', {
      ...target,
      cases: offerIds.length,
      offerIds: offerIds.slice(0, 10),
    })
}
