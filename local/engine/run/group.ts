import type { GroupState, MapState, ParallelState, States } from '../definition/model.ts'
import { StateError } from '../errors.ts'
import type { Group, MapItem, Thread } from '../execution.ts'
import type { Json } from '../json.ts'
import { createVariables } from '../jsonata/scope.ts'
import { evaluateSeconds, evaluateTemplate, expectWithinLimit, wrongType } from '../jsonata/template.ts'
import { record } from './host.ts'
import type { Host, Signal, ThreadEvent } from './host.ts'
import { scopeOf } from './scope.ts'
import { closeThread, settle, startWait } from './wait.ts'

type Inputs = Pick<Group, 'inputs' | 'items' | 'limit'>

/** Starts the branches of a Parallel or the iterations of a Map. */
export async function startGroup(host: Host, thread: Thread, state: GroupState): Promise<Signal | undefined> {
  const given = state.type === 'Map' ? await mapInputs(host, thread, state) : await parallelInputs(host, thread, state)
  const detail = state.type === 'Map' ? { detail: { length: given.inputs.length } } : {}
  record(host, thread, { type: `${state.type}StateStarted`, ...detail })
  if (given.inputs.length === 0) return { kind: 'done', result: [], event: succeededEvent(state) }
  const results: Json[] = given.inputs.map(() => null)
  const group: Group = { kind: 'group', ...given, results, started: 0, finished: 0, threads: new Map() }
  startWait(host, thread, group)
  startMore(host, thread, group)
  return undefined
}

async function parallelInputs(host: Host, thread: Thread, state: ParallelState): Promise<Inputs> {
  const template = state.arguments
  const input = template === undefined ? thread.input : await evaluateTemplate(template, scopeOf(host, thread))
  return { inputs: state.branches.map(() => input), items: undefined, limit: state.branches.length }
}

async function mapInputs(host: Host, thread: Thread, state: MapState): Promise<Inputs> {
  const scope = scopeOf(host, thread)
  const items = state.items === undefined ? thread.input : await evaluateTemplate(state.items, scope)
  if (!Array.isArray(items)) throw wrongType(state.items ?? { field: 'Items' }, 'an array', items)
  const limit = state.maxConcurrency === undefined ? 0 : await evaluateSeconds(state.maxConcurrency, scope, 0)
  const inputs = await selectInputs(host, { thread, state, items })
  return { inputs, items, limit: limit === 0 ? items.length : limit }
}

async function selectInputs(
  host: Host,
  { thread, state, items }: { thread: Thread; state: MapState; items: Json[] },
): Promise<Json[]> {
  if (state.itemSelector === undefined) return items
  const inputs: Json[] = []
  for (const [index, value] of items.entries()) {
    inputs.push(await evaluateTemplate(state.itemSelector, scopeOf(host, thread, { item: { index, value } })))
  }
  return inputs
}

function startMore(host: Host, thread: Thread, group: Group): void {
  while (group.started < group.inputs.length && group.threads.size < group.limit) {
    const index = group.started++
    const child = createChild(host, thread, { group, index })
    group.threads.set(index, child)
    if (thread.state.type === 'Map') record(host, child, iterationEvent(thread, 'Started', index))
    host.resume(child, { kind: 'enter' })
  }
}

function createChild(host: Host, parent: Thread, { group, index }: { group: Group; index: number }): Thread {
  const states = statesAt(parent, index)
  const state = states?.states.get(states.startAt)
  if (states === undefined || state === undefined) throw new Error(`there is no branch ${index} to start`)
  return {
    execution: parent.execution,
    states,
    parent: { thread: parent, index },
    item: itemAt(group, index) ?? parent.item,
    variables: createVariables(parent.variables),
    state,
    input: group.inputs[index] ?? null,
    enteredMs: host.clock.now(),
    attempts: [],
    lastEvent: parent.lastEvent,
    wait: undefined,
    cancels: [],
    isClosed: false,
  }
}

function statesAt(parent: Thread, index: number): States | undefined {
  if (parent.state.type === 'Map') return parent.state.processor
  return parent.state.type === 'Parallel' ? parent.state.branches[index] : undefined
}

function itemAt(group: Group, index: number): MapItem | undefined {
  const value = group.items?.[index]
  return value === undefined ? undefined : { index, value }
}

/** A branch or iteration came to its end. */
export function finishChild(host: Host, child: Thread, output: Json): void {
  const parent = child.parent?.thread
  const index = child.parent?.index ?? 0
  const group = parent?.wait
  if (parent === undefined || group?.kind !== 'group') return
  if (parent.state.type === 'Map') record(host, child, iterationEvent(parent, 'Succeeded', index))
  child.isClosed = true
  group.threads.delete(index)
  group.results[index] = output
  group.finished += 1
  parent.lastEvent = child.lastEvent
  if (group.finished < group.inputs.length) startMore(host, parent, group)
  else settle(host, parent, groupResult(parent, group))
}

function groupResult(parent: Thread, group: Group): Signal {
  try {
    expectWithinLimit(group.results, `the result of the state '${parent.state.name}'`)
    return { kind: 'done', result: group.results, event: succeededEvent(parent.state) }
  } catch (error) {
    if (!(error instanceof StateError)) throw error
    return { kind: 'failed', error }
  }
}

/** One that fails takes the others with it. */
export function failChild(host: Host, child: Thread, error: StateError): void {
  const parent = child.parent?.thread
  const group = parent?.wait
  if (parent === undefined || group?.kind !== 'group') return
  if (parent.state.type === 'Map') tryRecord(host, child, iterationEvent(parent, 'Failed', child.parent?.index ?? 0))
  parent.lastEvent = child.lastEvent
  closeThread(host, child)
  settle(host, parent, { kind: 'failed', error, event: { type: `${parent.state.type}StateFailed` } })
}

/** When the history is full, that is why it failed, and there is no room to say so twice. */
function tryRecord(host: Host, thread: Thread, event: ThreadEvent): void {
  try {
    record(host, thread, event)
  } catch (error) {
    if (!(error instanceof StateError)) throw error
  }
}

function succeededEvent(state: { type: string }): ThreadEvent {
  return { type: `${state.type}StateSucceeded` }
}

function iterationEvent(parent: Thread, what: 'Started' | 'Succeeded' | 'Failed', index: number): ThreadEvent {
  return { type: `MapIteration${what}`, detail: { name: parent.state.name, index } }
}
