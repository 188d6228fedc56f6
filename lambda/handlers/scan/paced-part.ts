import type { Place } from '../../domain/scan-chain.ts'
import { fullAfterTaking, tokenWaitMs, type Rate } from '../../domain/token-bucket.ts'
import type { Part } from '../../kinds/part.ts'

/** Time as it passes, for who waits between calls. */
export interface CallClock {
  nowMs: () => number
  wait: (ms: number) => Promise<void>
}

/** A step lists for so long and reads offers until then; what it found has to fit into the function's 180 s as well. */
const listingMs = 20_000
const offersMs = 60_000
/** So many offers are enough for a step; the page that brings more is taken whole. */
const enoughOffers = 50
/** A wait for the next page that is longer costs less in the queue than in a function. */
const longestWaitMs = 1000

interface PacedPartOptions {
  from: Place
  rate: Rate
  bucketFullAtMs: number
  clock: CallClock
}

/** A part for one step of a scan: bounded in time, and at most so many calls a second. Its first call is always made. */
export class PacedPart implements Part {
  readonly from: Place
  /** Where the next part goes on. */
  place: Place
  pages = 0
  bucketFullAtMs: number
  /** There is more than this part took. */
  isFull = false
  #offers = 0
  readonly #rate: Rate
  readonly #clock: CallClock
  readonly #startedMs: number

  constructor({ from, rate, bucketFullAtMs, clock }: PacedPartOptions) {
    this.from = from
    this.place = from
    this.bucketFullAtMs = bucketFullAtMs
    this.#rate = rate
    this.#clock = clock
    this.#startedMs = clock.nowMs()
  }

  async page(offers: number): Promise<boolean> {
    if (offers >= enoughOffers) return this.#enough()
    if (this.pages > 0 && (this.#hasTaken(listingMs) || this.waitMs() > longestWaitMs)) return this.#enough()
    await this.call()
    this.pages += 1
    return true
  }

  async offer(): Promise<boolean> {
    if (this.#offers > 0 && this.#hasTaken(offersMs)) return this.#enough()
    await this.call()
    this.#offers += 1
    return true
  }

  async call(): Promise<void> {
    const waitMs = this.waitMs()
    if (waitMs > 0) await this.#clock.wait(waitMs)
    this.bucketFullAtMs = fullAfterTaking(this.#rate, this.bucketFullAtMs, this.#clock.nowMs())
  }

  reached(place: Place): void {
    this.place = place
  }

  /** Until the next call may be made. */
  waitMs(): number {
    return tokenWaitMs(this.#rate, this.bucketFullAtMs, this.#clock.nowMs())
  }

  /** Seconds that the next part has to wait in the queue. */
  waitSeconds(): number {
    const waitMs = this.waitMs()
    return waitMs > longestWaitMs ? Math.ceil(waitMs / 1000) : 0
  }

  #enough(): boolean {
    this.isFull = true
    return false
  }

  #hasTaken(ms: number): boolean {
    return this.#clock.nowMs() - this.#startedMs >= ms
  }
}
