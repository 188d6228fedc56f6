import type { QueueSpec } from '../../local/assembly/specs.ts'
import { createClock } from '../../local/clock.ts'
import type { Queue, Queues } from '../../local/queues.ts'
import { createQueues } from '../../local/queues.ts'

const base = 'arn:aws:sqs:us-east-1:111111111111:'

function spec(id: string, overrides: Partial<QueueSpec> = {}): QueueSpec {
  return {
    id,
    name: id,
    arn: base + id,
    url: `http://127.0.0.1:4566/111111111111/${id}`,
    visibilityMs: 60_000,
    delayMs: 0,
    retentionMs: 4 * 24 * 3_600_000,
    ...overrides,
  }
}

const settled = async (): Promise<void> => undefined

describe('a queue', () => {
  const clock = createClock()
  let queues: Queues
  let queue: Queue
  let dead: Queue

  beforeEach(() => {
    queues = createQueues(
      [spec('Scan', { redrive: { queueArn: `${base}Dead`, maxReceiveCount: 2 } }), spec('Dead')],
      clock,
    )
    queue = queues.byArn(`${base}Scan`)!
    dead = queues.byArn(`${base}Dead`)!
  })

  test('hides a received message until its visibility timeout ends', async () => {
    queue.send('a')
    expect(queue.receive(10).map(({ body, receiveCount }) => [body, receiveCount])).toEqual([['a', 1]])
    expect(queue.receive(10)).toEqual([])
    await clock.advance(59_000, settled)
    expect(queue.receive(10)).toEqual([])
    await clock.advance(1_000, settled)
    expect(queue.receive(10).map(({ receiveCount }) => receiveCount)).toEqual([2])
  })

  test('forgets a deleted message', async () => {
    queue.send('a')
    const [message] = queue.receive(1)
    expect(queue.delete(message!.receiptHandle)).toBe(true)
    await clock.advance(600_000, settled)
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 })
    expect(queue.delete('no handle')).toBe(false)
  })

  test('holds a message back for its delay', async () => {
    queue.send('later', { delayMs: 5_000 })
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 1 })
    await clock.advance(5_000, settled)
    expect(queue.receive(10).map(({ body }) => body)).toEqual(['later'])
  })

  test('gives at most so many, oldest first', () => {
    for (const body of ['a', 'b', 'c']) queue.send(body)
    expect(queue.receive(2).map(({ body }) => body)).toEqual(['a', 'b'])
    expect(queue.receive(2).map(({ body }) => body)).toEqual(['c'])
  })

  test('moves what was received too often to the dead-letter queue', async () => {
    queue.send('poison')
    for (const attempt of [1, 2]) {
      expect(queue.receive(10).map(({ receiveCount }) => receiveCount)).toEqual([attempt])
      await clock.advance(60_000, settled)
    }
    expect(queue.receive(10)).toEqual([])
    expect(queue.counts().visible).toBe(0)
    expect(dead.receive(10).map(({ body }) => body)).toEqual(['poison'])
  })

  test('drops what is older than its retention', async () => {
    queue.send('old')
    await clock.advance(5 * 24 * 3_600_000, settled)
    expect(queue.receive(10)).toEqual([])
  })

  test('tells listeners when a message becomes visible', async () => {
    let told = 0
    const stop = queue.onVisible(() => (told += 1))
    queue.send('now')
    queue.send('later', { delayMs: 1_000 })
    expect(told).toBe(1)
    await clock.advance(1_000, settled)
    expect(told).toBe(2)
    stop()
    queue.send('unheard')
    expect(told).toBe(2)
  })

  test('goes on after a restart where it stood', async () => {
    queue.send('hidden')
    queue.send('visible')
    queue.receive(1)
    const saved = JSON.parse(JSON.stringify(queues.snapshot()))
    queues.reset()
    expect(queue.receive(10)).toEqual([])
    queues.restore(saved)
    expect(queue.receive(10).map(({ body }) => body)).toEqual(['visible'])
    await clock.advance(60_000, settled)
    expect(queue.receive(10).map(({ body }) => body)).toContain('hidden')
  })
})
