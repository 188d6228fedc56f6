import { retryCount } from '../execution.ts'
import type { MapItem, Thread } from '../execution.ts'
import type { Json, JsonObject } from '../json.ts'
import type { Scope, StatesVariable } from '../jsonata/scope.ts'
import type { Host } from './host.ts'

export interface ScopeExtras {
  readonly result?: Json | undefined
  readonly errorOutput?: JsonObject
  readonly token?: string | undefined
  /** The item that ItemSelector is evaluated for. */
  readonly item?: MapItem
}

export function scopeOf(host: Host, thread: Thread, extras: ScopeExtras = {}): Scope {
  return { states: statesVariable(thread, extras), variables: thread.variables, nowMs: host.clock.now() }
}

function statesVariable(thread: Thread, extras: ScopeExtras): StatesVariable {
  const { result, errorOutput } = extras
  let context: JsonObject | undefined
  return {
    input: thread.input,
    result,
    errorOutput,
    // Few expressions read it, so it is made when one does.
    get context(): JsonObject {
      context ??= contextObject(thread, extras)
      return context
    },
  }
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
function contextObject(thread: Thread, extras: ScopeExtras): JsonObject {
  const { execution, stateMachine } = thread.execution.context
  const item = extras.item ?? thread.item
  return {
    Execution: execution,
    State: {
      EnteredTime: new Date(thread.enteredMs).toISOString(),
      Name: thread.state.name,
      RetryCount: retryCount(thread),
    },
    StateMachine: stateMachine,
    ...(extras.token === undefined ? {} : { Task: { Token: extras.token } }),
    ...(item === undefined ? {} : { Map: { Item: { Index: item.index, Value: item.value } } }),
  }
}
