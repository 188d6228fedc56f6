import * as z from 'zod'
import type { Hint } from '../contract/states.ts'
import { dueSoonUntil, hintQueue, ledger, targets } from '../deps.ts'
import type { Target } from '../domain/offer.ts'
import type { HintQueue } from '../notify/hint-queue.ts'
import { serve } from './serve.ts'

export interface SweepDeps {
  targets: readonly Target[]
  queue: HintQueue
  /** Asks whose deadline is near. */
  countDueSoon: () => Promise<number>
}

export interface Swept {
  targets: number
  hints: number
  /** A metric filter reads it from the log: throttled votes are worse near a deadline. */
  dueSoon: number
}

/** Asks for a listing of every governed account, region and kind. Swept twice, everything is only listed twice. */
export async function sweep({ targets, queue, countDueSoon }: SweepDeps): Promise<Swept> {
  const hints: Hint[] = targets.map(({ kind, account, region }) => ({ kind, account, region }))
  await queue.send(hints)
  return { targets: targets.length, hints: hints.length, dueSoon: await countDueSoon() }
}

export const handler = serve({
  input: z.unknown(),
  run: () =>
    sweep({ targets: targets(), queue: hintQueue(), countDueSoon: () => ledger().countAwaiting(dueSoonUntil()) }),
  about: (_input, output) => ({ ...output }),
})
