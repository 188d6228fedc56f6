import type { Json, JsonObject } from '../json.ts'

/** What `$states` holds while one field of a state is evaluated. */
export interface StatesVariable {
  readonly input: Json
  readonly result: Json | undefined
  readonly errorOutput: JsonObject | undefined
  readonly context: JsonObject
}

/** All that an expression can see. The values are shared and never changed. */
export interface Scope {
  readonly states: StatesVariable
  /** Without a prototype, so that any variable name is safe. */
  readonly variables: Readonly<Record<string, Json>>
  /** For `$now()` and `$millis()`. */
  readonly nowMs: number
}

export type Variables = Record<string, Json>

export function createVariables(...parts: Variables[]): Variables {
  const variables = emptyVariables()
  for (const part of parts) Object.assign(variables, part)
  return variables
}

function emptyVariables(): Variables {
  const empty: unknown = Object.create(null)
  return isVariables(empty) ? empty : {}
}

function isVariables(value: unknown): value is Variables {
  return typeof value === 'object' && value !== null
}
