import * as errors from '../../lambda/contract/errors.ts'
import { settleLeaseSeconds, settleTaskSeconds } from '../../lambda/contract/timing.ts'
import type { ChoiceState, State, StateMachine, TaskState } from '../../lib/workflow/asl.ts'
import { checkDefinitions, definitionsIn, InvalidDefinition } from '../../lib/workflow/check.ts'
import { synthesizeTemplate, type TemplateView } from './template.ts'

let template: TemplateView
let machine: StateMachine
beforeAll(async () => {
  template = await synthesizeTemplate()
  machine = Object.values(definitionsIn({ Resources: template.resources }))[0] as StateMachine
})

const settling = ['Accept by policy', 'Accept for people', 'Reject']
const waiting = ['Ask for approval', 'Await the hand-over']
const entries = (): [string, State][] => Object.entries(machine.States)
const tasks = (): [string, TaskState][] =>
  entries().filter((entry): entry is [string, TaskState] => entry[1].Type === 'Task')
const choices = (): [string, ChoiceState][] =>
  entries().filter((entry): entry is [string, ChoiceState] => entry[1].Type === 'Choice')

function nextsOf(state: State): string[] {
  switch (state.Type) {
    case 'Task':
      return [...(state.Next === undefined ? [] : [state.Next]), ...state.Catch.map(({ Next }) => Next)]
    case 'Choice':
      return [...state.Choices.map(({ Next }) => Next), state.Default]
    case 'Succeed':
    case 'Fail':
      return []
  }
}

test('there is one state machine, with the name that the roles know, and logs without execution data', () => {
  expect(template.ofType('AWS::StepFunctions::StateMachine')).toMatchObject([
    {
      Properties: {
        StateMachineName: 'gatehouse-offer',
        StateMachineType: 'STANDARD',
        LoggingConfiguration: { IncludeExecutionData: false },
      },
    },
  ])
})

test('it may invoke its ten functions and nothing else of ours', () => {
  const { Statement } = template.at('Workflow/StateMachine/Role/DefaultPolicy').Properties.PolicyDocument
  const invoking = Statement.filter(({ Action }: { Action: string }) => Action === 'lambda:InvokeFunction')
  expect(invoking).toHaveLength(1)
  expect(invoking[0].Resource).toHaveLength(10)
  expect(JSON.stringify(invoking)).not.toContain('*')
})

test('every state can be reached, and every way leads on or ends', () => {
  const seen = new Set<string>()
  const visit = (name: string): void => {
    if (seen.has(name)) return
    seen.add(name)
    nextsOf(machine.States[name]!).forEach(visit)
  }
  visit(machine.StartAt)
  expect([...seen].sort()).toEqual(Object.keys(machine.States).sort())
})

test('every task has a timeout, retries throttling and failures of Lambda, and is caught in one place', () => {
  for (const [name, task] of tasks()) {
    expect(task.TimeoutSeconds).toBeDefined()
    const retried = task.Retry.flatMap(({ ErrorEquals }) => ErrorEquals)
    expect(retried).toEqual(expect.arrayContaining(['Lambda.TooManyRequestsException', 'ServiceThrottled']))
    expect(retried).toEqual(expect.arrayContaining(['Lambda.ServiceException', 'Sandbox.Timedout']))
    const rest = task.Catch.find(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'))
    expect(rest?.Next).toBe(name === 'Record the failure' ? 'Run failed' : 'Record the failure')
  }
})

test('every choice has a default, which is the failure', () => {
  for (const [, choice] of choices()) expect(choice.Default).toBe('Record the failure')
})

test('a settling task is tried again only when the attempt before is surely dead', () => {
  for (const name of settling) {
    const task = machine.States[name] as TaskState
    expect(task.TimeoutSeconds).toBe(settleTaskSeconds)
    const retry = task.Retry.find(({ ErrorEquals }) => ErrorEquals.includes('Sandbox.Timedout'))!
    expect(retry.IntervalSeconds).toBeGreaterThanOrEqual(settleLeaseSeconds)
    expect(retry).toMatchObject({ JitterStrategy: 'NONE' })
    expect(retry.ErrorEquals).toEqual(expect.arrayContaining([...errors.lambdaFailures]))
  }
})

test('while waiting for people a timeout is the deadline: caught, never retried, and at least a second', () => {
  for (const name of waiting) {
    const task = machine.States[name] as TaskState
    expect(task.Resource).toMatch(/waitForTaskToken$/)
    expect(task.Retry.flatMap(({ ErrorEquals }) => ErrorEquals)).not.toContain('States.Timeout')
    expect(task.Catch.flatMap(({ ErrorEquals }) => ErrorEquals)).toEqual(
      expect.arrayContaining(['LookAgain', 'States.Timeout', 'States.HeartbeatTimeout']),
    )
    expect(task.TimeoutSeconds).toBe('{% $max([1, $secondsLeft]) %}')
  }
})

test('every way out of waiting counts, so that the next entry has a newer token', () => {
  for (const name of waiting) {
    const { Assign, Catch } = machine.States[name] as TaskState
    const ways = [
      Assign,
      ...Catch.filter(({ Next }) => !['Another run took over', 'Record the failure'].includes(Next)).map(
        (one) => one.Assign,
      ),
    ]
    expect(ways).toHaveLength(3)
    for (const assigned of ways) expect(assigned).toMatchObject({ asks: '{% $asks + 1 %}' })
  }
})

test('every error name of a retry or catch is one that a Lambda, a service or Step Functions gives', () => {
  const ours = Object.entries(errors)
    .filter(([name, value]) => typeof value === 'function' && name !== 'GatehouseError')
    .map(([name]) => name)
  const known = [
    ...ours,
    errors.LOOK_AGAIN,
    ...errors.throttleErrors,
    ...errors.lambdaThrottleErrors,
    ...errors.lambdaFailures,
    'States.ALL',
    'States.HeartbeatTimeout',
  ]
  const used = tasks().flatMap(([, { Retry, Catch }]) => [...Retry, ...Catch].flatMap(({ ErrorEquals }) => ErrorEquals))
  expect(used.filter((name) => !known.includes(name))).toEqual([])
})

test('no variable has the name of a function of JSONata, which an unassigned variable would turn into', () => {
  const assigned = tasks().flatMap(([, { Assign, Catch }]) => [Assign, ...Catch.map((one) => one.Assign)])
  const names = new Set(assigned.flatMap((one) => Object.keys(one ?? {})))
  const builtIn = [
    'round',
    'count',
    'sum',
    'max',
    'min',
    'map',
    'filter',
    'now',
    'millis',
    'error',
    'type',
    'length',
    'match',
  ]
  expect(builtIn.filter((name) => names.has(name))).toEqual([])
})

test('the definition reads no clock', () => {
  expect(JSON.stringify(machine)).not.toMatch(/\$(now|millis)\(/)
})

test('the shortest way through takes at most 7 transitions', () => {
  const way = [
    'Inspect the offer',
    'Is it pending?',
    'Judge against policy',
    'What does policy say?',
    'Accept by policy',
    'How did it go?',
    'Close the case',
  ]
  for (const [index, name] of way.slice(0, -1).entries())
    expect(nextsOf(machine.States[name]!)).toContain(way[index + 1])
  expect(machine.StartAt).toBe(way[0])
  expect(way.length).toBeLessThanOrEqual(7)
})

test('a definition that AWS would refuse fails the synth with the reason', () => {
  const { States } = machine
  const broken = {
    ...machine,
    States: { ...States, 'Is it pending?': { ...States['Is it pending?'], Default: 'Nowhere' } },
  }
  const resource = {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: { DefinitionString: JSON.stringify(broken) },
  }
  expect(() => {
    checkDefinitions({ Resources: { Broken: resource } })
  }).toThrow(InvalidDefinition)
})
