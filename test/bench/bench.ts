import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as z from 'zod'

/** What one bench measured; the unit is in the figure's name. */
export interface Measured {
  name: string
  figures: Record<string, number>
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return (performance.now() - startedAt) / 1000
}

let collectGarbage: (() => void) | undefined

/** In use by this thread, garbage taken away. */
export function heapMb(): number {
  collectGarbage ??= exposeGc()
  collectGarbage()
  return process.memoryUsage().heapUsed / 2 ** 20
}

function exposeGc(): () => void {
  setFlagsFromString('--expose-gc')
  return z.custom<() => void>((value) => typeof value === 'function').parse(runInNewContext('gc'))
}
