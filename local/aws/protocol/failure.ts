import type { Model, OperationModel } from '../model.ts'
import { AwsError } from '../service.ts'
import { describeProblems, type Problem } from './problem.ts'

/** An error as it goes over the wire, before a protocol gives it its form. */
export interface Failure {
  code: string
  status: number
  message: string
  /** The shape in the model when it has one: which members leave, and how they are called. */
  shape?: string
  members?: Readonly<Record<string, unknown>>
}

/** Errors that every service has without modelling them, and their status where it is not 400. */
const commonStatus: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  AccessDeniedException: 403,
  ExpiredToken: 403,
  ExpiredTokenException: 403,
  InternalFailure: 500,
  InternalFailureException: 500,
  ServiceUnavailable: 503,
  ServiceUnavailableException: 503,
  RequestLimitExceeded: 503,
  TooManyRequestsException: 429,
}

/** Takes a shape's name, and its code as well. An error the model does not have is written under its own name. */
export function failureOf(model: Model, error: AwsError): Failure {
  const { message, members } = error
  const shape = findErrorShape(model, error.shape)
  const modelled = shape === undefined ? undefined : model.shapes[shape]
  if (shape === undefined || modelled === undefined) {
    return { code: error.shape, status: commonStatus[error.shape] ?? 400, message, members }
  }
  const status = modelled.error.httpStatusCode ?? (modelled.fault ? 500 : 400)
  return { code: modelled.error.code ?? shape, status, message, shape, members }
}

function findErrorShape(model: Model, name: string): string | undefined {
  if (model.shapes[name]?.exception === true) return name
  return Object.keys(model.shapes).find((key) => {
    const shape = model.shapes[key]
    return shape?.exception === true && shape.error.code === name
  })
}

export const internalFailure: Failure = {
  code: 'InternalFailure',
  status: 500,
  message: 'The request processing has failed because of an unknown error, exception or failure.',
}

/** How a service refuses a caller without the right. */
export function refusedFailure({ protocol }: Model, message: string): Failure {
  if (protocol === 'query') return { code: 'AccessDenied', status: 403, message }
  return { code: 'AccessDeniedException', status: protocol === 'json' ? 400 : 403, message }
}

/** What each protocol calls the errors that come before an operation. */
export interface CommonErrors {
  unknownOperation: (name: string) => Failure
  unsigned: Failure
  unknownKey: Failure
  incompleteSignature: Failure
  tooLarge: Failure
  unreadable: (why: string) => Failure
}

const jsonFailures = {
  unsigned: { code: 'MissingAuthenticationTokenException', status: 403, message: 'Missing Authentication Token' },
  unknownKey: {
    code: 'UnrecognizedClientException',
    status: 403,
    message: 'The security token included in the request is invalid.',
  },
  incompleteSignature: {
    code: 'IncompleteSignatureException',
    status: 403,
    message: 'Authorization header requires `Credential` with a scope.',
  },
  tooLarge: { code: 'RequestEntityTooLargeException', status: 413, message: 'Request is too large.' },
  unreadable: (why: string) => ({ code: 'SerializationException', status: 400, message: why }),
} as const

export const jsonErrors: CommonErrors = {
  ...jsonFailures,
  unknownOperation: (name) => ({
    code: 'UnknownOperationException',
    status: 400,
    message: `The operation \`${name}\` is not known here.`,
  }),
}

export const restErrors: CommonErrors = {
  ...jsonFailures,
  unknownOperation: (name) => ({
    code: 'UnknownOperationException',
    status: 404,
    message: `No operation answers \`${name}\`.`,
  }),
}

export const queryErrors: CommonErrors = {
  unknownOperation: (name) => ({ code: 'InvalidAction', status: 400, message: `Could not find operation ${name}` }),
  unsigned: {
    code: 'MissingAuthenticationToken',
    status: 403,
    message: 'Request is missing Authentication Token',
  },
  unknownKey: {
    code: 'InvalidClientTokenId',
    status: 403,
    message: 'The security token included in the request is invalid.',
  },
  incompleteSignature: { ...jsonFailures.incompleteSignature, code: 'IncompleteSignature' },
  tooLarge: { ...jsonFailures.tooLarge, code: 'RequestEntityTooLarge' },
  unreadable: (why) => ({ code: 'MalformedInput', status: 400, message: why }),
}

/** Which modelled error a rest-json service answers an invalid input with, the most telling first. */
const validationErrors = [
  'InvalidRequestException',
  'InvalidParameterException',
  'InvalidParameterValueException',
  'BadRequestException',
]

/**
 * The answer to an invalid input. Query and json services share one name each; rest-json services have their own,
 * found among the errors of the operation. RAM names the member's error more closely where the operation models it.
 */
export function validationFailure(model: Model, operation: OperationModel, problems: readonly Problem[]): Failure {
  const message = describeProblems(problems)
  if (model.protocol === 'query') return { code: 'ValidationError', status: 400, message }
  const unreadable = problems.some(({ kind }) => kind === 'type')
  if (model.protocol === 'json') {
    return { code: unreadable ? 'SerializationException' : 'ValidationException', status: 400, message }
  }
  const shape = [...closerErrors(problems), ...validationErrors].find((name) => operation.errors.includes(name))
  if (shape !== undefined) return failureOf(model, new AwsError(shape, message))
  return { code: 'ValidationException', status: 400, message }
}

function closerErrors(problems: readonly Problem[]): string[] {
  const [first] = problems
  if (first?.kind === 'missing') return ['MissingRequiredParameterException']
  if (first?.path === 'maxResults') return ['InvalidMaxResultsException']
  return []
}
