import * as z from 'zod'
import type { Activity } from './activity.ts'
import type { EventSourceSpec } from './assembly/specs.ts'
import type { Functions } from './functions.ts'
import { isAuthorized } from './iam/refusal.ts'
import type { Queue, ReceivedMessage } from './queues.ts'

export interface PollerOptions {
  source: EventSourceSpec
  queue: Queue
  functions: Functions
  activity: Activity
  region: string
  /** Throws when the function's role has not this right on the queue. */
  check: (action: string) => void
}

/** An event source mapping: passes batches of messages to its function and deletes what the function has done. */
export interface Poller {
  start: () => void
  stop: () => void
}

/** Lambda polls with five batches at once to begin with. */
const defaultConcurrency = 5

const responseSchema = z
  .object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).nullish() })
  .nullish()

export function createPoller({ source, queue, functions, activity, region, check }: PollerOptions): Poller {
  const most = source.maximumConcurrency ?? defaultConcurrency
  let running = 0
  let stopListening: (() => void) | undefined
  let scheduled = false

  /** Messages sent in one go become one batch. */
  function schedule(): void {
    if (scheduled) return
    scheduled = true
    const done = activity.begin()
    setImmediate(() => {
      scheduled = false
      pump()
      done()
    })
  }

  /** Lambda reads the queue under the function's role. */
  function may(...actions: readonly string[]): boolean {
    return isAuthorized(() => {
      for (const action of actions) check(action)
    })
  }

  function pump(): void {
    if (!may('sqs:GetQueueAttributes', 'sqs:ReceiveMessage')) return
    while (stopListening !== undefined && running < most) {
      const batch = queue.receive(source.batchSize)
      if (batch.length === 0) return
      running += 1
      const done = activity.begin()
      void handle(batch).finally(() => {
        running -= 1
        pump()
        done()
      })
    }
  }

  async function handle(batch: readonly ReceivedMessage[]): Promise<void> {
    const event = { Records: batch.map((message) => recordOf({ message, queue, region })) }
    const outcome = await functions.invoke(source.functionName, JSON.stringify(event))
    if (!outcome.ok) return
    const failed = source.reportBatchItemFailures ? failedIn(outcome.payload) : new Set<string>()
    if (failed === undefined || !may('sqs:DeleteMessage')) return
    for (const { id, receiptHandle } of batch) if (!failed.has(id)) queue.delete(receiptHandle)
  }

  return {
    start() {
      stopListening ??= queue.onVisible(schedule)
      schedule()
    },
    stop() {
      stopListening?.()
      stopListening = undefined
    },
  }
}

/** Undefined when the answer has another form: then the whole batch has failed, as in Lambda. */
function failedIn(payload: string): Set<string> | undefined {
  const parsed = responseSchema.safeParse(JSON.parse(payload))
  if (!parsed.success) return undefined
  return new Set(parsed.data?.batchItemFailures?.map(({ itemIdentifier }) => itemIdentifier))
}

function recordOf({ message, queue, region }: { message: ReceivedMessage; queue: Queue; region: string }): unknown {
  return {
    messageId: message.id,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      SentTimestamp: String(message.sentAtMs),
      SenderId: message.senderId,
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs ?? ''),
    },
    messageAttributes: {},
    eventSource: 'aws:sqs',
    eventSourceARN: queue.spec.arn,
    awsRegion: region,
  }
}
