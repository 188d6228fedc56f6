import { SendMessageBatchCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'
import { ServiceUnavailable } from '../contract/errors.ts'
import type { Hint } from '../contract/states.ts'

/** SQS holds a message back for at most 15 minutes; a hint that comes early is put back. */
const longestDelaySeconds = 900
const mostPerBatch = 10

/** The scan queue, as its writers see it. */
export interface HintQueue {
  send: (hints: readonly Hint[]) => Promise<void>
  /** A hint that is worth following only after so many seconds. */
  later: (hint: Hint, seconds: number) => Promise<void>
}

interface HintQueueDeps {
  sqs: SQSClient
  queueUrl: string
}

export function createHintQueue({ sqs, queueUrl }: HintQueueDeps): HintQueue {
  return {
    send: async (hints) => {
      for (let start = 0; start < hints.length; start += mostPerBatch)
        await sendBatch(
          hints.slice(start, start + mostPerBatch).map((hint) => JSON.stringify(hint)),
          { sqs, queueUrl },
        )
    },
    later: async (hint, seconds) => {
      const delay = Math.min(longestDelaySeconds, Math.max(0, Math.ceil(seconds)))
      await sqs.send(
        new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(hint), DelaySeconds: delay }),
      )
    },
  }
}

/** SQS may take some of a batch and not the others. */
const mostRounds = 4

async function sendBatch(bodies: readonly string[], { sqs, queueUrl }: HintQueueDeps): Promise<void> {
  let left = bodies.map((body, index) => ({ Id: String(index), MessageBody: body }))
  for (let round = 0; round < mostRounds && left.length > 0; round += 1) {
    const reply = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: left }))
    const failed = new Set(reply.Failed?.map(({ Id }) => Id))
    left = left.filter(({ Id }) => failed.has(Id))
  }
  if (left.length > 0)
    throw new ServiceUnavailable(`expected ${bodies.length} hints to be queued, ${left.length} were not`)
}
