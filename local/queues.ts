import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import type { QueueSpec } from './assembly/specs.ts'
import type { Cancel, LocalClock } from './clock.ts'

const messageSchema = z.object({
  id: z.string(),
  body: z.string(),
  attributes: z.record(z.string(), z.unknown()),
  senderId: z.string(),
  sentAtMs: z.number(),
  /** When it may be received (again). */
  visibleAtMs: z.number(),
  receiveCount: z.number(),
  firstReceivedAtMs: z.number().nullable(),
})
type StoredMessage = z.infer<typeof messageSchema>

export const queuesStateSchema = z.record(z.string(), z.array(messageSchema))
export type QueuesState = z.infer<typeof queuesStateSchema>

export interface ReceivedMessage extends Readonly<StoredMessage> {
  receiptHandle: string
}

export interface SendOptions {
  delayMs?: number | undefined
  attributes?: Record<string, unknown>
  senderId?: string
}

export interface QueueCounts {
  visible: number
  inFlight: number
  delayed: number
}

/** One standard queue: at least once, no order promised, visibility by the local clock. */
export class Queue {
  readonly spec: QueueSpec
  private readonly clock: LocalClock
  private readonly deadLetters: () => Queue | undefined
  private readonly visible = new Map<string, StoredMessage>()
  private readonly hidden = new Map<string, { message: StoredMessage; cancel: Cancel }>()
  private readonly listeners = new Set<() => void>()

  constructor(options: { spec: QueueSpec; clock: LocalClock; deadLetters: () => Queue | undefined }) {
    this.spec = options.spec
    this.clock = options.clock
    this.deadLetters = options.deadLetters
  }

  send(body: string, { delayMs = this.spec.delayMs, attributes = {}, senderId = 'local' }: SendOptions = {}): string {
    const sentAtMs = this.clock.now()
    const id = randomUUID()
    this.put({
      id,
      body,
      attributes,
      senderId,
      sentAtMs,
      visibleAtMs: sentAtMs + delayMs,
      receiveCount: 0,
      firstReceivedAtMs: null,
    })
    return id
  }

  /** Takes up to `most` messages, each hidden until its visibility timeout ends or it is deleted. */
  receive(most: number, visibilityMs = this.spec.visibilityMs): ReceivedMessage[] {
    const received: ReceivedMessage[] = []
    for (const message of this.visible.values()) {
      if (received.length === most) break
      this.visible.delete(message.id)
      if (this.clock.now() - message.sentAtMs > this.spec.retentionMs || this.redrive(message)) continue
      message.receiveCount += 1
      message.firstReceivedAtMs ??= this.clock.now()
      message.visibleAtMs = this.clock.now() + visibilityMs
      received.push({ ...message, receiptHandle: handleOf(message) })
      this.put(message)
    }
    return received
  }

  /** False when the handle is not one of this queue's form; a message that is gone already is no error. */
  delete(receiptHandle: string): boolean {
    const id = idIn(receiptHandle)
    if (id === undefined) return false
    this.visible.delete(id)
    this.hidden.get(id)?.cancel()
    this.hidden.delete(id)
    return true
  }

  /** Told each time a message becomes visible; call what it returns to stop. */
  onVisible(listener: () => void): Cancel {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  counts(): QueueCounts {
    const hidden = [...this.hidden.values()]
    const delayed = hidden.filter(({ message }) => message.receiveCount === 0).length
    return { visible: this.visible.size, inFlight: hidden.length - delayed, delayed }
  }

  messages(): StoredMessage[] {
    return [...this.visible.values(), ...[...this.hidden.values()].map(({ message }) => message)]
  }

  clear(): void {
    for (const { cancel } of this.hidden.values()) cancel()
    this.hidden.clear()
    this.visible.clear()
  }

  put(message: StoredMessage): void {
    if (message.visibleAtMs <= this.clock.now()) {
      this.show(message)
      return
    }
    const cancel = this.clock.at(message.visibleAtMs, () => {
      this.hidden.delete(message.id)
      this.show(message)
    })
    this.hidden.set(message.id, { message, cancel })
  }

  private show(message: StoredMessage): void {
    this.visible.set(message.id, message)
    for (const listener of [...this.listeners]) listener()
  }

  /** True when the message was received too often and went to the dead-letter queue. */
  private redrive(message: StoredMessage): boolean {
    const { redrive } = this.spec
    const target = this.deadLetters()
    if (redrive === undefined || target === undefined || message.receiveCount < redrive.maxReceiveCount) return false
    target.put({ ...message, visibleAtMs: this.clock.now() })
    return true
  }
}

export interface Queues {
  byArn: (arn: string) => Queue | undefined
  snapshot: () => QueuesState
  restore: (state: unknown) => void
  reset: () => void
}

/** `specOf`: of a queue that stands elsewhere; it is made when it is first asked for. */
export function createQueues(
  specs: readonly QueueSpec[],
  clock: LocalClock,
  specOf: (arn: string) => QueueSpec | undefined = () => undefined,
): Queues {
  const queues = new Map<string, Queue>()

  function make(spec: QueueSpec): Queue {
    const deadLetters = (): Queue | undefined => byArn(spec.redrive?.queueArn ?? '')
    const queue = new Queue({ spec, clock, deadLetters })
    queues.set(spec.arn, queue)
    return queue
  }

  function byArn(arn: string): Queue | undefined {
    const known = queues.get(arn)
    if (known !== undefined) return known
    const spec = specOf(arn)
    return spec && make(spec)
  }

  for (const spec of specs) make(spec)
  return {
    byArn,
    snapshot: () => Object.fromEntries([...queues].map(([arn, queue]) => [arn, queue.messages()])),
    restore(state) {
      for (const [arn, messages] of Object.entries(queuesStateSchema.parse(state)))
        for (const message of messages) byArn(arn)?.put(message)
    },
    reset() {
      for (const queue of queues.values()) queue.clear()
    },
  }
}

function handleOf({ id, receiveCount }: StoredMessage): string {
  return Buffer.from(`${id} ${receiveCount}`).toString('base64')
}

function idIn(receiptHandle: string): string | undefined {
  return /^([0-9a-f-]{36}) \d+$/.exec(Buffer.from(receiptHandle, 'base64').toString())?.[1]
}
