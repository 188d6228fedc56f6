import { setTimeout as delay } from 'node:timers/promises'
import type { SQSBatchResponse } from 'aws-lambda'
import * as z from 'zod'
import { hintSchema, type Hint } from '../contract/states.ts'
import {
  approvalsStore,
  chainStore,
  governs,
  hintQueue,
  kindForScan,
  kindReader,
  ledger,
  messenger,
  now,
  scanStore,
  settings,
  workflow,
} from '../deps.ts'
import { hintsOf } from '../kinds/hints.ts'
import { followHint } from './scan/follow-hint.ts'
import { createLately } from './scan/lately.ts'
import { createPace } from './scan/pace.ts'
import type { ScanDeps } from './scan/scan-deps.ts'
import { logger } from './serve.ts'

const batchSchema = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) })
type Batch = z.infer<typeof batchSchema>

/** Hints in a message: our own, or those that an event of EventBridge gives. What is neither gives none. */
function hintsIn(body: string): { hints: Hint[]; byEvent: boolean } {
  const parsed = parseJson(body)
  const own = hintSchema.safeParse(parsed)
  return own.success ? { hints: [own.data], byEvent: false } : { hints: hintsOf(parsed), byEvent: true }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** After so long in one invocation the other hints go back: the longest takes 120 s more, and the function lives 180 s. */
const mostBatchMs = 60_000

/** Follows every hint of a batch; a message that fails comes again, the others are done. */
export async function scan(event: Batch, deps: ScanDeps): Promise<SQSBatchResponse> {
  const failures: SQSBatchResponse['batchItemFailures'] = []
  const seen = new Set<string>()
  const untilMs = deps.callClock.nowMs() + mostBatchMs
  for (const { messageId, body } of event.Records) {
    try {
      const { hints, byEvent } = hintsIn(body)
      for (const hint of hints) {
        const key = JSON.stringify({ hint, byEvent })
        if (seen.has(key)) continue
        if (deps.callClock.nowMs() < untilMs) await followHint(hint, deps, byEvent)
        else await deps.queue.later(hint, 0)
        seen.add(key)
      }
    } catch (error) {
      logger.error('a hint could not be followed', { messageId, error: error instanceof Error ? error : String(error) })
      failures.push({ itemIdentifier: messageId })
    }
  }
  return { batchItemFailures: failures }
}

export const handler = async (event: unknown): Promise<SQSBatchResponse> => {
  const { Records } = batchSchema.parse(event)
  return await scan({ Records }, productionDeps())
}

const nowMs = (): number => now().getTime()
const lately = createLately(nowMs)

function productionDeps(): ScanDeps {
  return {
    ledger: ledger(),
    scans: scanStore(),
    chains: chainStore(),
    approvals: approvalsStore(),
    workflow: workflow(),
    messenger: messenger(),
    queue: hintQueue(),
    open: kindForScan(),
    lookAfresh: (ref) => kindReader()(ref, { fresh: true, named: false }),
    governs,
    settings: settings(),
    pace: createPace(settings().runsPerSecond, nowMs),
    callClock: { nowMs, wait: delay },
    lately,
  }
}
