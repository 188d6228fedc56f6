import { setTimeout as delay } from 'node:timers/promises'
import type { SQSBatchResponse } from 'aws-lambda'
import type { Hint } from '../contract/states.ts'
import {
  approvalsStore,
  chainStore,
  governs,
  hintQueue,
  kindForScan,
  kindReader,
  ledger,
  now,
  scanStore,
  seldomMessenger,
  settings,
  workflow,
} from '../deps.ts'
import { inParallel } from './parallel.ts'
import { batchSchema, lanesOf, type Batch, type Message } from './scan/batch.ts'
import { followHint } from './scan/follow-hint.ts'
import { createLately } from './scan/lately.ts'
import { createListings, isCovered } from './scan/listings.ts'
import { createPace } from './scan/pace.ts'
import type { ScanDeps } from './scan/scan-deps.ts'
import { logger } from './serve.ts'

const lanesAtOnce = 4
/** After so long in one invocation the other hints go back: the longest takes 120 s more, and the function lives 180 s. */
const mostBatchMs = 60_000
/** What waited longer may have been asked for twice. A sweep of thousands of places waits for minutes. */
const longWaitMs = 5 * 60_000

/** Follows every hint of a batch; a message that fails comes again, the others are done. */
export async function scan(event: Batch, deps: ScanDeps): Promise<SQSBatchResponse> {
  const failures: SQSBatchResponse['batchItemFailures'] = []
  const seen = new Set<string>()
  const batch = { seen, untilMs: deps.callClock.nowMs() + mostBatchMs, deps }
  await inParallel(lanesOf(event), { width: lanesAtOnce, makeWorker: () => batch }, async (messages) => {
    for (const message of messages)
      if (!(await follow(message, batch))) failures.push({ itemIdentifier: message.messageId })
  })
  return { batchItemFailures: failures }
}

interface Following {
  seen: Set<string>
  untilMs: number
  deps: ScanDeps
}

/** False where the message has to come again. */
async function follow(message: Message, { seen, untilMs, deps }: Following): Promise<boolean> {
  const { messageId, hints, byEvent } = message
  try {
    for (const hint of hints) {
      const key = JSON.stringify({ hint, byEvent })
      if (seen.has(key) || (await isListed(hint, message, deps))) continue
      if (deps.callClock.nowMs() < untilMs) await followHint(hint, deps, byEvent)
      else await deps.queue.later(hint, 0)
      seen.add(key)
    }
    return true
  } catch (error) {
    logger.error('a hint could not be followed', { messageId, error: error instanceof Error ? error : String(error) })
    return false
  }
}

/**
 * What an event tells of that names no offer, a listing that began after it has shown. A sweep asks again while the queue is
 * behind with what the last one asked for: one listing answers all of them.
 */
async function isListed(hint: Hint, { byEvent, sentAtMs }: Message, deps: ScanDeps): Promise<boolean> {
  if ('offerId' in hint || hint.awsId !== undefined || hint.chain !== undefined || sentAtMs === undefined) return false
  if (byEvent) return deps.listings.cover(hint, sentAtMs)
  if (deps.callClock.nowMs() - sentAtMs < longWaitMs) return false
  return isCovered(sentAtMs, (await deps.scans.sweptFrom(hint))?.getTime())
}

export const handler = async (event: unknown): Promise<SQSBatchResponse> =>
  await scan(batchSchema.parse(event), productionDeps())

const nowMs = (): number => now().getTime()
const lately = createLately(nowMs)
const listings = createListings()

function productionDeps(): ScanDeps {
  return {
    ledger: ledger(),
    scans: scanStore(),
    chains: chainStore(),
    approvals: approvalsStore(),
    workflow: workflow(),
    messenger: seldomMessenger(),
    queue: hintQueue(),
    open: kindForScan(),
    lookAfresh: (ref) => kindReader()(ref, { fresh: true, named: false }),
    governs,
    settings: settings(),
    pace: createPace(settings().runsPerSecond, nowMs),
    callClock: { nowMs, wait: delay },
    lately,
    listings,
  }
}
