import { createClock } from '../../local/clock.ts'
import type { LocalClock } from '../../local/clock.ts'
import { createEngine } from '../../local/engine/engine.ts'
import type { Engine, ExecutionDescription } from '../../local/engine/engine.ts'
import type { HistoryEvent } from '../../local/engine/history.ts'
import type { Json, JsonObject } from '../../local/engine/json.ts'
import type { InvokeResult } from '../../local/engine/run/host.ts'
import { createMemoryStore } from '../../local/engine/store.ts'
import type { ExecutionStore } from '../../local/engine/store.ts'

/** 2027-01-15T08:00:00Z: where a workflow's clock stands until it is moved. */
export const startOfTest = 1_800_000_000_000
export const stateMachineArn = 'arn:aws:states:us-east-1:111111111111:stateMachine:Offers'
export const invoke = 'arn:aws:states:::lambda:invoke'
export const invokeWithToken = 'arn:aws:states:::lambda:invoke.waitForTaskToken'

/** As JSON.parse gives it: tests look into it without ceremony. */
export type Parsed = ReturnType<typeof JSON.parse>

/** Stands for every function; `name` is the last part of the FunctionName. A thrown error's name is the errorType. */
export type StubLambda = (name: string, payload: Parsed) => unknown

export interface Walk extends Omit<ExecutionDescription, 'output'> {
  /** Parsed. */
  output: Parsed
  /** Names of the states entered, in order. */
  states: string[]
  /** As AWS bills them: states entered and retries. */
  transitions: number
  events: HistoryEvent[]
}

export interface Workflow {
  engine: Engine
  clock: LocalClock
  store: ExecutionStore
  /** What the functions were given, in order. */
  calls: { name: string; payload: Parsed }[]
  start(input?: Json, name?: string): string
  /** Moves the clock through every due timer, and waits until nothing runs. */
  advance(ms: number): Promise<void>
  walk(executionArn: string): Walk
  /** Starts, waits until nothing runs, and tells how far it came. */
  run(input?: Json): Promise<Walk>
}

export interface WorkflowOptions {
  definition: JsonObject | string
  lambda?: StubLambda
  random?: () => number
  store?: ExecutionStore
}

/** A definition with stubbed functions and a clock that only moves when told. */
export function createWorkflow(options: WorkflowOptions): Workflow {
  const { definition, lambda = () => ({}), random = () => 0.5, store = createMemoryStore() } = options
  const clock = createClock({ realNow: () => startOfTest })
  const calls: Workflow['calls'] = []
  const engine = createEngine({
    clock,
    store,
    account: '111111111111',
    region: 'us-east-1',
    random,
    invoke: async (functionName, shared) => {
      const name = functionName.split(':').at(-1) ?? functionName
      const payload = structuredClone(shared)
      calls.push({ name, payload })
      return answer(async () => lambda(name, payload))
    },
  })
  engine.register(stateMachineArn, definition)

  function walk(executionArn: string): Walk {
    const { output, ...described } = engine.describe(executionArn)
    const events = engine.history(executionArn)
    const entered = events.filter(({ type }) => type.endsWith('StateEntered'))
    const retries = count(events, 'TaskScheduled') - count(events, 'TaskStateEntered')
    return {
      ...described,
      output: output === undefined ? undefined : JSON.parse(output),
      states: entered.map(({ details }) => details?.name as string),
      transitions: entered.length + Math.max(retries, 0),
      events,
    }
  }

  function start(input: Json = {}, name?: string): string {
    return engine.startExecution({ stateMachineArn, name, input: JSON.stringify(input) }).executionArn
  }

  return {
    engine,
    clock,
    store,
    calls,
    start,
    walk,
    advance: (ms) => clock.advance(ms, () => engine.idle()),
    run: async (input) => {
      const executionArn = start(input)
      await engine.idle()
      return walk(executionArn)
    },
  }
}

/** States of one machine, in JSONata, starting at the first. */
export function machine(states: Record<string, JsonObject>, more: JsonObject = {}): JsonObject {
  return { QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0] ?? '', States: states, ...more }
}

export function task(name: string, more: JsonObject = {}): JsonObject {
  const flow: JsonObject = 'Next' in more ? {} : { End: true }
  return { Type: 'Task', Resource: invoke, Arguments: { FunctionName: name }, ...flow, ...more }
}

export class NamedError extends Error {
  constructor(name: string, message = 'it went wrong') {
    super(message)
    this.name = name
  }
}

function count(events: HistoryEvent[], wanted: string): number {
  return events.filter(({ type }) => type === wanted).length
}

async function answer(work: () => Promise<unknown>): Promise<InvokeResult> {
  try {
    const payload = await work()
    return { ok: true, payload: payload === undefined ? null : JSON.parse(JSON.stringify(payload)) }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { ok: false, errorType: error.name, errorMessage: error.message, trace: [] }
  }
}
