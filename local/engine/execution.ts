import type { Cancel } from '../clock.ts'
import type { Definition, State, States } from './definition/model.ts'
import type { History, StoredEvent } from './history.ts'
import type { Json, JsonObject } from './json.ts'
import type { Variables } from './jsonata/scope.ts'

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED'

/** All that is kept of an execution. `thread` says where a running one stands. */
export interface ExecutionRecord {
  readonly arn: string
  readonly name: string
  readonly stateMachineArn: string
  /** The registered definition that it started with, and keeps. */
  readonly definitionId: string
  readonly inputText: string
  readonly startMs: number
  readonly events: StoredEvent[]
  /** Every task token that was ever given out, so that an old one is known as closed. */
  readonly tokens: string[]
  status: ExecutionStatus
  stopMs?: number
  output?: Json
  error?: string
  cause?: string
}

/** A state machine as an execution sees it. */
export interface Machine {
  readonly arn: string
  readonly name: string
  readonly roleArn: string
  readonly definitionId: string
  readonly definition: Definition
}

/** A running execution: its record and the threads that walk through the definition. */
export interface Execution {
  readonly record: ExecutionRecord
  readonly machine: Machine
  readonly history: History
  /** The parts of the context object that never change. */
  readonly context: { readonly execution: JsonObject; readonly stateMachine: JsonObject }
  readonly timeoutAtMs: number
  cancelTimeout?: Cancel
}

export interface MapItem {
  readonly index: number
  readonly value: Json
}

/** What a thread waits for. All times are absolute, so that a saved one can be armed again. */
export type Wait =
  | { kind: 'timer'; dueMs: number; then: 'done' | 'again' }
  | { kind: 'task'; token?: string; timeoutAtMs?: number; heartbeatAtMs?: number; heartbeatMs?: number }
  | Group

/** The branches of a Parallel or the iterations of a Map. */
export interface Group {
  kind: 'group'
  readonly inputs: readonly Json[]
  readonly items: readonly Json[] | undefined
  readonly limit: number
  readonly results: Json[]
  started: number
  finished: number
  readonly threads: Map<number, Thread>
}

/** One walk through a set of states: the execution's own, a branch's or an iteration's. */
export interface Thread {
  readonly execution: Execution
  readonly states: States
  readonly parent: { readonly thread: Thread; readonly index: number } | undefined
  readonly item: MapItem | undefined
  variables: Variables
  state: State
  input: Json
  enteredMs: number
  /** Retries so far, for each Retry entry of the state. */
  attempts: number[]
  lastEvent: number
  wait: Wait | undefined
  cancels: Cancel[]
  isClosed: boolean
}

export function retryCount(thread: Thread): number {
  let count = 0
  for (const attempts of thread.attempts) count += attempts
  return count
}
