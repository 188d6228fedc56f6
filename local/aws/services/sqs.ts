import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { LocalClock } from '../../clock.ts'
import type { Queue, Queues, ReceivedMessage } from '../../queues.ts'
import type { Call, Service } from '../service.ts'
import { AwsError } from '../service.ts'

type AnyCall = Call<Record<string, unknown>>

const delaySeconds = z.number().optional()
const attributes = z.record(z.string(), z.unknown()).default({})
const sendInput = z.object({ MessageBody: z.string(), DelaySeconds: delaySeconds, MessageAttributes: attributes })
const sendBatchInput = z.object({ Entries: z.array(sendInput.extend({ Id: z.string() })) })
const receiveInput = z.object({
  MaxNumberOfMessages: z.number().default(1),
  VisibilityTimeout: z.number().optional(),
  WaitTimeSeconds: z.number().default(0),
  AttributeNames: z.array(z.string()).default([]),
  MessageSystemAttributeNames: z.array(z.string()).default([]),
})
const queueUrlInput = z.object({ QueueUrl: z.string() })

const longestBody = 1_048_576

/** Only the queue's own account may use it here, whatever its policy says. */
export function createSqs({ queues, clock }: { queues: Queues; clock: LocalClock }): Service {
  function queueOf(call: AnyCall): Queue {
    const [account, name] = new URL(queueUrlInput.parse(call.input).QueueUrl, 'http://local').pathname
      .split('/')
      .slice(-2)
    return ownQueue(account === call.caller.account ? name : undefined, call)
  }

  function ownQueue(name: string | undefined, { caller, region }: AnyCall): Queue {
    const queue = name === undefined ? undefined : queues.byArn(`arn:aws:sqs:${region}:${caller.account}:${name}`)
    if (queue === undefined) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.')
    return queue
  }

  function send(call: AnyCall, entry: z.infer<typeof sendInput>): Record<string, unknown> {
    const MessageId = queueOf(call).send(checkBody(entry.MessageBody), {
      delayMs: entry.DelaySeconds === undefined ? undefined : entry.DelaySeconds * 1000,
      attributes: entry.MessageAttributes,
      senderId: call.caller.arn,
    })
    return { MessageId, MD5OfMessageBody: md5(entry.MessageBody) }
  }

  async function receive(call: AnyCall): Promise<unknown> {
    const wanted = receiveInput.parse(call.input)
    if (wanted.MaxNumberOfMessages < 1 || wanted.MaxNumberOfMessages > 10)
      throw new AwsError('InvalidParameterValue', 'MaxNumberOfMessages: expected 1 to 10')
    const queue = queueOf(call)
    if (queue.counts().visible === 0 && wanted.WaitTimeSeconds > 0)
      await untilVisible({ queue, clock, waitMs: wanted.WaitTimeSeconds * 1000 })
    const visibilityMs = wanted.VisibilityTimeout === undefined ? undefined : wanted.VisibilityTimeout * 1000
    const names = [...wanted.AttributeNames, ...wanted.MessageSystemAttributeNames]
    return {
      Messages: queue.receive(wanted.MaxNumberOfMessages, visibilityMs).map((message) => wireMessage(message, names)),
    }
  }

  return {
    model: 'sqs',
    operations: {
      SendMessage: (call) => send(call, sendInput.parse(call.input)),
      SendMessageBatch: (call) => {
        const { Entries } = sendBatchInput.parse(call.input)
        checkBatch(Entries.map(({ Id }) => Id))
        return { Successful: Entries.map((entry) => ({ Id: entry.Id, ...send(call, entry) })), Failed: [] }
      },
      ReceiveMessage: receive,
      DeleteMessage: (call) => {
        const { ReceiptHandle } = z.object({ ReceiptHandle: z.string() }).parse(call.input)
        if (!queueOf(call).delete(ReceiptHandle))
          throw new AwsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.')
        return {}
      },
      GetQueueUrl: (call) => {
        const { QueueName } = z.object({ QueueName: z.string() }).parse(call.input)
        return { QueueUrl: ownQueue(QueueName, call).spec.url }
      },
      GetQueueAttributes: (call) => {
        const { AttributeNames } = z.object({ AttributeNames: z.array(z.string()).default([]) }).parse(call.input)
        return { Attributes: only(attributesOf(queueOf(call)), AttributeNames) }
      },
    },
    snapshot: () => queues.snapshot(),
    restore: (state) => {
      queues.restore(state)
    },
    reset: () => {
      queues.reset()
    },
  }
}

function untilVisible({ queue, clock, waitMs }: { queue: Queue; clock: LocalClock; waitMs: number }): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      stopListening()
      stopWaiting()
      resolve()
    }
    const stopListening = queue.onVisible(finish)
    const stopWaiting = clock.at(clock.now() + waitMs, finish)
  })
}

function wireMessage(message: ReceivedMessage, names: readonly string[]): Record<string, unknown> {
  const system = {
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs ?? ''),
    SentTimestamp: String(message.sentAtMs),
    SenderId: message.senderId,
  }
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: md5(message.body),
    Attributes: only(system, names),
    MessageAttributes: message.attributes,
  }
}

function attributesOf(queue: Queue): Record<string, string> {
  const { spec } = queue
  const { redrive } = spec
  const { visible, inFlight, delayed } = queue.counts()
  return {
    QueueArn: spec.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    VisibilityTimeout: String(spec.visibilityMs / 1000),
    DelaySeconds: String(spec.delayMs / 1000),
    MessageRetentionPeriod: String(spec.retentionMs / 1000),
    ...(redrive && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: redrive.queueArn,
        maxReceiveCount: redrive.maxReceiveCount,
      }),
    }),
  }
}

function only(all: Record<string, string>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes('All') || names.includes(name)))
}

function checkBody(body: string): string {
  if (body === '') throw new AwsError('InvalidParameterValue', 'MessageBody: expected at least one character')
  if (Buffer.byteLength(body) > longestBody)
    throw new AwsError('InvalidParameterValue', `MessageBody: expected at most ${longestBody} bytes`)
  return body
}

function checkBatch(ids: readonly string[]): void {
  if (ids.length === 0) throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.')
  if (ids.length > 10)
    throw new AwsError('TooManyEntriesInBatchRequest', `expected at most 10 entries, got ${ids.length}`)
  if (new Set(ids).size < ids.length) throw new AwsError('BatchEntryIdsNotDistinct', 'Id: expected distinct ids')
  if (ids.some((id) => !/^[\w-]{1,80}$/.test(id)))
    throw new AwsError('InvalidBatchEntryId', 'Id: expected 1 to 80 letters, digits, hyphens and underscores')
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}
