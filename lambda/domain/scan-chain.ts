import * as z from 'zod'

/** Where a listing goes on. */
export const placeSchema = z.strictObject({
  /** AWS's own marker of the next page; empty for the first, null when there are no more. */
  marker: z.string().nullable(),
  /** AWS's ids that were listed as pending and have not been read yet. */
  waiting: z.array(z.string()),
})
export type Place = z.infer<typeof placeSchema>

export const beginning = { marker: '', waiting: [] } satisfies Place

/**
 * A scan that takes several steps, one message of the queue each. Every write is conditional on `version`, so of two
 * who would run a step one does.
 */
export const scanChainSchema = z.strictObject({
  /** Another one with each scan; messages of older ones lead nowhere. */
  id: z.string(),
  /** As it is stored; 0 before the first one. */
  version: z.number().int().nonnegative(),
  /** The step that is next, or at work. */
  step: z.number().int().nonnegative(),
  phase: z.enum(['listing', 'looking-after', 'over']),
  from: placeSchema,
  /** `looking-after` goes on after this open case; empty at the beginning. */
  lookedAfter: z.string(),
  /** While a step is at work, or its message on the way: until then nobody else takes it up. */
  freshUntilMs: z.number(),
  isAtWork: z.boolean(),
  startedAt: z.iso.datetime(),
  pages: z.number().int().nonnegative(),
  pending: z.number().int().nonnegative(),
  /** Of `SeenOffers`. */
  seen: z.instanceof(Uint8Array),
  /** Something went wrong with an offer or an item: such a scan does not count as complete. */
  hadTrouble: z.boolean(),
  /** Steps in a row that came no further. */
  failures: z.number().int().nonnegative(),
  /** How often AWS refused a marker, so that the listing began anew. */
  restarts: z.number().int().nonnegative(),
  /** State of the bucket that paces calls to the account. */
  bucketFullAtMs: z.number(),
})
export type ScanChain = z.infer<typeof scanChainSchema>

export interface NewChain {
  id: string
  nowMs: number
  /** The target's last chain, which this one replaces. */
  last: ScanChain | undefined
}

export function newChain({ id, nowMs, last }: NewChain): ScanChain {
  return {
    id,
    version: last?.version ?? 0,
    step: 0,
    phase: 'listing',
    from: beginning,
    lookedAfter: '',
    freshUntilMs: nowMs,
    isAtWork: true,
    startedAt: new Date(nowMs).toISOString(),
    pages: 0,
    pending: 0,
    seen: new Uint8Array(),
    hadTrouble: false,
    failures: 0,
    restarts: 0,
    bucketFullAtMs: last?.bucketFullAtMs ?? 0,
  }
}

/** A message takes up the step it names, unless that is at work; a hint without one only a chain that nobody feeds. */
export function mayTakeUp(chain: ScanChain, nowMs: number, named?: StepName): boolean {
  if (chain.phase === 'over') return false
  const isStale = nowMs >= chain.freshUntilMs
  if (named === undefined) return isStale
  return chain.id === named.id && chain.step === named.step && (!chain.isAtWork || isStale)
}

/** What a message says of the step it asks for. */
export interface StepName {
  id: string
  step: number
}

export function takenUp(chain: ScanChain, untilMs: number): ScanChain {
  return { ...chain, isAtWork: true, freshUntilMs: untilMs }
}

/** Whoever comes first goes on with the same step. */
export function givenBack(chain: ScanChain, nowMs: number): ScanChain {
  return { ...chain, isAtWork: false, freshUntilMs: nowMs, failures: chain.failures + 1 }
}

/** Its message is on the way. */
export function nextStep(chain: ScanChain, untilMs: number): ScanChain {
  return { ...chain, isAtWork: false, freshUntilMs: untilMs, step: chain.step + 1 }
}

/** Nothing of it is needed any more but what the next chain begins with. */
export function ended(chain: ScanChain): ScanChain {
  return { ...chain, phase: 'over', isAtWork: false, from: beginning, seen: new Uint8Array() }
}

/** How a scan in several steps goes, for people. */
export const chainProgressSchema = z.object({
  startedAt: z.string(),
  phase: z.enum(['listing', 'looking-after']),
  /** Steps that are done. */
  steps: z.number().int(),
  pages: z.number().int(),
  /** Found pending so far. */
  pending: z.number().int(),
  /** Listed as pending, and not read yet. */
  waiting: z.number().int(),
  /** In a row, since it last came further. */
  failures: z.number().int(),
  /** When its last step was taken up, or ended. */
  at: z.string(),
  /** Later than that nobody works on it: the next sweep goes on. */
  freshUntil: z.string(),
})
export type ChainProgress = z.infer<typeof chainProgressSchema>

/** Null where it is over. */
export function progressOf(chain: ScanChain, now: Date): ChainProgress | null {
  const { phase, startedAt, step, pages, pending, from, failures, freshUntilMs } = chain
  if (phase === 'over') return null
  const freshUntil = new Date(freshUntilMs).toISOString()
  const steps = { steps: step, pages, pending, waiting: from.waiting.length, failures }
  return { startedAt, phase, ...steps, at: now.toISOString(), freshUntil }
}
