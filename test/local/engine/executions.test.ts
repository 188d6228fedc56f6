import { historyLimit } from '../../../local/engine/history.ts'
import type { JsonObject } from '../../../local/engine/json.ts'
import { createWorkflow, machine, startOfTest, stateMachineArn, task } from '../../support/engine.ts'

const day = 24 * 3_600_000
const sleeping = machine({ Sleep: { Type: 'Wait', Seconds: 100, End: true } })

describe('starting', () => {
  it('answers quietly while the same name runs with byte-identical input', () => {
    const { engine } = createWorkflow({ definition: sleeping })
    const first = engine.startExecution({ stateMachineArn, name: 'offer-1', input: '{"a":1}' })

    expect(engine.startExecution({ stateMachineArn, name: 'offer-1', input: '{"a":1}' })).toEqual(first)
    expect(engine.list(stateMachineArn)).toHaveLength(1)
    expect(() => engine.startExecution({ stateMachineArn, name: 'offer-1', input: '{ "a":1}' })).toThrow(
      expect.objectContaining({ name: 'ExecutionAlreadyExists' }),
    )
  })

  it('has taken the name for 90 days after the end', async () => {
    const { engine, advance } = createWorkflow({ definition: sleeping })
    const start = (): string => engine.startExecution({ stateMachineArn, name: 'offer-1', input: '1' }).executionArn
    const arn = start()
    await advance(100_000)

    await advance(90 * day - 1)
    expect(start).toThrow(expect.objectContaining({ name: 'ExecutionAlreadyExists' }))
    expect(engine.describe(arn).status).toBe('SUCCEEDED')

    await advance(1)
    expect(() => engine.describe(arn)).toThrow(expect.objectContaining({ name: 'ExecutionDoesNotExist' }))
    expect(start()).toBe(arn)
    expect(engine.describe(arn)).toMatchObject({ status: 'RUNNING', startMs: startOfTest + 100_000 + 90 * day })
  })

  it.each(['', 'a b', 'a/b', 'a:b', 'x'.repeat(81), 'a\u0000'])('refuses the name `%s`', (name) => {
    const { engine } = createWorkflow({ definition: sleeping })

    expect(() => engine.startExecution({ stateMachineArn, name })).toThrow(
      expect.objectContaining({ name: 'InvalidName' }),
    )
  })

  it('refuses input that is no JSON or too large, and unknown state machines', () => {
    const { engine } = createWorkflow({ definition: sleeping })
    const error = (name: string): Error => expect.objectContaining({ name })

    expect(() => engine.startExecution({ stateMachineArn, input: '{' })).toThrow(error('InvalidExecutionInput'))
    const large = JSON.stringify('x'.repeat(262_143))
    expect(() => engine.startExecution({ stateMachineArn, input: large })).toThrow(error('InvalidExecutionInput'))
    expect(() => engine.startExecution({ stateMachineArn: `${stateMachineArn}2` })).toThrow(
      error('StateMachineDoesNotExist'),
    )
    expect(engine.list(stateMachineArn)).toEqual([])
  })
})

describe('looking', () => {
  it('describes with input and output as text', async () => {
    const definition = machine({ Say: { Type: 'Pass', Output: { b: '{% $states.input.a %}' }, End: true } })
    const { engine } = createWorkflow({ definition })
    const { executionArn } = engine.startExecution({ stateMachineArn, name: 'n', input: '{ "a" : 1 }' })
    await engine.idle()

    expect(engine.describe(executionArn)).toEqual({
      executionArn: 'arn:aws:states:us-east-1:111111111111:execution:Offers:n',
      stateMachineArn,
      name: 'n',
      status: 'SUCCEEDED',
      startMs: startOfTest,
      stopMs: startOfTest,
      input: '{ "a" : 1 }',
      output: '{"b":1}',
    })
  })

  it('lists newest first, also by status', async () => {
    const { engine, start, advance } = createWorkflow({ definition: sleeping })
    start({}, 'a')
    start({}, 'b')
    await advance(100_000)
    start({}, 'c')

    const names = (status?: 'RUNNING' | 'SUCCEEDED'): string[] =>
      engine.list(stateMachineArn, { status }).map(({ name }) => name)
    expect(names()).toEqual(['c', 'b', 'a'])
    expect(names('SUCCEEDED')).toEqual(['b', 'a'])
    expect(names('RUNNING')).toEqual(['c'])
  })

  it('tells of every end', async () => {
    const { engine, start, run, advance } = createWorkflow({ definition: sleeping })
    const ended: string[] = []
    const stopListening = engine.onExecutionEnd(({ name, status, stopMs }) =>
      ended.push(`${name} ${status} ${stopMs! - startOfTest}`),
    )
    start({}, 'a')
    engine.stop(start({}, 'b'), { error: 'Stop' })
    await advance(100_000)
    stopListening()
    await run()
    await advance(100_000)

    expect(ended).toEqual(['b ABORTED 0', 'a SUCCEEDED 100000'])
  })
})

describe('stopping', () => {
  it('ends a running execution where it stands', async () => {
    const { engine, start, advance, walk } = createWorkflow({ definition: sleeping })
    const arn = start()
    await advance(5000)

    expect(engine.stop(arn, { error: 'Enough', cause: 'by hand' })).toEqual({ stopMs: startOfTest + 5000 })
    await advance(200_000)

    expect(walk(arn)).toMatchObject({
      status: 'ABORTED',
      error: 'Enough',
      cause: 'by hand',
      stopMs: startOfTest + 5000,
    })
    expect(walk(arn).events.at(-1)).toMatchObject({ type: 'ExecutionAborted', details: { error: 'Enough' } })
    expect(engine.stop(arn)).toEqual({ stopMs: startOfTest + 5000 })
  })

  it('does not wait for a function that runs, and ignores what it gives', async () => {
    let finish = (): void => undefined
    const gate = new Promise<void>((resolve) => (finish = resolve))
    const { engine, start, walk } = createWorkflow({ definition: machine({ Call: task('F') }), lambda: () => gate })
    const arn = start()
    await new Promise((resolve) => setImmediate(resolve))
    engine.stop(arn)
    finish()
    await engine.idle()

    expect(walk(arn).status).toBe('ABORTED')
    expect(walk(arn).events.at(-1)?.type).toBe('ExecutionAborted')
  })
})

describe('the history', () => {
  it('ends the execution at its limit, with the failure as last event', async () => {
    const loop: JsonObject = { Type: 'Choice', Choices: [{ Condition: true, Next: 'Loop' }], Default: 'Loop' }
    const { events, status, error } = await createWorkflow({ definition: machine({ Loop: loop }) }).run()

    expect({ status, error, count: events.length }).toEqual({
      status: 'FAILED',
      error: 'States.Runtime',
      count: historyLimit,
    })
    expect(events.at(-1)?.type).toBe('ExecutionFailed')
  }, 30_000)

  it('ends it from inside a Map too, whatever is caught', async () => {
    const loop: JsonObject = { Type: 'Choice', Choices: [{ Condition: true, Next: 'Loop' }], Default: 'Loop' }
    const each: JsonObject = {
      Type: 'Map',
      ItemProcessor: { StartAt: 'Loop', States: { Loop: loop } },
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Each' }],
      End: true,
    }
    const { events, error } = await createWorkflow({ definition: machine({ Each: each }) }).run([1, 2])

    expect({ error, count: events.length }).toEqual({ error: 'States.Runtime', count: historyLimit })
  }, 30_000)
})
