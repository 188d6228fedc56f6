import type { Hint } from '../../lambda/contract/states.ts'
import type { Target } from '../../lambda/domain/offer.ts'
import { runHint } from '../../lambda/handlers/scan/run-hint.ts'
import type { ScanDeps } from '../../lambda/handlers/scan/scan-deps.ts'
import type { World } from './world.ts'

export interface Message {
  hint: Hint
  delaySeconds: number
}

/** Scans of one place, by hand: a message is followed when a test says so. Runs are not started, so every call is a scan's. */
export interface QueuedScans {
  target: Target
  /** Messages that wait, in order. */
  queue: Message[]
  /** What the next steps work with. */
  deps: ScanDeps
  sweep: () => Promise<void>
  /** Follows the first message. */
  next: () => Promise<void>
  /** Follows messages until there are none. */
  drain: () => Promise<void>
  /** AWS's ids of the offers that have an open case. */
  openIds: () => Promise<string[]>
}

export function queueScans(world: World, target: Target): QueuedScans {
  const queue: Message[] = []
  const scans: QueuedScans = {
    target,
    queue,
    deps: {
      ...world.scanDeps(),
      queue: {
        send: (hints) => {
          queue.push(...hints.map((hint) => ({ hint, delaySeconds: 0 })))
          return Promise.resolve()
        },
        later: (hint, delaySeconds) => {
          queue.push({ hint, delaySeconds })
          return Promise.resolve()
        },
      },
      workflow: { start: () => Promise.resolve('answered'), wake: () => Promise.resolve(true) },
    },
    sweep: () => runHint(target, scans.deps),
    next: async () => {
      const message = queue.shift()
      if (message === undefined) throw new Error('no message waits')
      await world.clock.advance(message.delaySeconds * 1000, () => Promise.resolve())
      await runHint(message.hint, scans.deps)
    },
    drain: async () => {
      while (queue.length > 0) await scans.next()
    },
    openIds: async () => {
      const ids = new Set<string>()
      for await (const { awsId } of world.ledger.openOffers(target)) ids.add(awsId)
      return [...ids]
    },
  }
  return scans
}
