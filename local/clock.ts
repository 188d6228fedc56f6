import { TimerHeap } from './timer-heap.ts'

export type Cancel = () => void

/** Real time plus an offset. Every timer of the local run hangs on it, so that moving it moves all of them. */
export interface LocalClock {
  /** Milliseconds since 1970. */
  now(): number
  /** What to add to real time to get `now()`. */
  readonly offsetMs: number
  /** Fires once when `now()` reaches `dueMs`; at once, but not before the caller returns, when that is past. */
  at(dueMs: number, fire: () => void): Cancel
  /**
   * Moves time forward through every due timer in order. Time stands at a timer's due moment while it fires and until
   * `settle` says that what it caused is idle. Moves asked for at the same time happen one after the other.
   */
  advance(ms: number, settle: () => Promise<void>): Promise<void>
  /** Back to real time, once no move is under way. Timers keep their due moments. */
  rewind(): Promise<void>
}

/** Longer delays make setTimeout fire at once. */
const longestDelayMs = 2 ** 31 - 1

export function createClock(options: { offsetMs?: number; realNow?: () => number } = {}): LocalClock {
  const { realNow = Date.now } = options
  const timers = new TimerHeap()
  let offsetMs = options.offsetMs ?? 0
  /** Set while `advance` holds time still. */
  let standsAtMs: number | undefined
  let armed: { dueMs: number; timeout: NodeJS.Timeout } | undefined
  let moving: Promise<void> = Promise.resolve()

  function now(): number {
    return standsAtMs ?? realNow() + offsetMs
  }

  function arm(): void {
    const first = timers.first()
    if (first === undefined || standsAtMs !== undefined) return
    if (armed !== undefined && armed.dueMs <= first.dueMs) return
    clearTimeout(armed?.timeout)
    const delayMs = Math.min(Math.max(first.dueMs - now(), 0), longestDelayMs)
    armed = { dueMs: first.dueMs, timeout: setTimeout(fireDue, delayMs).unref() }
  }

  function fireDue(): void {
    armed = undefined
    try {
      for (
        let first = timers.first();
        first && standsAtMs === undefined && first.dueMs <= now();
        first = timers.first()
      ) {
        timers.takeFirst()?.()
      }
    } finally {
      arm()
    }
  }

  async function pass(untilMs: number, settle: () => Promise<void>): Promise<void> {
    for (let first = timers.first(); first && first.dueMs <= untilMs; first = timers.first()) {
      standsAtMs = Math.max(now(), first.dueMs)
      timers.takeFirst()?.()
      await settle()
    }
    standsAtMs = untilMs
    await settle()
  }

  async function move(ms: number, settle: () => Promise<void>): Promise<void> {
    await settle()
    const targetOffsetMs = offsetMs + ms
    standsAtMs = now()
    const untilMs = standsAtMs + ms
    try {
      await pass(untilMs, settle)
      offsetMs = targetOffsetMs
    } catch (error) {
      offsetMs = standsAtMs - realNow()
      throw error
    } finally {
      standsAtMs = undefined
      clearTimeout(armed?.timeout)
      armed = undefined
      arm()
    }
  }

  return {
    now,
    get offsetMs() {
      return standsAtMs === undefined ? offsetMs : standsAtMs - realNow()
    },
    at(dueMs, fire) {
      const timer = timers.add(dueMs, fire)
      arm()
      return () => {
        timers.cancel(timer)
      }
    },
    advance(ms, settle) {
      if (!(ms >= 0)) return Promise.reject(new RangeError(`expected to move time forward, got ${ms} ms`))
      moving = moving.catch(() => undefined).then(() => move(ms, settle))
      return moving
    },
    rewind() {
      moving = moving
        .catch(() => undefined)
        .then(() => {
          offsetMs = 0
          clearTimeout(armed?.timeout)
          armed = undefined
          arm()
        })
      return moving
    },
  }
}
