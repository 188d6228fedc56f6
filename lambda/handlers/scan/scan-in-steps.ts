import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { MarkerRefused, ServiceUnavailable, UnexpectedAnswer } from '../../contract/errors.ts'
import { scanStepSeconds } from '../../contract/timing.ts'
import {
  ended,
  givenBack,
  mayTakeUp,
  newChain,
  nextStep,
  takenUp,
  type ScanChain,
  type StepName,
} from '../../domain/scan-chain.ts'
import type { Target } from '../../domain/offer.ts'
import type { Rate } from '../../domain/token-bucket.ts'
import { logger } from '../serve.ts'
import { PacedPart } from './paced-part.ts'
import type { ScanContext } from './reconcile-offer.ts'
import { scanStep, type StepEnd } from './scan-step.ts'
import { isThrottled, Troubles } from './troubles.ts'

/** AWS may be busy for minutes; after that the next sweep goes on. */
const mostFailures = 5
const firstBackoffSeconds = 30
/** A page that AWS never gives must not keep those before it from being listed again: the next sweep begins anew. */
const mostFailuresOfAll = 12
/** A marker that AWS gives and then refuses, again and again, is none of a listing that is merely long. */
const mostRestarts = 3

export interface Asked {
  target: Target
  /** Only what is new matters; the sweep looks at every case. */
  byEvent: boolean
  /** The step of a scan that the hint asks for. */
  named?: StepName | undefined
}

interface Paced extends Asked {
  rate: Rate
}

/**
 * A scan of any size. One step at a time works on it, bounded in time; what it found is acted on at once, and the next
 * step goes to the end of the queue, behind the hints of others. A scan that is through in its first step leaves no chain.
 */
export async function scanInSteps(asked: Paced, context: ScanContext): Promise<void> {
  const chain = await takeUp(asked, context)
  if (chain === undefined) return
  const scan = new ChainedScan(asked, chain, context)
  await scan.run()
}

/** Undefined where there is nothing to do: another one is at work, or the message is late. */
async function takeUp(
  asked: Paced,
  context: ScanContext,
): Promise<{ chain: ScanChain; isStored: boolean } | undefined> {
  const { target, named, byEvent } = asked
  const { chains, callClock } = context.deps
  const last = await chains.get(target)
  const nowMs = callClock.nowMs()
  if (last === undefined || last.phase === 'over')
    return named === undefined ? { chain: newChain({ id: randomUUID(), nowMs, last }), isStored: false } : undefined
  // It may be past the page that shows what the event tells of.
  if (byEvent && !(await chains.follow(target))) return await takeUp(asked, context)
  if (!mayTakeUp(last, nowMs, named)) return undefined
  const chain = await chains.put(target, takenUp(last, nowMs + scanStepSeconds * 1000), new Date(nowMs))
  return chain === undefined ? undefined : { chain, isStored: true }
}

class ChainedScan {
  readonly #asked: Paced
  readonly #context: ScanContext
  readonly #chain: ScanChain
  /** Only a scan that takes more than one step is. */
  readonly #isStored: boolean
  readonly #part: PacedPart

  constructor(asked: Paced, { chain, isStored }: { chain: ScanChain; isStored: boolean }, context: ScanContext) {
    const { from, bucketFullAtMs } = chain
    this.#asked = asked
    this.#context = context
    this.#chain = chain
    this.#isStored = isStored
    this.#part = new PacedPart({ from, rate: asked.rate, bucketFullAtMs, clock: context.deps.callClock })
  }

  async run(): Promise<void> {
    const end = await this.#step()
    if (end.failure !== undefined) await this.#afterFailure(end, end.failure.error)
    else if (end.chain.phase === 'over') await this.#end(end)
    else await this.#goOn({ ...end.chain, failures: 0 }, this.#part.waitSeconds())
  }

  /** What is thrown here leaves the scan where the step began. */
  async #step(): Promise<StepEnd> {
    const { target, byEvent } = this.#asked
    try {
      return await scanStep({ target, byEvent, chain: this.#chain, part: this.#part }, this.#context)
    } catch (error) {
      const chain = { ...this.#chain, bucketFullAtMs: this.#part.bucketFullAtMs }
      return { chain, failure: { error }, troubles: new Troubles() }
    }
  }

  async #goOn(chain: ScanChain, delaySeconds: number): Promise<void> {
    const { target } = this.#asked
    const { chains, queue } = this.#context.deps
    const untilMs = this.#nowMs() + (delaySeconds + scanStepSeconds) * 1000
    const next = await chains.put(target, nextStep(chain, untilMs), this.#now())
    if (next === undefined) {
      await this.#giveWay()
      return
    }
    const { id, step, pages, pending } = next
    await queue.later({ ...target, chain: { id, step } }, delaySeconds)
    logger.info('listed a part', { ...target, chain: id, step, pages, pending })
  }

  /** Somebody else's scan goes on, which may have begun before the event. */
  async #giveWay(): Promise<void> {
    const { target, byEvent } = this.#asked
    const { chains, queue } = this.#context.deps
    if (byEvent && !(await chains.follow(target))) await queue.later(target, 0)
  }

  async #end({ chain, troubles }: StepEnd): Promise<void> {
    const { target, byEvent } = this.#asked
    const { chains, scans, ledger, listings, queue } = this.#context.deps
    const { pending, pages } = chain
    if (!chain.hadTrouble) {
      listings.note(target, Date.parse(chain.startedAt))
      const sweptFrom = byEvent ? undefined : new Date(chain.startedAt)
      await scans.putComplete(target, { at: ledger.timeFor(undefined), pending, sweptFrom })
    }
    if (this.#isStored && (await chains.put(target, ended(chain), this.#now())) !== undefined) {
      if (await chains.isFollowed(target, chain)) await queue.later(target, 0)
    }
    troubles.rethrow()
    if (chain.hadTrouble) throw new UnexpectedAnswer('expected a listing without trouble, got some: each is in the log')
    logger.info('listed', { ...target, pending, pages })
  }

  async #afterFailure({ chain }: StepEnd, error: unknown): Promise<void> {
    const hasMoved = !isDeepStrictEqual(chain.from, this.#chain.from)
    if (error instanceof MarkerRefused) await this.#beginAnew(chain, error)
    else if (isPassing(error) && (this.#isStored || hasMoved)) await this.#tryAgain(chain, error)
    else if (hasMoved) {
      logger.error('a part of a listing was odd', { ...this.#asked.target, error: describe(error) })
      await this.#goOn({ ...chain, failures: 0, hadTrouble: true }, this.#part.waitSeconds())
    } else await this.#giveBack(chain, error)
  }

  async #tryAgain(chain: ScanChain, error: unknown): Promise<void> {
    if (chain.failures >= mostFailures) {
      await this.#giveBack(chain, error)
      return
    }
    const delaySeconds = firstBackoffSeconds * 2 ** chain.failures
    logger.warn('a listing has to wait', { ...this.#asked.target, delaySeconds, error: describe(error) })
    await this.#goOn({ ...chain, failures: chain.failures + 1 }, delaySeconds)
  }

  async #beginAnew(chain: ScanChain, error: MarkerRefused): Promise<void> {
    const { target } = this.#asked
    if (chain.restarts >= mostRestarts) {
      if (this.#isStored) await this.#context.deps.chains.put(target, ended(chain), this.#now())
      throw error
    }
    logger.warn('a listing begins anew', { ...target, error: describe(error) })
    const anew = newChain({ id: randomUUID(), nowMs: this.#nowMs(), last: chain })
    await this.#goOn({ ...anew, restarts: chain.restarts + 1 }, 0)
  }

  async #giveBack(chain: ScanChain, error: unknown): Promise<never> {
    const back = chain.failures < mostFailuresOfAll ? givenBack(chain, this.#nowMs()) : ended(chain)
    if (this.#isStored) await this.#context.deps.chains.put(this.#asked.target, back, this.#now())
    throw error
  }

  #now(): Date {
    return new Date(this.#nowMs())
  }

  #nowMs(): number {
    return this.#context.deps.callClock.nowMs()
  }
}

function isPassing(error: unknown): boolean {
  return isThrottled(error) || error instanceof ServiceUnavailable
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
