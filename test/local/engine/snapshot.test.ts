import { createClock } from '../../../local/clock.ts'
import { createEngine } from '../../../local/engine/engine.ts'
import type { Engine } from '../../../local/engine/engine.ts'
import type { Json, JsonObject } from '../../../local/engine/json.ts'
import { createMemoryStore } from '../../../local/engine/store.ts'
import {
  createWorkflow,
  invokeWithToken,
  machine,
  NamedError,
  startOfTest,
  stateMachineArn,
  task,
} from '../../support/engine.ts'
import type { StubLambda, Workflow } from '../../support/engine.ts'

/** As after a stop and a start: through text, into a new engine whose clock stands where the old one stood. */
async function restart(before: Workflow, definition: JsonObject, lambda?: StubLambda): Promise<Workflow> {
  await before.engine.idle()
  const text = JSON.stringify(before.engine.snapshot())
  const after = createWorkflow({ definition, ...(lambda && { lambda }) })
  await after.advance(before.clock.offsetMs)
  after.engine.restore(JSON.parse(text))
  return after
}

const asking: JsonObject = {
  Type: 'Task',
  Resource: invokeWithToken,
  Arguments: { FunctionName: 'Ask', Payload: '{% $states.context.Task.Token %}' },
  TimeoutSeconds: 600,
  HeartbeatSeconds: 400,
  Output: ['{% $states.result %}', '{% $round %}'],
  End: true,
}

describe('a saved execution', () => {
  const definition = machine({ Set: { Type: 'Pass', Assign: { round: 3 }, Next: 'Ask' }, Ask: asking })

  it('goes on with the token it gave out', async () => {
    const before = createWorkflow({ definition })
    const arn = before.start({ a: 1 })
    const after = await restart(before, definition)
    expect(after.walk(arn)).toEqual(before.walk(arn))

    after.engine.sendTaskSuccess(before.calls[0]!.payload, '"yes"')
    await after.engine.idle()

    expect(after.walk(arn)).toMatchObject({ status: 'SUCCEEDED', output: ['yes', 3], input: '{"a":1}' })
    expect(after.walk(arn).events.map(({ id }) => id)).toEqual(after.walk(arn).events.map((_, index) => index + 1))
  })

  it('times out at the moment it would have', async () => {
    const before = createWorkflow({ definition })
    const arn = before.start()
    await before.advance(200_000)
    before.engine.sendTaskHeartbeat(before.calls[0]!.payload)
    const after = await restart(before, definition)

    await after.advance(399_999)
    expect(after.walk(arn).status).toBe('RUNNING')
    await after.advance(1)

    expect(after.walk(arn)).toMatchObject({ error: 'States.Timeout', stopMs: startOfTest + 600_000 })
  })

  it('knows its used tokens, its taken names and the executions that ended', async () => {
    const before = createWorkflow({ definition })
    const arn = before.start({}, 'offer-1')
    await before.engine.idle()
    const token: string = before.calls[0]!.payload
    before.engine.sendTaskSuccess(token, '1')
    const after = await restart(before, definition)

    expect(() => {
      after.engine.sendTaskSuccess(token, '2')
    }).toThrow(expect.objectContaining({ name: 'TaskTimedOut' }))
    expect(() => after.start({}, 'offer-1')).toThrow(expect.objectContaining({ name: 'ExecutionAlreadyExists' }))
    expect(after.walk(arn)).toEqual(before.walk(arn))
  })

  it('keeps the definition it started with; new ones have the new one', async () => {
    const before = createWorkflow({ definition })
    const arn = before.start()
    const changed = machine({ Ask: { Type: 'Pass', Output: 'changed', End: true } })
    const after = await restart(before, changed)

    after.engine.sendTaskSuccess(before.calls[0]!.payload, '1')
    await after.engine.idle()

    expect(after.walk(arn).output).toEqual([1, 3])
    expect((await after.run()).output).toBe('changed')
  })

  it('goes on even when its state machine is no longer there', async () => {
    const before = createWorkflow({ definition })
    const arn = before.start()
    await before.engine.idle()
    const engine: Engine = createEngine({
      clock: createClock({ realNow: () => startOfTest }),
      store: createMemoryStore(),
      account: '111111111111',
      region: 'us-east-1',
      invoke: () => Promise.resolve({ ok: true, payload: null }),
    })
    engine.restore(JSON.parse(JSON.stringify(before.engine.snapshot())))

    engine.sendTaskSuccess(before.calls[0]!.payload, '1')
    await engine.idle()

    expect(engine.describe(arn).output).toBe('[1,3]')
    expect(() => engine.list(stateMachineArn)).toThrow(expect.objectContaining({ name: 'StateMachineDoesNotExist' }))
  })

  it('waits and retries on, with its counts', async () => {
    const retrying = machine({
      Sleep: { Type: 'Wait', Seconds: 100, Next: 'Try' },
      Try: task('Try', { Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 60, MaxAttempts: 2 }] }),
    })
    const lambda = (): never => {
      throw new NamedError('Busy')
    }
    const first = createWorkflow({ definition: retrying, lambda })
    const arn = first.start()
    await first.advance(50_000)
    const second = await restart(first, retrying, lambda)
    await second.advance(100_000)
    const third = await restart(second, retrying, lambda)
    await third.advance(1_000_000)

    // 100 s, then retries after 60 s and 120 s.
    expect(third.walk(arn)).toMatchObject({ status: 'FAILED', error: 'Busy', stopMs: startOfTest + 280_000 })
    expect(second.calls).toHaveLength(1)
    expect(third.calls).toHaveLength(2)
  })

  it('goes on inside Map and Parallel', async () => {
    const branch = (state: JsonObject): JsonObject => ({ StartAt: 'Only', States: { Only: state } })
    const inner: JsonObject = { ...asking, Output: ['{% $states.result %}', '{% $states.context.Map.Item.Value %}'] }
    const each: JsonObject = { Type: 'Map', ItemProcessor: branch(inner), MaxConcurrency: 1, End: true }
    const sleeping: JsonObject = { Type: 'Wait', Seconds: 60, End: true }
    const grouped = machine({ Both: { Type: 'Parallel', Branches: [branch(each), branch(sleeping)], End: true } })
    const first = createWorkflow({ definition: grouped })
    const arn = first.start(['a', 'b'])
    const second = await restart(first, grouped)
    second.engine.sendTaskSuccess(first.calls[0]!.payload, '1')
    await second.advance(60_000)
    const third = await restart(second, grouped)
    third.engine.sendTaskSuccess(second.calls[0]!.payload, '2')
    await third.engine.idle()

    expect(third.walk(arn).output).toEqual([
      [
        [1, 'a'],
        [2, 'b'],
      ],
      ['a', 'b'],
    ])
  })

  it('loses a function that ran when it was saved, as Lambda.Unknown', async () => {
    const calling = machine({ Call: task('F') })
    const before = createWorkflow({ definition: calling, lambda: () => new Promise(() => undefined) })
    const arn = before.start()
    await new Promise((resolve) => setImmediate(resolve))
    const snapshot: Json = JSON.parse(JSON.stringify(before.engine.snapshot()))
    const after = createWorkflow({ definition: calling })
    after.engine.restore(snapshot)
    await after.engine.idle()

    expect(after.walk(arn)).toMatchObject({ status: 'FAILED', error: 'Lambda.Unknown' })
  })
})

it('forgets everything at a reset, timers and tokens too', async () => {
  const { engine, start, calls, advance } = createWorkflow({ definition: machine({ Ask: asking }) })
  start()
  await engine.idle()
  engine.reset()

  await advance(1_000_000)
  expect(engine.list(stateMachineArn)).toEqual([])
  expect(() => {
    engine.sendTaskSuccess(calls[0]!.payload, '1')
  }).toThrow(expect.objectContaining({ name: 'TaskDoesNotExist' }))
})

it('refuses a snapshot of another form', () => {
  const { engine } = createWorkflow({ definition: machine({ Ask: asking }) })

  expect(() => {
    engine.restore({ version: 2 })
  }).toThrow()
})
