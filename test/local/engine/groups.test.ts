import type { Json, JsonObject } from '../../../local/engine/json.ts'
import { createWorkflow, invokeWithToken, machine, NamedError, startOfTest, task } from '../../support/engine.ts'

function mapOf(states: Record<string, JsonObject>, more: JsonObject = {}): JsonObject {
  const ItemProcessor = { ProcessorConfig: { Mode: 'INLINE' }, StartAt: Object.keys(states)[0]!, States: states }
  return machine({ Each: { Type: 'Map', ItemProcessor, End: true, ...more }, Caught: { Type: 'Pass', End: true } })
}

const sleepThenKeep = {
  Sleep: { Type: 'Wait', Seconds: '{% $states.input %}', Next: 'Keep' },
  Keep: { Type: 'Pass', Output: '{% $states.input * 10 %}', End: true },
}

describe('Map', () => {
  it('runs its states for every item and keeps their order', async () => {
    const { start, advance, walk } = createWorkflow({ definition: mapOf(sleepThenKeep) })
    const arn = start([3, 1, 2])
    await advance(3000)

    expect(walk(arn)).toMatchObject({ status: 'SUCCEEDED', output: [30, 10, 20] })
  })

  it.each([
    [0, 3],
    [1, 7],
    [2, 4],
  ])('runs at most MaxConcurrency at a time: %s', async (MaxConcurrency, seconds) => {
    const { start, advance, walk } = createWorkflow({ definition: mapOf(sleepThenKeep, { MaxConcurrency }) })
    const arn = start([3, 2, 2])
    await advance(60_000)

    expect(walk(arn)).toMatchObject({ output: [30, 20, 20], stopMs: startOfTest + seconds * 1000 })
  })

  it('selects the items and what each iteration is given', async () => {
    const definition = mapOf(
      { Tell: { Type: 'Pass', Output: ['{% $states.input %}', '{% $states.context.Map.Item.Index %}'], End: true } },
      {
        Items: '{% $states.input.items %}',
        ItemSelector: {
          index: '{% $states.context.Map.Item.Index %}',
          value: '{% $states.context.Map.Item.Value %}',
          all: '{% $count($states.input.items) %}',
        },
      },
    )

    const { output } = await createWorkflow({ definition }).run({ items: ['a', 'b'] })

    expect(output).toEqual([
      [{ index: 0, value: 'a', all: 2 }, 0],
      [{ index: 1, value: 'b', all: 2 }, 1],
    ])
  })

  it('gives an empty list for none, and fails for what is no list', async () => {
    const { run } = createWorkflow({ definition: mapOf(sleepThenKeep) })

    expect((await run([])).output).toEqual([])
    expect((await run({ a: 1 })).error).toBe('States.QueryEvaluationError')
  })

  it('fails with the first iteration that fails, stops the others, and can be caught', async () => {
    const definition = mapOf(
      { Sleep: { Type: 'Wait', Seconds: '{% $states.input %}', Next: 'Call' }, Call: task('Call') },
      { Catch: [{ ErrorEquals: ['Bad'], Next: 'Caught' }] },
    )
    const { start, advance, walk, calls } = createWorkflow({
      definition,
      lambda: () => {
        throw new NamedError('Bad')
      },
    })
    const arn = start([5, 1, 9])
    await advance(60_000)

    expect(calls).toHaveLength(1)
    expect(walk(arn)).toMatchObject({ status: 'SUCCEEDED', output: { Error: 'Bad' } })
    expect(walk(arn).events.filter(({ type }) => type === 'MapIterationFailed')).toMatchObject([
      { details: { index: 1 } },
    ])
  })

  it('is retried as a whole', async () => {
    const failures = ['Bad']
    const definition = mapOf(
      { Call: task('Call', { Output: '{% $states.input %}' }) },
      { Retry: [{ ErrorEquals: ['Bad'] }] },
    )
    const lambda = (): void => {
      const name = failures.pop()
      if (name !== undefined) throw new NamedError(name)
    }
    const { start, advance, walk, calls } = createWorkflow({ definition, lambda })
    const arn = start(['a', 'b'])
    await advance(60_000)

    expect(walk(arn).output).toEqual(['a', 'b'])
    expect(calls).toHaveLength(4)
  })

  it('reads outer variables and keeps its own inside', async () => {
    const definition = machine({
      Set: { Type: 'Pass', Assign: { factor: 2 }, Next: 'Each' },
      Each: {
        Type: 'Map',
        ItemProcessor: {
          StartAt: 'Own',
          States: {
            Own: { Type: 'Pass', Assign: { own: '{% $states.input * $factor %}' }, Next: 'Tell' },
            Tell: { Type: 'Pass', Output: '{% $own %}', End: true },
          },
        },
        Next: 'After',
      },
      After: { Type: 'Pass', Output: ['{% $states.input %}', '{% $exists($own) %}'], End: true },
    })

    expect((await createWorkflow({ definition }).run([1, 2])).output).toEqual([[2, 4], false])
  })
})

describe('Parallel', () => {
  function parallel(branches: JsonObject[], more: JsonObject = {}): JsonObject {
    const Branches = branches.map((state) => ({ StartAt: 'Only', States: { Only: state } }))
    return machine({ Both: { Type: 'Parallel', Branches, End: true, ...more }, Caught: { Type: 'Pass', End: true } })
  }

  it('gives every branch the same input and a list of what they give', async () => {
    const branches: JsonObject[] = [
      { Type: 'Pass', Output: '{% $states.input + 1 %}', End: true },
      { Type: 'Wait', Seconds: 5, Output: '{% $states.input + 2 %}', End: true },
    ]
    const definition = parallel(branches, {
      Arguments: '{% $states.input * 100 %}',
      Output: { both: '{% $states.result %}' },
    })
    const { start, advance, walk } = createWorkflow({ definition })
    const arn = start(1)
    await advance(5000)

    expect(walk(arn).output).toEqual({ both: [101, 102] })
  })

  it('closes the tokens of the other branches when one fails', async () => {
    const branches: JsonObject[] = [
      {
        Type: 'Task',
        Resource: invokeWithToken,
        Arguments: { FunctionName: 'Ask', Payload: '{% $states.context.Task.Token %}' },
        End: true,
      },
      { Type: 'Fail', Error: 'Bad' },
    ]
    const { engine, run, calls } = createWorkflow({ definition: parallel(branches) })

    expect(await run()).toMatchObject({ status: 'FAILED', error: 'Bad' })
    for (const { payload } of calls) {
      expect(() => {
        engine.sendTaskSuccess(payload, '1')
      }).toThrow(expect.objectContaining({ name: 'TaskTimedOut' }))
    }
  })

  it('is inside and around Map', async () => {
    const inner: Json = {
      Type: 'Parallel',
      Branches: [{ StartAt: 'P', States: { P: { Type: 'Pass', End: true } } }],
      End: true,
    }
    const each: JsonObject = { Type: 'Map', ItemProcessor: { StartAt: 'Inner', States: { Inner: inner } }, End: true }

    expect((await createWorkflow({ definition: parallel([each, each]) }).run([1, 2])).output).toEqual([
      [[1], [2]],
      [[1], [2]],
    ])
  })
})
