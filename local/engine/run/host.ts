import type { LocalClock } from '../../clock.ts'
import type { StateError } from '../errors.ts'
import type { Execution, Thread } from '../execution.ts'
import type { Json, JsonObject } from '../json.ts'
import type { Tokens } from '../tokens.ts'

export type InvokeResult =
  { ok: true; payload: Json } | { ok: false; errorType: string; errorMessage: string; trace?: string[] }

/** Runs a Lambda function for a state machine. The payload is shared and must not be changed. */
export type Invoke = (functionArnOrName: string, payload: Json, stateMachineArn: string) => Promise<InvokeResult>

export interface ThreadEvent {
  readonly type: string
  readonly detail?: JsonObject
}

/** What a thread goes on with. */
export type Signal =
  | { readonly kind: 'enter' }
  | { readonly kind: 'begin' }
  | { readonly kind: 'done'; readonly result: Json | undefined; readonly event?: ThreadEvent }
  | { readonly kind: 'failed'; readonly error: StateError; readonly event?: ThreadEvent }

export type Ending =
  | { readonly status: 'SUCCEEDED'; readonly output: Json }
  | { readonly status: 'FAILED' | 'TIMED_OUT' | 'ABORTED'; readonly error: string; readonly cause: string }

/** What the parts of the engine share. */
export interface Host {
  readonly clock: LocalClock
  readonly invoke: Invoke
  readonly tokens: Tokens
  readonly random: () => number
  readonly region: string
  /** Lets a thread go on, soon; the engine is busy until it waits or ends. */
  resume(thread: Thread, signal: Signal): void
  /** The engine is busy until this settles. */
  track(work: Promise<void>): void
  end(execution: Execution, ending: Ending): void
}

/** The thread was closed meanwhile: whatever it was about to do is no longer wanted. */
export class Abandoned extends Error {
  override readonly name = 'Abandoned'
}

export function record(host: Host, thread: Thread, event: ThreadEvent): void {
  if (thread.isClosed) throw new Abandoned()
  const { type, detail } = event
  const atMs = host.clock.now()
  const previous = thread.lastEvent
  const stored = detail === undefined ? { type, atMs, previous } : { type, atMs, previous, detail }
  thread.lastEvent = thread.execution.history.add(stored)
}
