import * as z from 'zod'
import type { Hint } from '../contract/states.ts'
import { hintQueue, targets } from '../deps.ts'
import type { Target } from '../domain/offer.ts'
import type { HintQueue } from '../notify/hint-queue.ts'
import { serve } from './serve.ts'

export interface SweepDeps {
  targets: readonly Target[]
  queue: HintQueue
}

/** Asks for a listing of every governed account, region and kind. Swept twice, everything is only listed twice. */
export async function sweep({ targets, queue }: SweepDeps): Promise<{ targets: number; hints: number }> {
  const hints: Hint[] = targets.map(({ kind, account, region }) => ({ kind, account, region }))
  await queue.send(hints)
  return { targets: targets.length, hints: hints.length }
}

export const handler = serve({
  input: z.unknown(),
  run: () => sweep({ targets: targets(), queue: hintQueue() }),
  about: (_input, output) => output,
})
