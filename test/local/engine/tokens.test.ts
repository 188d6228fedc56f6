import type { JsonObject } from '../../../local/engine/json.ts'
import { createWorkflow, invokeWithToken, machine, NamedError } from '../../support/engine.ts'
import type { Workflow } from '../../support/engine.ts'

/** Waits for a token; what comes of it goes to the state that the error names. */
function ask(more: JsonObject = {}): JsonObject {
  return machine({
    Ask: {
      Type: 'Task',
      Resource: invokeWithToken,
      Arguments: { FunctionName: 'Ask', Payload: { token: '{% $states.context.Task.Token %}' } },
      TimeoutSeconds: 600,
      Next: 'Done',
      ...more,
    },
    Done: { Type: 'Succeed' },
    Looked: { Type: 'Pass', Output: { looked: '{% $states.input %}' }, End: true },
    'Timed out': { Type: 'Pass', End: true },
  })
}

const Catch = [
  { ErrorEquals: ['LookAgain'], Next: 'Looked' },
  { ErrorEquals: ['States.Timeout'], Next: 'Timed out' },
]

async function waiting(definition: JsonObject): Promise<Workflow & { arn: string; token: () => string }> {
  const workflow = createWorkflow({ definition, lambda: () => ({ asked: true }) })
  const arn = workflow.start()
  await workflow.engine.idle()
  return { ...workflow, arn, token: () => workflow.calls.at(-1)?.payload.token }
}

describe('a task that waits for a token', () => {
  it('waits, idle, and ends with what the token brings', async () => {
    const { engine, arn, token, walk } = await waiting(ask())
    expect(walk(arn).status).toBe('RUNNING')

    engine.sendTaskSuccess(token(), '{"vote":"accept"}')
    await engine.idle()

    expect(walk(arn)).toMatchObject({ status: 'SUCCEEDED', output: { vote: 'accept' } })
    expect(walk(arn).events.map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'SucceedStateEntered',
      'SucceedStateExited',
      'ExecutionSucceeded',
    ])
    expect(walk(arn).events[5]?.details).toMatchObject({
      resource: 'invoke.waitForTaskToken',
      output: '{"vote":"accept"}',
    })
  })

  it('can be answered from inside its own function', async () => {
    const workflow: Workflow = createWorkflow({
      definition: ask(),
      lambda: (_, { token }) => {
        workflow.engine.sendTaskSuccess(token, '"at once"')
      },
    })

    expect(await workflow.run()).toMatchObject({ status: 'SUCCEEDED', output: 'at once' })
  })

  it('fails with the error that the token brings', async () => {
    const { engine, arn, token, walk } = await waiting(ask({ Catch }))

    engine.sendTaskFailure(token(), { error: 'LookAgain', cause: 'a scan' })
    await engine.idle()

    expect(walk(arn).output).toEqual({ looked: { Error: 'LookAgain', Cause: 'a scan' } })
  })

  it('fails when its function does, and the token is closed', async () => {
    const definition = ask()
    const { engine, run, calls } = createWorkflow({
      definition,
      lambda: () => {
        throw new NamedError('NoMail')
      },
    })

    expect((await run()).error).toBe('NoMail')
    expect(() => {
      engine.sendTaskSuccess(calls[0]?.payload.token, '1')
    }).toThrow(expect.objectContaining({ name: 'TaskTimedOut' }))
  })

  it('times out', async () => {
    const { arn, advance, walk } = await waiting(ask({ Catch }))

    await advance(599_999)
    expect(walk(arn).status).toBe('RUNNING')
    await advance(1)

    expect(walk(arn)).toMatchObject({ states: ['Ask', 'Timed out'], output: { Error: 'States.Timeout', Cause: '' } })
  })

  it('takes its timeout from an expression', async () => {
    const { arn, advance, walk } = await waiting(ask({ TimeoutSeconds: '{% 10 * 6 %}', Catch }))

    await advance(60_000)

    expect(walk(arn).states).toEqual(['Ask', 'Timed out'])
  })

  it.each([0, -5, 1.5, null])('fails for a timeout of %s', async (seconds) => {
    const definition = ask({ TimeoutSeconds: '{% $states.input %}' })

    expect((await createWorkflow({ definition }).run(seconds)).error).toBe('States.QueryEvaluationError')
  })

  it('misses its heartbeat, which States.Timeout takes', async () => {
    const { engine, arn, token, advance, walk } = await waiting(ask({ HeartbeatSeconds: 60, Catch }))

    await advance(59_000)
    engine.sendTaskHeartbeat(token())
    await advance(59_000)
    expect(walk(arn).status).toBe('RUNNING')

    await advance(1_000)
    expect(walk(arn).output).toEqual({ Error: 'States.HeartbeatTimeout', Cause: '' })
  })

  it('has a new token for each attempt; the old one is closed', async () => {
    const { engine, arn, token, calls, advance, walk } = await waiting(
      ask({ Retry: [{ ErrorEquals: ['States.Timeout'] }] }),
    )
    const first = token()
    await advance(601_000)
    expect(calls).toHaveLength(2)

    expect(() => {
      engine.sendTaskSuccess(first, '1')
    }).toThrow(expect.objectContaining({ name: 'TaskTimedOut' }))
    engine.sendTaskSuccess(token(), '2')
    await engine.idle()
    expect(walk(arn).output).toBe(2)
  })
})

describe('a token', () => {
  it('works once, whatever is sent', async () => {
    const { engine, arn, token, walk } = await waiting(ask())
    engine.sendTaskSuccess(token(), '1')

    const again = [
      (): void => {
        engine.sendTaskSuccess(token(), '2')
      },
      (): void => {
        engine.sendTaskFailure(token(), { error: 'x' })
      },
      (): void => {
        engine.sendTaskHeartbeat(token())
      },
    ]
    for (const send of again) expect(send).toThrow(expect.objectContaining({ name: 'TaskTimedOut' }))
    await engine.idle()
    expect(walk(arn).output).toBe(1)
  })

  it('is closed with its execution', async () => {
    const { engine, arn, token } = await waiting(ask())
    engine.stop(arn)

    expect(() => {
      engine.sendTaskSuccess(token(), '1')
    }).toThrow(expect.objectContaining({ name: 'TaskTimedOut' }))
  })

  it('is refused when it was never given out', async () => {
    const { engine, token } = await waiting(ask())
    const other = await waiting(ask())

    expect(() => {
      engine.sendTaskSuccess('nonsense', '1')
    }).toThrow(expect.objectContaining({ name: 'InvalidToken' }))
    expect(() => {
      engine.sendTaskSuccess(`x${token()}`, '1')
    }).toThrow(expect.objectContaining({ name: 'InvalidToken' }))
    expect(() => {
      engine.sendTaskSuccess(other.token(), '1')
    }).toThrow(expect.objectContaining({ name: 'TaskDoesNotExist' }))
  })

  it('stays open when its output is not JSON', async () => {
    const { engine, arn, token, walk } = await waiting(ask())

    expect(() => {
      engine.sendTaskSuccess(token(), 'accept')
    }).toThrow(expect.objectContaining({ name: 'InvalidOutput' }))
    engine.sendTaskSuccess(token(), '"accept"')
    await engine.idle()
    expect(walk(arn).output).toBe('accept')
  })
})
