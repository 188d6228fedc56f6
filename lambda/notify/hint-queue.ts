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

export function createHintQueue({ sqs, queueUrl }: { sqs: SQSClient; queueUrl: string }): HintQueue {
  return {
    send: async (hints) => {
      for (let start = 0; start < hints.length; start += mostPerBatch) {
        const entries = hints.slice(start, start + mostPerBatch)
        const reply = await sqs.send(
          new SendMessageBatchCommand({
            QueueUrl: queueUrl,
            Entries: entries.map((hint, index) => ({ Id: String(index), MessageBody: JSON.stringify(hint) })),
          }),
        )
        const failed = reply.Failed ?? []
        if (failed.length > 0)
          throw new ServiceUnavailable(`expected ${entries.length} hints to be queued, ${failed.length} were not`)
      }
    },
    later: async (hint, seconds) => {
      const delay = Math.min(longestDelaySeconds, Math.max(0, Math.ceil(seconds)))
      await sqs.send(
        new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(hint), DelaySeconds: delay }),
      )
    },
  }
}
