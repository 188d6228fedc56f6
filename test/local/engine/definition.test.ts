import validateAsl from 'asl-validator'
import { DefinitionRefused } from '../../../local/engine/definition/problems.ts'
import type { JsonObject } from '../../../local/engine/json.ts'
import { createWorkflow, invokeWithToken, machine, task } from '../../support/engine.ts'

const end: JsonObject = { Type: 'Pass', End: true }

function problems(definition: JsonObject | string): string[] {
  try {
    createWorkflow({ definition })
  } catch (error) {
    if (error instanceof DefinitionRefused) return error.problems.map(({ path, message }) => `${path}: ${message}`)
    throw error
  }
  return []
}

/** What is wrong with one state called Only. */
function problemsOf(state: JsonObject): string[] {
  return problems(machine({ Only: state })).map((problem) =>
    problem.replace('States.Only.', '').replace('States.Only: ', ''),
  )
}

describe('a definition', () => {
  it('is accepted as text and as an object', () => {
    expect(problems(machine({ Only: end }))).toEqual([])
    expect(problems(JSON.stringify(machine({ Only: end })))).toEqual([])
    expect(problems('{')).not.toEqual([])
  })

  it('may name its language for each state', () => {
    const { QueryLanguage, ...without } = machine({ Only: { ...end, QueryLanguage: 'JSONata' } })
    expect(QueryLanguage).toBe('JSONata')
    expect(problems(without)).toEqual([])
    expect(problems({ ...without, States: { Only: end } })).toEqual([
      'States.Only.QueryLanguage: only JSONata is supported',
    ])
    expect(problemsOf({ ...end, QueryLanguage: 'JSONPath' })).toEqual(['QueryLanguage: only JSONata is supported'])
  })

  it('tells every problem with its place, and registers nothing', () => {
    const definition = machine({
      First: { ...end, ResultPath: '$.x' },
      Second: { Type: 'Pass', Next: 'Nowhere' },
    })

    expect(() => createWorkflow({ definition })).toThrow(
      'state machine `Offers` is refused\n  States.First.ResultPath: this field is not supported',
    )
  })

  it('is refused when a state it leads to is not there', () => {
    expect(problems({ ...machine({ Only: end }), StartAt: 'Other' })).toEqual(['StartAt: there is no state `Other`'])
    expect(problemsOf({ Type: 'Pass', Next: 'Other' })).toEqual(['Next: there is no state `Other`'])
    const choice = { Type: 'Choice', Choices: [{ Condition: true, Next: 'A' }], Default: 'B' }
    expect(problemsOf(choice)).toEqual(['Default: there is no state `B`', 'Choices.0.Next: there is no state `A`'])
    const caught = task('F', { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'C' }] })
    expect(problemsOf(caught)).toEqual(['Catch.0.Next: there is no state `C`'])
  })
})

describe('what the engine does not run is refused by name', () => {
  it.each<[string, JsonObject, string]>([
    ['another resource', task('F', { Resource: 'arn:aws:states:::sqs:sendMessage' }), 'Resource: only lambda:invoke'],
    [
      'a function as a resource',
      task('F', { Resource: 'arn:aws:lambda:us-east-1:1:function:F' }),
      'Resource: only lambda:invoke',
    ],
    ['a JSONPath field', task('F', { ResultPath: '$.x' }), 'ResultPath: this field is not supported'],
    ['Parameters', task('F', { Parameters: {} }), 'Parameters: this field is not supported'],
    ['InputPath', { ...end, InputPath: '$' }, 'InputPath: this field is not supported'],
    ['TimeoutSecondsPath', task('F', { TimeoutSecondsPath: '$.t' }), 'TimeoutSecondsPath: this field is not supported'],
    ['Credentials', task('F', { Credentials: {} }), 'Credentials: this field is not supported'],
    ['a state type', { Type: 'Loop', End: true }, ': this state type is not supported'],
    ['a misspelt field', { ...end, Outptu: 1 }, 'Outptu: this field is not supported'],
    [
      'a JSONPath choice',
      { Type: 'Choice', Choices: [{ Variable: '$.x', BooleanEquals: true, Next: 'Only' }] },
      'Choices.0.Variable: this field',
    ],
    [
      'a field of lambda:invoke',
      task('F', { Arguments: { FunctionName: 'F', InvocationType: 'Event' } }),
      'Arguments.InvocationType: this field',
    ],
    ['no function name', task('F', { Arguments: { Payload: 1 } }), 'Arguments.FunctionName: is required'],
    [
      'a distributed map',
      {
        Type: 'Map',
        ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, StartAt: 'P', States: { P: end } },
        End: true,
      },
      'ItemProcessor.ProcessorConfig.Mode',
    ],
    [
      'an unknown field of Retry',
      task('F', { Retry: [{ ErrorEquals: ['x'], Delay: 1 }] }),
      'Retry.0.Delay: this field',
    ],
  ])('%s', (_, state, expected) => {
    expect(problemsOf(state).join('\n')).toContain(expected)
  })
})

describe('what cannot be right is refused', () => {
  it.each<[string, JsonObject, string]>([
    ['neither Next nor End', { Type: 'Pass' }, 'expected either Next or End'],
    ['both Next and End', { Type: 'Pass', Next: 'Only', End: true }, 'expected either Next or End'],
    ['bad JSONata', { ...end, Output: { a: ['{% 1 + %}'] } }, 'Output: Output/a[0]: '],
    ['$eval', { ...end, Output: '{% $eval("1") %}' }, '$eval is not supported'],
    ['an expression that is not closed', { ...end, Output: '{% 1' }, 'must start with {% and end with %}'],
    ['an expression after a space', { ...end, Output: ' {% 1 %}' }, 'must start with {% and end with %}'],
    ['a number as text', { Type: 'Wait', Seconds: '5', End: true }, 'Seconds: expected an expression'],
    [
      'a condition as text',
      { Type: 'Choice', Choices: [{ Condition: 'true', Next: 'Only' }] },
      'Choices.0.Condition: expected',
    ],
    [
      'two kinds of waiting',
      { Type: 'Wait', Seconds: 5, Timestamp: '2027-01-01T00:00:00Z', End: true },
      'either Seconds or Timestamp',
    ],
    [
      'a time without zone',
      { Type: 'Wait', Timestamp: '2027-01-01T00:00:00', End: true },
      'Timestamp: is not an ISO 8601 time',
    ],
    ['a timeout of 0', task('F', { TimeoutSeconds: 0 }), 'TimeoutSeconds'],
    ['a heartbeat not under the timeout', task('F', { TimeoutSeconds: 5, HeartbeatSeconds: 5 }), 'must be smaller'],
    [
      'States.ALL beside others',
      task('F', { Retry: [{ ErrorEquals: ['States.ALL', 'x'] }] }),
      'Retry.0.ErrorEquals: States.ALL',
    ],
    [
      'States.ALL not last',
      task('F', { Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['x'] }] }),
      'Retry.0.ErrorEquals',
    ],
    ['a reserved variable', { ...end, Assign: { states: 1 } }, 'Assign.states'],
    ['a bad variable name', { ...end, Assign: { 'a-b': 1 } }, 'Assign.a-b'],
    [
      'an outer variable assigned inside',
      {
        Type: 'Map',
        Assign: { n: 1 },
        ItemProcessor: { StartAt: 'P', States: { P: { ...end, Assign: { n: 2 } } } },
        End: true,
      },
      'ItemProcessor.States.P.Assign.n: this variable belongs to an outer scope',
    ],
  ])('%s', (_, state, expected) => {
    expect(problemsOf(state).join('\n')).toContain(expected)
  })
})

it('what is accepted here is right for the schema of the language too', () => {
  const after = { Next: 'Done' }
  const inner = (name: string): JsonObject => ({
    StartAt: name,
    States: { [name]: { Type: 'Pass', Output: '{% $states.input %}', End: true } },
  })
  const recovery: JsonObject = {
    Retry: [
      {
        ErrorEquals: ['Busy'],
        IntervalSeconds: 2,
        BackoffRate: 1.5,
        MaxAttempts: 9,
        MaxDelaySeconds: 60,
        JitterStrategy: 'FULL',
      },
    ],
    Catch: [
      { ErrorEquals: ['States.ALL'], Next: 'Bad', Assign: { e: '{% $states.errorOutput %}' }, Output: '{% $e %}' },
    ],
  }
  const definition = machine(
    {
      Which: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $states.input.n > 1 %}', Next: 'Sleep', Assign: { n: 1 }, Output: '{% $states.input %}' },
        ],
        Default: 'Ask',
      },
      Call: task('F', {
        TimeoutSeconds: '{% $n %}',
        HeartbeatSeconds: 5,
        Assign: { r: '{% $states.result %}' },
        ...recovery,
        Next: 'Each',
      }),
      Ask: task('F', { Resource: invokeWithToken, TimeoutSeconds: 60, ...recovery, ...after }),
      Sleep: { Type: 'Wait', Seconds: '{% $n %}', Next: 'Until' },
      Until: { Type: 'Wait', Timestamp: '2027-01-01T00:00:00Z', Next: 'Call' },
      Each: {
        Type: 'Map',
        Items: '{% $states.input %}',
        ItemSelector: { n: 1 },
        MaxConcurrency: 2,
        ItemProcessor: inner('In'),
        ...recovery,
        Next: 'Both',
      },
      Both: {
        Type: 'Parallel',
        Arguments: '{% $n %}',
        Branches: [inner('Left'), inner('Right')],
        ...recovery,
        ...after,
      },
      Bad: { Type: 'Fail', Error: 'Bad', Cause: '{% $states.input.Cause %}' },
      Done: { Type: 'Succeed', Output: '{% $states.input %}' },
    },
    { TimeoutSeconds: 3600, Comment: 'every state type' },
  )

  expect(problems(definition)).toEqual([])
  expect(validateAsl(definition as never)).toMatchObject({ isValid: true, errors: [] })
})
