import { runtimeError, StateError } from './errors.ts'
import type { Json, JsonObject } from './json.ts'

/** Counted with the event that ends the execution. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const historyLimit = 25_000

/** As it is kept: values as they were, turned into text only when somebody reads them. */
export interface StoredEvent {
  readonly type: string
  readonly atMs: number
  readonly previous: number
  readonly detail?: JsonObject
}

/** As the Step Functions API gives it; `details` is named as the API names it. */
export interface HistoryEvent {
  readonly id: number
  readonly previousEventId: number
  readonly type: string
  readonly timestampMs: number
  readonly detailsName?: string
  readonly details?: JsonObject
}

export class History {
  readonly events: StoredEvent[]

  constructor(events: StoredEvent[] = []) {
    this.events = events
  }

  /** Gives the event's id. Throws StateError when only the closing event fits any more. */
  add(event: StoredEvent): number {
    if (this.events.length >= historyLimit - 1) {
      throw new StateError(runtimeError, `the execution reached the maximum number of history events (${historyLimit})`)
    }
    return this.events.push(event)
  }

  /** The event that ends the execution always fits. */
  close(event: StoredEvent): void {
    this.events.push(event)
  }
}

/** These members are texts of JSON in the API. */
const texts = new Set(['input', 'output', 'parameters'])
const withDetails = new Map([
  ['input', 'inputDetails'],
  ['output', 'outputDetails'],
])

export function readEvent(event: StoredEvent, index: number): HistoryEvent {
  const read = { id: index + 1, previousEventId: event.previous, type: event.type, timestampMs: event.atMs }
  return event.detail === undefined ? read : { ...read, ...readDetail(event.type, event.detail) }
}

function readDetail(type: string, detail: JsonObject): { detailsName: string; details: JsonObject } {
  const details: JsonObject = {}
  for (const [name, value] of Object.entries(detail)) {
    if (name === 'assignedVariables') Object.assign(details, readAssigned(value))
    else details[name] = texts.has(name) && type !== 'ExecutionStarted' ? JSON.stringify(value) : value
    const about = withDetails.get(name)
    if (about !== undefined) details[about] = { truncated: false }
  }
  return { detailsName: detailsName(type), details }
}

function readAssigned(value: Json): JsonObject {
  const assignedVariables: JsonObject = {}
  for (const [name, assigned] of Object.entries(value ?? {})) assignedVariables[name] = JSON.stringify(assigned)
  return { assignedVariables, assignedVariablesDetails: { truncated: false } }
}

/** `TaskStateEntered` has `stateEnteredEventDetails`, `TaskScheduled` has `taskScheduledEventDetails`. */
function detailsName(type: string): string {
  const named = /State(Entered|Exited)$/.exec(type)
  if (named) return `state${named[1] ?? ''}EventDetails`
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`
}
