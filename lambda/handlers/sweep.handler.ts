import * as z from 'zod'
import type { Hint } from '../contract/states.ts'
import {
  censusStore,
  dueSoonUntil,
  governance,
  hintQueue,
  ledger,
  listsOrganization,
  now,
  placeStore,
} from '../deps.ts'
import { governedTargets } from '../domain/governed.ts'
import type { HintQueue } from '../notify/hint-queue.ts'
import { inParallel } from './parallel.ts'
import { serve } from './serve.ts'
import { followPlaces, type PlacesDeps, type PlacesReport } from './sweep/follow-places.ts'
import { takeCensus, type CensusDeps } from './sweep/take-census.ts'

export interface SweepDeps extends CensusDeps, PlacesDeps {
  queue: HintQueue
  /** Asks whose deadline is near. */
  countDueSoon: () => Promise<number>
}

export interface Swept extends PlacesReport {
  accounts: number
  targets: number
  hints: number
  /** A metric filter reads it from the log: throttled votes are worse near a deadline. */
  dueSoon: number
}

const hintsPerCall = 10
const callsAtOnce = 8

/** Asks for a listing of every governed account, region and kind. Swept twice, everything is only listed twice. */
export async function sweep(deps: SweepDeps): Promise<Swept> {
  const { census, isNew } = await takeCensus(deps)
  const targets = governedTargets(deps.rules, census, deps.now())
  await enqueue(
    targets.map(({ kind, account, region }) => ({ kind, account, region })),
    deps.queue,
  )
  const accounts = new Set(targets.map(({ account }) => account)).size
  const report = await followPlaces({ targets, isNew }, deps)
  return { accounts, targets: targets.length, hints: targets.length, dueSoon: await deps.countDueSoon(), ...report }
}

async function enqueue(hints: readonly Hint[], queue: HintQueue): Promise<void> {
  const calls = Array.from({ length: Math.ceil(hints.length / hintsPerCall) }, (_, index) =>
    hints.slice(index * hintsPerCall, (index + 1) * hintsPerCall),
  )
  await inParallel(calls, { width: callsAtOnce, makeWorker: () => queue }, (some, to) => to.send(some))
}

export const handler = serve({
  input: z.unknown(),
  run: () =>
    sweep({
      rules: governance(),
      census: censusStore(),
      list: listsOrganization(),
      ledger: ledger(),
      places: placeStore(),
      now,
      queue: hintQueue(),
      countDueSoon: () => ledger().countAwaiting(dueSoonUntil()),
    }),
  about: (_input, output) => ({ ...output }),
})
