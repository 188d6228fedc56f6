import { createWorkflow, invoke, machine, startOfTest, task } from '../../support/engine.ts'

const day = 24 * 3_600_000

describe('Pass and Assign', () => {
  it('hands its input on when there is no Output', async () => {
    const { run } = createWorkflow({ definition: machine({ Keep: { Type: 'Pass', End: true } }) })

    expect((await run({ a: [1] })).output).toEqual({ a: [1] })
  })

  it('evaluates Output and every Assign with the old values; the new ones count in the next state', async () => {
    const definition = machine({
      Set: { Type: 'Pass', Assign: { a: 1, b: 2 }, Next: 'Swap' },
      Swap: {
        Type: 'Pass',
        Assign: { a: '{% $b %}', b: '{% $a %}' },
        Output: ['{% $a %}', '{% $b %}'],
        Next: 'Read',
      },
      Read: { Type: 'Pass', Output: { before: '{% $states.input %}', now: ['{% $a %}', '{% $b %}'] }, End: true },
    })

    const { output } = await createWorkflow({ definition }).run()

    expect(output).toEqual({ before: [1, 2], now: [2, 1] })
  })

  it('keeps a literal string that holds no expression', async () => {
    const definition = machine({ Say: { Type: 'Pass', Output: { text: 'x {% $a %} y', n: null }, End: true } })

    expect((await createWorkflow({ definition }).run()).output).toEqual({ text: 'x {% $a %} y', n: null })
  })

  it('is a query evaluation error when an expression gives nothing', async () => {
    const definition = machine({ Say: { Type: 'Pass', Output: { deep: ['{% $states.input.missing %}'] }, End: true } })

    const { status, error, cause, events } = await createWorkflow({ definition }).run()

    expect({ status, error }).toEqual({ status: 'FAILED', error: 'States.QueryEvaluationError' })
    expect(cause).toContain("'$states.input.missing' specified for the field 'Output/deep[0]' returned nothing")
    expect(events.map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      'PassStateEntered',
      'EvaluationFailed',
      'ExecutionFailed',
    ])
  })

  it.each([
    ['an expression that throws', '{% $error("no") %}'],
    ['a wrong type', '{% 1 + "a" %}'],
    ['a function as a value', '{% {"f": $sum} %}'],
    ['a number that JSON cannot hold', '{% 1 / 0 %}'],
  ])('is a query evaluation error: %s', async (_, expression) => {
    const definition = machine({ Say: { Type: 'Pass', Output: expression, End: true } })

    expect((await createWorkflow({ definition }).run()).error).toBe('States.QueryEvaluationError')
  })
})

describe('$states', () => {
  it('has the context of execution, state and state machine', async () => {
    const definition = machine({ Tell: { Type: 'Pass', Output: '{% $states.context %}', End: true } })
    const { engine, start, walk } = createWorkflow({ definition })
    const arn = start({ a: 1 }, 'run-1')
    await engine.idle()

    expect(walk(arn).output).toEqual({
      Execution: {
        Id: 'arn:aws:states:us-east-1:111111111111:execution:Offers:run-1',
        Input: { a: 1 },
        Name: 'run-1',
        RoleArn: 'arn:aws:iam::111111111111:role/Offers',
        StartTime: new Date(startOfTest).toISOString(),
        RedriveCount: 0,
      },
      State: { EnteredTime: new Date(startOfTest).toISOString(), Name: 'Tell', RetryCount: 0 },
      StateMachine: { Id: 'arn:aws:states:us-east-1:111111111111:stateMachine:Offers', Name: 'Offers' },
    })
  })

  it('has no result where there is none', async () => {
    const definition = machine({ Tell: { Type: 'Pass', Output: '{% $exists($states.result) %}', End: true } })

    expect((await createWorkflow({ definition }).run()).output).toBe(false)
  })
})

describe('Task', () => {
  it('gives the function its payload and the next state what lambda:invoke gives', async () => {
    const definition = machine({
      Call: {
        Type: 'Task',
        Resource: invoke,
        Arguments: {
          FunctionName: 'arn:aws:lambda:us-east-1:111111111111:function:Judge',
          Payload: { n: '{% $states.input.n %}' },
        },
        End: true,
      },
    })
    const { run, calls } = createWorkflow({ definition, lambda: (name, { n }) => ({ name, twice: n * 2 }) })

    const { output } = await run({ n: 21 })

    expect(calls).toEqual([{ name: 'Judge', payload: { n: 21 } }])
    expect(output).toEqual({ ExecutedVersion: '$LATEST', Payload: { name: 'Judge', twice: 42 }, StatusCode: 200 })
  })

  it('records the events of the optimized integration', async () => {
    const definition = machine({ Call: task('Judge', { TimeoutSeconds: 60, Assign: { next: 'x' } }) })
    const { events } = await createWorkflow({ definition }).run()

    expect(events.map(({ id, previousEventId, type }) => [id, previousEventId, type])).toEqual([
      [1, 0, 'ExecutionStarted'],
      [2, 0, 'TaskStateEntered'],
      [3, 2, 'TaskScheduled'],
      [4, 3, 'TaskStarted'],
      [5, 4, 'TaskSucceeded'],
      [6, 5, 'TaskStateExited'],
      [7, 6, 'ExecutionSucceeded'],
    ])
    expect(events[2]).toMatchObject({
      detailsName: 'taskScheduledEventDetails',
      details: { resourceType: 'lambda', resource: 'invoke', timeoutInSeconds: 60, region: 'us-east-1' },
    })
    expect(events[5]?.details).toMatchObject({ assignedVariables: { next: '"x"' } })
  })

  it('fails when the function name turns out to be no text', async () => {
    const definition = machine({ Call: task('Judge', { Arguments: '{% {"FunctionName": 1} %}' }) })

    expect((await createWorkflow({ definition }).run()).error).toBe('States.QueryEvaluationError')
  })
})

describe('Choice', () => {
  const definition = machine({
    Which: {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $states.input.n > 10 %}', Next: 'Big', Output: 'big', Assign: { size: 3 } },
        { Condition: '{% $states.input.n > 1 %}', Next: 'Big' },
        { Condition: false, Next: 'Small' },
      ],
      Default: 'Small',
      Output: 'small',
      Assign: { size: 1 },
    },
    Big: { Type: 'Pass', Output: ['{% $states.input %}', '{% $exists($size) ? $size : "none" %}'], End: true },
    Small: { Type: 'Pass', Output: ['{% $states.input %}', '{% $size %}'], End: true },
  })

  it.each([
    [11, ['big', 3]],
    [2, [{ n: 2 }, 'none']],
    [1, ['small', 1]],
  ])('takes the first rule that is true, with its own Output and Assign: %s', async (n, expected) => {
    expect((await createWorkflow({ definition }).run({ n })).output).toEqual(expected)
  })

  it('fails when no rule is true and there is no Default', async () => {
    const alone = machine({ Which: { Type: 'Choice', Choices: [{ Condition: false, Next: 'Which' }] } })

    expect((await createWorkflow({ definition: alone }).run()).error).toBe('States.NoChoiceMatched')
  })

  it('fails when a condition is neither true nor false', async () => {
    expect((await createWorkflow({ definition }).run({ n: 'x' })).error).toBe('States.QueryEvaluationError')
    const text = machine({
      Which: { Type: 'Choice', Choices: [{ Condition: '{% "yes" %}', Next: 'End' }], Default: 'End' },
      End: { Type: 'Succeed' },
    })
    expect((await createWorkflow({ definition: text }).run()).cause).toContain('expected true or false')
  })
})

describe('Wait', () => {
  it('waits for so many seconds, longer than setTimeout can count', async () => {
    const definition = machine({ Sleep: { Type: 'Wait', Seconds: '{% $states.input * 86400 %}', End: true } })
    const { start, advance, walk } = createWorkflow({ definition })
    const arn = start(40)

    await advance(40 * day - 1)
    expect(walk(arn).status).toBe('RUNNING')

    await advance(1)
    expect(walk(arn)).toMatchObject({ status: 'SUCCEEDED', stopMs: startOfTest + 40 * day })
  })

  it('waits until a time, or not at all when it is past', async () => {
    const definition = machine({ Sleep: { Type: 'Wait', Timestamp: '{% $states.input %}', End: true } })
    const { start, run, advance, walk } = createWorkflow({ definition })
    const arn = start(new Date(startOfTest + 5000).toISOString())

    await advance(4999)
    expect(walk(arn).status).toBe('RUNNING')
    await advance(1)
    expect(walk(arn).status).toBe('SUCCEEDED')
    expect((await run('2020-01-01T00:00:00Z')).status).toBe('SUCCEEDED')
    expect((await run('tomorrow')).error).toBe('States.QueryEvaluationError')
  })

  it.each([-1, 1.5, 'soon', 100_000_000])('refuses %s seconds', async (seconds) => {
    const definition = machine({ Sleep: { Type: 'Wait', Seconds: '{% $states.input %}', End: true } })

    expect((await createWorkflow({ definition }).run(seconds)).error).toBe('States.QueryEvaluationError')
  })
})

describe('Succeed and Fail', () => {
  it('ends with its Output', async () => {
    const definition = machine({ Done: { Type: 'Succeed', Output: { was: '{% $states.input %}' } } })

    expect(await createWorkflow({ definition }).run(1)).toMatchObject({ status: 'SUCCEEDED', output: { was: 1 } })
  })

  it('fails with the error and cause that it names', async () => {
    const definition = machine({ Bad: { Type: 'Fail', Error: 'RunFailed', Cause: "{% 'run ' & $states.input.run %}" } })

    const { status, error, cause, events } = await createWorkflow({ definition }).run({ run: 3 })

    expect({ status, error, cause }).toEqual({ status: 'FAILED', error: 'RunFailed', cause: 'run 3' })
    expect(events.at(-1)).toMatchObject({ type: 'ExecutionFailed', details: { error: 'RunFailed', cause: 'run 3' } })
  })

  it('may name neither', async () => {
    const { status, error, cause } = await createWorkflow({ definition: machine({ Bad: { Type: 'Fail' } }) }).run()

    expect([status, error, cause]).toEqual(['FAILED', undefined, undefined])
  })
})

describe('a definition with a time limit', () => {
  it('times out as a whole', async () => {
    const definition = machine({ Sleep: { Type: 'Wait', Seconds: 100, End: true } }, { TimeoutSeconds: 60 })
    const { start, advance, walk } = createWorkflow({ definition })
    const arn = start()

    await advance(100_000)

    expect(walk(arn)).toMatchObject({ status: 'TIMED_OUT', stopMs: startOfTest + 60_000 })
    expect(walk(arn).events.at(-1)?.type).toBe('ExecutionTimedOut')
  })

  it('ends after a year whatever it says', async () => {
    const definition = machine({ Sleep: { Type: 'Wait', Seconds: 99_999_999, End: true } })
    const { start, advance, walk } = createWorkflow({ definition })
    const arn = start()

    await advance(366 * day)

    expect(walk(arn)).toMatchObject({ status: 'TIMED_OUT', stopMs: startOfTest + 365 * day })
  })
})
