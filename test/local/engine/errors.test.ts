import { createWorkflow, machine, NamedError, startOfTest, task } from '../../support/engine.ts'
import type { JsonObject } from '../../../local/engine/json.ts'
import { isErrorMatched } from '../../../local/engine/errors.ts'

const caught = { Type: 'Pass', End: true }

function failing(name: string, message?: string): () => never {
  return () => {
    throw new NamedError(name, message)
  }
}

/** One task with this Retry and Catch. */
function tryTask(more: JsonObject): JsonObject {
  return machine({ Try: task('Try', more), Caught: caught })
}

describe('an error of a function', () => {
  it('has the error type as its name and JSON as its cause', async () => {
    const definition = tryTask({})
    const { status, error, cause } = await createWorkflow({ definition, lambda: failing('OfferBusy', 'wait') }).run()

    expect({ status, error }).toEqual({ status: 'FAILED', error: 'OfferBusy' })
    expect(JSON.parse(cause!)).toEqual({ errorType: 'OfferBusy', errorMessage: 'wait', trace: [] })
  })

  it('is told in words when it is Lambda itself', async () => {
    const lambda = failing('Lambda.TooManyRequestsException', 'Rate Exceeded.')

    expect((await createWorkflow({ definition: tryTask({}), lambda }).run()).cause).toBe('Rate Exceeded.')
  })
})

describe('Catch', () => {
  const CatchAll = [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }]

  it('hands on the error when it has no Output', async () => {
    const definition = tryTask({ Catch: CatchAll })
    const { output, states } = await createWorkflow({ definition, lambda: failing('Bad', 'x') }).run()

    expect(states).toEqual(['Try', 'Caught'])
    expect(output).toEqual({ Error: 'Bad', Cause: '{"errorType":"Bad","errorMessage":"x","trace":[]}' })
  })

  it('takes the first that matches, with its own Output and Assign', async () => {
    const definition = machine({
      Try: task('Try', {
        Output: 'not this',
        Catch: [
          { ErrorEquals: ['Other'], Next: 'Caught' },
          {
            ErrorEquals: ['Another', 'Bad'],
            Next: 'Caught',
            Assign: { name: '{% $states.errorOutput.Error %}' },
            Output: { error: '{% $states.errorOutput.Error %}', input: '{% $states.input %}' },
          },
          { ErrorEquals: ['States.ALL'], Next: 'Wrong' },
        ],
      }),
      Caught: { Type: 'Pass', Output: ['{% $name %}', '{% $states.input %}'], End: true },
      Wrong: { Type: 'Fail' },
    })

    const { output } = await createWorkflow({ definition, lambda: failing('Bad') }).run(7)

    expect(output).toEqual(['Bad', { error: 'Bad', input: 7 }])
  })

  it('takes a failed Output of the task too, but not its own', async () => {
    const good = tryTask({ Output: '{% $states.result.Payload.missing %}', Catch: CatchAll })
    const bad = tryTask({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught', Output: '{% $nothing %}' }] })

    expect((await createWorkflow({ definition: good }).run()).output.Error).toBe('States.QueryEvaluationError')
    const { status, error, cause } = await createWorkflow({ definition: bad, lambda: failing('Bad') }).run()
    expect([status, error]).toEqual(['FAILED', 'States.QueryEvaluationError'])
    expect(cause).toContain("'Catch.0.Output'")
  })

  it('takes more than the payload limit only by name', async () => {
    const lambda = (): unknown => ({ text: 'é'.repeat(140_000) })
    const all = tryTask({ Catch: CatchAll })
    const named = tryTask({ Catch: [{ ErrorEquals: ['States.DataLimitExceeded'], Next: 'Caught' }] })

    expect((await createWorkflow({ definition: all, lambda }).run()).error).toBe('States.DataLimitExceeded')
    expect((await createWorkflow({ definition: named, lambda }).run()).output.Error).toBe('States.DataLimitExceeded')
  })

  it('counts the limit in bytes', async () => {
    const lambda = (_: string, { n }: { n: number }): unknown => 'x'.repeat(n)
    const definition = tryTask({ Arguments: { FunctionName: 'Try', Payload: '{% $states.input %}' }, Output: 1 })
    const around = '{"ExecutedVersion":"$LATEST","Payload":"","StatusCode":200}'.length
    const { run } = createWorkflow({ definition, lambda })

    expect((await run({ n: 262_144 - around })).status).toBe('SUCCEEDED')
    expect((await run({ n: 262_144 - around + 1 })).error).toBe('States.DataLimitExceeded')
  })
})

describe('names in ErrorEquals', () => {
  it.each([
    ['States.ALL', 'Bad', true],
    ['States.ALL', 'States.Timeout', true],
    ['States.ALL', 'States.QueryEvaluationError', true],
    ['States.ALL', 'States.DataLimitExceeded', false],
    ['States.ALL', 'States.Runtime', false],
    ['States.Runtime', 'States.Runtime', false],
    ['States.TaskFailed', 'Bad', true],
    ['States.TaskFailed', 'States.Timeout', false],
    ['States.TaskFailed', 'States.HeartbeatTimeout', false],
    ['States.Timeout', 'States.Timeout', true],
    ['States.Timeout', 'States.HeartbeatTimeout', true],
    ['States.HeartbeatTimeout', 'States.Timeout', false],
    ['States.HeartbeatTimeout', 'States.HeartbeatTimeout', true],
    ['Bad', 'Bad', true],
    ['Bad', 'Worse', false],
  ])('%s matches %s: %s', (wanted, error, isMatched) => {
    expect(isErrorMatched([wanted], error)).toBe(isMatched)
  })
})

describe('Retry', () => {
  /** Seconds after the start at which the function was called. */
  async function callTimes(
    Retry: JsonObject[],
    options: { random?: () => number; succeedsAt?: number } = {},
  ): Promise<unknown> {
    const { random = () => 0.5, succeedsAt = Infinity } = options
    const times: number[] = []
    const workflow = createWorkflow({
      definition: tryTask({ Retry }),
      random,
      lambda: () => {
        times.push((workflow.clock.now() - startOfTest) / 1000)
        if (times.length < succeedsAt) throw new NamedError('Busy')
      },
    })
    const arn = workflow.start()
    await workflow.advance(3_600_000)
    return { times, status: workflow.walk(arn).status, transitions: workflow.walk(arn).transitions }
  }

  it('backs off by 1, 2 and 4 seconds when nothing is said', async () => {
    expect(await callTimes([{ ErrorEquals: ['Busy'] }])).toEqual({
      times: [0, 1, 3, 7],
      status: 'FAILED',
      transitions: 4,
    })
  })

  it('stops when it succeeds', async () => {
    const answer = await callTimes([{ ErrorEquals: ['Busy'], IntervalSeconds: 60 }], { succeedsAt: 2 })

    expect(answer).toEqual({ times: [0, 60], status: 'SUCCEEDED', transitions: 2 })
  })

  it('grows by its rate up to the longest delay', async () => {
    const Retry = [{ ErrorEquals: ['Busy'], IntervalSeconds: 2, BackoffRate: 3, MaxDelaySeconds: 10, MaxAttempts: 4 }]

    expect(await callTimes(Retry)).toMatchObject({ times: [0, 2, 8, 18, 28] })
  })

  it('takes any part of the delay with full jitter', async () => {
    const Retry = [{ ErrorEquals: ['Busy'], IntervalSeconds: 10, MaxAttempts: 2, JitterStrategy: 'FULL' }]

    expect(await callTimes(Retry, { random: () => 0.25 })).toMatchObject({ times: [0, 2.5, 7.5] })
    expect(await callTimes(Retry, { random: () => 0 })).toMatchObject({ times: [0, 0, 0] })
  })

  it('counts for each entry on its own, and the first that matches decides', async () => {
    const errors = ['Busy', 'Throttled', 'Busy', 'Busy']
    const lambda = (): unknown => {
      const error = errors.shift()
      if (error !== undefined) throw new NamedError(error)
      return {}
    }
    const Retry = [
      { ErrorEquals: ['Busy'], MaxAttempts: 2 },
      { ErrorEquals: ['States.ALL'], MaxAttempts: 1 },
    ]
    const { start, advance, walk, calls } = createWorkflow({ definition: tryTask({ Retry }), lambda })
    const arn = start()
    await advance(60_000)

    // Busy is used up by its own entry; States.ALL does not take it over.
    expect(walk(arn)).toMatchObject({ status: 'FAILED', error: 'Busy' })
    expect(calls).toHaveLength(4)
  })

  it('may be switched off for one error', async () => {
    const Retry: JsonObject[] = [{ ErrorEquals: ['Busy'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }]

    expect(await callTimes(Retry)).toMatchObject({ times: [0], status: 'FAILED' })
  })

  it('evaluates Arguments anew and counts in the context; Catch comes when it is used up', async () => {
    const definition = tryTask({
      Arguments: { FunctionName: 'Try', Payload: '{% $states.context.State.RetryCount %}' },
      Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 2 }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
    })
    const { start, advance, walk, calls } = createWorkflow({ definition, lambda: failing('Busy') })
    const arn = start()
    await advance(60_000)

    expect(calls.map(({ payload }) => payload)).toEqual([0, 1, 2])
    expect(walk(arn)).toMatchObject({ status: 'SUCCEEDED', states: ['Try', 'Caught'] })
  })

  it('begins to count again when the state is entered again', async () => {
    const definition = machine({
      Try: task('Try', { Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 1 }], Output: 1, Next: 'Again' }),
      Again: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $exists($done) %}', Next: 'End' }],
        Default: 'Try',
        Assign: { done: true },
      },
      End: { Type: 'Succeed' },
    })
    let calls = 0
    const lambda = (): unknown => {
      calls += 1
      if (calls % 2 === 1) throw new NamedError('Busy')
      return {}
    }
    const { start, advance, walk } = createWorkflow({ definition, lambda })
    const arn = start()
    await advance(60_000)

    expect(walk(arn)).toMatchObject({ status: 'SUCCEEDED', transitions: 7 })
  })
})

describe('a timeout of a task', () => {
  function hanging(more: JsonObject): ReturnType<typeof createWorkflow> & { finish: () => void } {
    let finish = (): void => undefined
    const waiting = new Promise<void>((resolve) => (finish = resolve))
    const workflow = createWorkflow({ definition: tryTask({ TimeoutSeconds: 45, ...more }), lambda: () => waiting })
    return { ...workflow, finish }
  }

  it('is not taken by States.TaskFailed, and the late result counts no more', async () => {
    const { engine, clock, start, walk, finish } = hanging({
      Catch: [
        { ErrorEquals: ['States.TaskFailed'], Next: 'Try' },
        { ErrorEquals: ['States.Timeout'], Next: 'Caught' },
      ],
    })
    const arn = start()
    await clock.advance(45_000, () => new Promise((resolve) => setImmediate(resolve)))
    expect(walk(arn)).toMatchObject({ status: 'SUCCEEDED', output: { Error: 'States.Timeout', Cause: '' } })

    finish()
    await engine.idle()
    expect(walk(arn).events.map(({ type }) => type)).toContain('TaskTimedOut')
    expect(walk(arn).events.map(({ type }) => type)).not.toContain('TaskSucceeded')
  })

  it('lets nothing late reach a later state: neither the result nor the timer of a task that is over', async () => {
    const waits: JsonObject = { Type: 'Wait', Seconds: 100, End: true }
    let finish = (): void => undefined
    const waiting = new Promise<void>((resolve) => (finish = resolve))
    const catching = task('Slow', { TimeoutSeconds: 45, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Sleep' }] })
    const late = createWorkflow({ definition: machine({ Slow: catching, Sleep: waits }), lambda: () => waiting })
    const quick = createWorkflow({
      definition: machine({ Quick: task('Quick', { TimeoutSeconds: 45, Next: 'Sleep' }), Sleep: waits }),
    })
    const lateArn = late.start()
    const quickArn = quick.start()

    await late.clock.advance(45_000, () => new Promise((resolve) => setImmediate(resolve)))
    finish()
    await late.engine.idle()
    await quick.advance(99_999)

    expect(late.walk(lateArn)).toMatchObject({ status: 'RUNNING', states: ['Slow', 'Sleep'] })
    expect(quick.walk(quickArn)).toMatchObject({ status: 'RUNNING', states: ['Quick', 'Sleep'] })
    await quick.advance(1)
    expect(quick.walk(quickArn).status).toBe('SUCCEEDED')
  })

  it('keeps the engine busy until the function is over', async () => {
    const { engine, start, finish } = hanging({})
    start()
    let isIdle = false
    const idle = engine.idle().then(() => (isIdle = true))
    await new Promise((resolve) => setImmediate(resolve))
    expect(isIdle).toBe(false)

    finish()
    await idle
  })
})
