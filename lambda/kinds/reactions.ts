import type { Settlement } from '../domain/event.ts'
import type { Inspection } from '../domain/facts.ts'
import {
  AccessRefused,
  GatehouseError,
  OfferBusy,
  ServiceThrottled,
  ServiceUnavailable,
  UnexpectedAnswer,
  throttleErrors,
} from '../contract/errors.ts'

/** What an error of an AWS call means to us. */
export type Reaction =
  /** The settling call had its answer: this is what it came to. */
  | { settle: Settlement }
  /** The error does not say what happened to the offer: read it and answer by what is true now. */
  | { look: true }
  /** The read had its answer: this is where the offer stands. */
  | { read: Exclude<Inspection['state'], 'pending'> }
  | { retry: 'ServiceThrottled' | 'ServiceUnavailable' | 'OfferBusy' }
  | { loud: 'AccessRefused' | 'UnexpectedAnswer' }

export type KnownReaction = Exclude<Reaction, { retry: string } | { loud: string }>

/** Operation -> error name as the SDK gives it -> reaction. The operations are all the calls that a kind makes. */
export type ErrorTable = Readonly<Record<string, Readonly<Record<string, Reaction>>>>

const throttled = { retry: 'ServiceThrottled' } as const
const unavailable = { retry: 'ServiceUnavailable' } as const
const refused = { loud: 'AccessRefused' } as const
const unexpected = { loud: 'UnexpectedAnswer' } as const

/** Errors that mean the same whoever answers with them. A kind's own table comes first. */
export const commonReactions: Readonly<Record<string, Reaction>> = {
  ...Object.fromEntries(throttleErrors.map((name) => [name, throttled])),
  ThrottledException: throttled,
  RequestThrottled: throttled,
  RequestThrottledException: throttled,
  BandwidthLimitExceeded: throttled,
  PriorRequestNotComplete: throttled,

  AccessDenied: refused,
  AccessDeniedException: refused,
  UnauthorizedException: refused,
  UnauthorizedOperation: refused,
  OperationNotPermittedException: refused,

  InternalError: unavailable,
  InternalFailure: unavailable,
  InternalFailureException: unavailable,
  InternalServerError: unavailable,
  ServerInternalException: unavailable,
  ServiceException: unavailable,
  ServiceFailureException: unavailable,
  ServiceUnavailable: unavailable,
  ServiceUnavailableException: unavailable,
  RequestTimeout: unavailable,
  RequestTimeoutException: unavailable,
  TimeoutError: unavailable,
  AbortError: unavailable,
  NetworkingError: unavailable,
  ExpiredToken: unavailable,
  ExpiredTokenException: unavailable,

  ConcurrentModificationException: { retry: 'OfferBusy' },

  IdempotentParameterMismatchException: unexpected,
  InvalidClientTokenException: unexpected,
  InvalidInputException: unexpected,
  InvalidMaxResultsException: unexpected,
  InvalidNextTokenException: unexpected,
  InvalidParameterException: unexpected,
  InvalidRequestException: unexpected,
  MalformedArnException: unexpected,
  MissingRequiredParameterException: unexpected,
  UnknownResourceException: unexpected,
}

const networkCodes = /\b(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT|EHOSTUNREACH)\b/

/** By the kind's table, then the common one, then by how the error looks; what is left is unexpected. */
export function reactionTo(call: { table: ErrorTable; operation: string }, error: unknown): Reaction {
  const name = nameOf(error)
  const named = lookUp(call.table[call.operation], name) ?? lookUp(commonReactions, name)
  return named ?? reactionByLooks(error)
}

function lookUp(reactions: Readonly<Record<string, Reaction>> | undefined, name: string): Reaction | undefined {
  return reactions !== undefined && Object.hasOwn(reactions, name) ? reactions[name] : undefined
}

/** For errors that no model lists: AWS throttles and fails under more names than it documents. */
function reactionByLooks(error: unknown): Reaction {
  const status = statusOf(error)
  if (status === 429 || isThrottleByTrait(error)) return throttled
  if (status !== undefined && status >= 500) return unavailable
  return status === undefined && isBrokenConnection(error) ? unavailable : unexpected
}

/** The SDK keeps the code of an error that it knows as one; of any other it keeps the text. */
function isBrokenConnection(error: unknown): boolean {
  return networkCodes.test(`${String(propertyOf(error, 'code'))} ${String(propertyOf(error, 'message'))}`)
}

function isThrottleByTrait(error: unknown): boolean {
  return propertyOf(propertyOf(error, '$retryable'), 'throttling') === true
}

function statusOf(error: unknown): number | undefined {
  const status = propertyOf(propertyOf(error, '$metadata'), 'httpStatusCode')
  return typeof status === 'number' ? status : undefined
}

function propertyOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

function nameOf(error: unknown): string {
  const name = propertyOf(error, 'name')
  return typeof name === 'string' ? name : 'Error'
}

const thrown = { ServiceThrottled, ServiceUnavailable, OfferBusy, AccessRefused, UnexpectedAnswer } as const

/** `<Operation>: <ErrorName>: <message>`, bounded: messages may quote what the other side wrote. */
export function describeError(operation: string, error: unknown): string {
  const message = propertyOf(error, 'message')
  return `${operation}: ${nameOf(error)}: ${typeof message === 'string' ? message : ''}`.slice(0, 500)
}

export type Answer<T> = { ok: true; answer: T } | { ok: false; reaction: KnownReaction; detail: string }

/** Makes one call. Errors that say where the offer stands come back as such; every other is thrown by our name. */
export async function callAws<T>(
  call: { table: ErrorTable; operation: string },
  send: () => Promise<T>,
): Promise<Answer<T>> {
  try {
    return { ok: true, answer: await send() }
  } catch (error) {
    if (error instanceof GatehouseError) throw error
    const reaction = reactionTo(call, error)
    const detail = describeError(call.operation, error)
    if ('retry' in reaction) throw new thrown[reaction.retry](detail, { cause: error })
    if ('loud' in reaction) throw new thrown[reaction.loud](detail, { cause: error })
    return { ok: false, reaction, detail }
  }
}

/** The answer of a call whose errors never say where an offer stands: a listing. */
export function answerOf<T>(result: Answer<T>): T {
  if (!result.ok) throw new UnexpectedAnswer(result.detail)
  return result.answer
}
