import type { Assignments, Catcher, ChoiceState, FailState, State, WaitState } from '../definition/model.ts'
import { isTimestamp } from '../definition/compile-state.ts'
import { isErrorMatched, runtimeError, StateError } from '../errors.ts'
import type { Thread } from '../execution.ts'
import type { Json, JsonObject } from '../json.ts'
import { createVariables } from '../jsonata/scope.ts'
import type { Variables } from '../jsonata/scope.ts'
import { evaluateSeconds, evaluateTemplate, evaluateText, wrongType } from '../jsonata/template.ts'
import { chooseRetrier, retryDelayMs } from '../retry.ts'
import { failChild, finishChild, startGroup } from './group.ts'
import { Abandoned, record } from './host.ts'
import type { Host, Signal } from './host.ts'
import { scopeOf } from './scope.ts'
import type { ScopeExtras } from './scope.ts'
import { startTask } from './task.ts'
import { closeThread, startWait } from './wait.ts'

/** Walks on from a signal until the thread waits or ends. Never rejects. */
export async function drive(host: Host, thread: Thread, signal: Signal): Promise<void> {
  let next: Signal | undefined = signal
  try {
    while (next !== undefined && !thread.isClosed) next = await step(host, thread, next)
  } catch (error) {
    if (error instanceof Abandoned) return
    failThread(host, thread, toStateError(error))
  }
}

function toStateError(error: unknown): StateError {
  if (error instanceof StateError) return error
  return new StateError(runtimeError, error instanceof Error ? (error.stack ?? error.message) : 'unknown error')
}

async function step(host: Host, thread: Thread, signal: Signal): Promise<Signal | undefined> {
  if (signal.kind === 'failed') return await recover(host, thread, signal)
  try {
    if (signal.kind === 'done') return await finish(host, thread, signal)
    if (signal.kind === 'enter') enter(host, thread)
    return await begin(host, thread, thread.state)
  } catch (error) {
    if (error instanceof Abandoned) throw error
    return { kind: 'failed', error: toStateError(error) }
  }
}

function enter(host: Host, thread: Thread): void {
  const { type, name } = thread.state
  thread.enteredMs = host.clock.now()
  if (thread.attempts.length > 0) thread.attempts = []
  record(host, thread, { type: `${type}StateEntered`, detail: { name, input: thread.input } })
}

async function begin(host: Host, thread: Thread, state: State): Promise<Signal | undefined> {
  switch (state.type) {
    case 'Task':
      return startTask(host, thread, state)
    case 'Choice':
      return choose(host, thread, state)
    case 'Wait':
      return wait(host, thread, state)
    case 'Pass':
    case 'Succeed':
      return { kind: 'done', result: undefined }
    case 'Fail':
      return fail(host, thread, state)
    case 'Map':
    case 'Parallel':
      return startGroup(host, thread, state)
  }
}

async function choose(host: Host, thread: Thread, state: ChoiceState): Promise<Signal | undefined> {
  const scope = scopeOf(host, thread)
  for (const rule of state.rules) {
    const isChosen = await evaluateTemplate(rule.condition, scope)
    if (typeof isChosen !== 'boolean') throw wrongType(rule.condition, 'true or false', isChosen)
    if (isChosen) return leave(host, thread, { assignments: rule, next: rule.next, fallback: thread.input })
  }
  if (state.next === undefined)
    throw new StateError('States.NoChoiceMatched', 'no choice matched, and there is no Default')
  return leave(host, thread, { assignments: state, next: state.next, fallback: thread.input })
}

async function wait(host: Host, thread: Thread, state: WaitState): Promise<undefined> {
  const { kind, template } = state.until
  const scope = scopeOf(host, thread)
  let dueMs: number
  if (kind === 'seconds') {
    dueMs = host.clock.now() + (await evaluateSeconds(template, scope, 0)) * 1000
  } else {
    const text = await evaluateText(template, scope)
    if (!isTimestamp(text)) throw wrongType(template, 'an ISO 8601 time with a zone', text)
    dueMs = Date.parse(text)
  }
  if (thread.isClosed) throw new Abandoned()
  startWait(host, thread, { kind: 'timer', dueMs, then: 'done' })
  return undefined
}

async function fail(host: Host, thread: Thread, state: FailState): Promise<never> {
  const scope = scopeOf(host, thread)
  const error = state.error === undefined ? '' : await evaluateText(state.error, scope)
  const cause = state.cause === undefined ? '' : await evaluateText(state.cause, scope)
  throw new StateError(error, cause)
}

async function finish(
  host: Host,
  thread: Thread,
  signal: Extract<Signal, { kind: 'done' }>,
): Promise<Signal | undefined> {
  const { state } = thread
  const { result, event } = signal
  if (event !== undefined) record(host, thread, event)
  if (state.type === 'Choice' || state.type === 'Fail') throw new Error(`a ${state.type} state has no result`)
  return leave(host, thread, {
    assignments: state,
    next: state.next,
    fallback: result ?? thread.input,
    extras: { result },
  })
}

interface Leaving {
  readonly assignments: Assignments
  readonly next: string | undefined
  /** The output when there is no Output. */
  readonly fallback: Json
  readonly extras?: ScopeExtras
}

async function leave(host: Host, thread: Thread, leaving: Leaving): Promise<Signal | undefined> {
  const { assignments, next, fallback, extras } = leaving
  const { name, type } = thread.state
  const needsScope = assignments.output !== undefined || assignments.assign.length > 0
  let output = fallback
  let assigned: Variables | undefined
  if (needsScope) {
    // One scope for all: every expression sees the variables as they were.
    const scope = scopeOf(host, thread, extras)
    if (assignments.output !== undefined) output = await evaluateTemplate(assignments.output, scope)
    for (const [variable, template] of assignments.assign) {
      assigned ??= {}
      assigned[variable] = await evaluateTemplate(template, scope)
    }
  }
  const detail: JsonObject = { name, output }
  if (assigned !== undefined) detail.assignedVariables = assigned
  record(host, thread, { type: `${type}StateExited`, detail })
  if (assigned !== undefined) thread.variables = createVariables(thread.variables, assigned)
  if (next !== undefined) return goTo(thread, next, output)
  end(host, thread, output)
  return undefined
}

function goTo(thread: Thread, next: string, input: Json): Signal {
  const state = thread.states.states.get(next)
  if (state === undefined) throw new Error(`there is no state \`${next}\``)
  thread.state = state
  thread.input = input
  return { kind: 'enter' }
}

function end(host: Host, thread: Thread, output: Json): void {
  if (thread.parent === undefined) host.end(thread.execution, { status: 'SUCCEEDED', output })
  else finishChild(host, thread, output)
}

/** Retry, else Catch, else the thread fails with what this throws. */
async function recover(
  host: Host,
  thread: Thread,
  signal: Extract<Signal, { kind: 'failed' }>,
): Promise<Signal | undefined> {
  const { error, event } = signal
  const { state } = thread
  if (event !== undefined) record(host, thread, event)
  recordEvaluation(host, thread, error)
  if (!('retriers' in state)) throw error
  const index = chooseRetrier(state.retriers, error.error, thread.attempts)
  const retrier = state.retriers[index]
  if (retrier !== undefined) {
    const attempts = thread.attempts[index] ?? 0
    thread.attempts = state.retriers.map((_, at) => (thread.attempts[at] ?? 0) + (at === index ? 1 : 0))
    const dueMs = host.clock.now() + retryDelayMs(retrier, attempts, host.random)
    startWait(host, thread, { kind: 'timer', dueMs, then: 'again' })
    return undefined
  }
  const catcher = state.catchers.find(({ errors }) => isErrorMatched(errors, error.error))
  if (catcher === undefined) throw error
  return leaveByCatch(host, thread, { catcher, error })
}

async function leaveByCatch(
  host: Host,
  thread: Thread,
  { catcher, error }: { catcher: Catcher; error: StateError },
): Promise<Signal | undefined> {
  const errorOutput = { Error: error.error, Cause: error.reason }
  try {
    const extras = { errorOutput }
    return await leave(host, thread, { assignments: catcher, next: catcher.next, fallback: errorOutput, extras })
  } catch (failure) {
    if (failure instanceof StateError) recordEvaluation(host, thread, failure)
    throw failure
  }
}

function recordEvaluation(host: Host, thread: Thread, error: StateError): void {
  if (error.location === undefined) return
  const detail = { error: error.error, cause: error.reason, location: error.location, state: thread.state.name }
  record(host, thread, { type: 'EvaluationFailed', detail })
}

function failThread(host: Host, thread: Thread, error: StateError): void {
  if (thread.isClosed) return
  if (thread.parent !== undefined) failChild(host, thread, withoutLocation(error))
  else host.end(thread.execution, { status: 'FAILED', error: error.error, cause: error.reason })
  closeThread(host, thread)
}

/** The evaluation that failed is already told, by the state it happened in. */
function withoutLocation(error: StateError): StateError {
  return new StateError(error.error, error.reason)
}
