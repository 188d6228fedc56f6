import type { IncomingHttpHeaders } from 'node:http'
import type { OperationModel } from '../model.ts'
import type { CommonErrors, Failure } from './failure.ts'
import type { Problem } from './problem.ts'

/** A request's first lines: enough to tell whose it is. */
export interface RequestHead {
  method: string
  /** Still percent-encoded, without the query. */
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
}

export interface WireResponse {
  status: number
  headers: Record<string, string>
  body: string | Buffer
}

/** One operation found in a request, ready to have its input read. */
export interface Route {
  /** As the model has it. */
  operation: string
  model: OperationModel
  decode: (problems: Problem[]) => Record<string, unknown>
  encode: (output: unknown, requestId: string) => WireResponse
}

/** One service's protocol: finds the operation of a request, and writes answers and errors in its form. */
export interface Wire {
  readonly errors: CommonErrors
  /** True when a request without a credential scope is still meant for this service. */
  claims(head: RequestHead): boolean
  /** The operation asked for, or why there is none. */
  route(head: RequestHead, body: Buffer): Route | Failure
  fail(failure: Failure, requestId: string): WireResponse
}

/** Thrown where a body or path cannot be read at all. */
export class UnreadableInput extends Error {
  override readonly name = 'UnreadableInput'
}

export function asInput(value: unknown): Record<string, unknown> {
  // a structure decodes to a record, or to nothing when the problem is noted
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
