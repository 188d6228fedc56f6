/** An error inside an execution: what Retry and Catch see by name. */
export class StateError extends Error {
  override readonly name = 'StateError'
  readonly error: string
  readonly reason: string
  /** The field whose expression failed, for States.QueryEvaluationError. */
  readonly location: string | undefined

  constructor(error: string, reason: string, location?: string) {
    super(`${error}: ${reason}`)
    this.error = error
    this.reason = reason
    this.location = location
  }
}

export const timeoutError = 'States.Timeout'
export const heartbeatTimeoutError = 'States.HeartbeatTimeout'
export const evaluationError = 'States.QueryEvaluationError'
export const dataLimitError = 'States.DataLimitExceeded'
export const runtimeError = 'States.Runtime'

/** Does a Retry or Catch that lists `wanted` take `error`? https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
export function isErrorMatched(wanted: readonly string[], error: string): boolean {
  // States.Runtime always ends the execution, whoever names it.
  if (error === runtimeError) return false
  return wanted.some((name) => name === error || isWildcardMatched(name, error))
}

function isWildcardMatched(name: string, error: string): boolean {
  const isTimeout = error === timeoutError || error === heartbeatTimeoutError
  switch (name) {
    case 'States.ALL':
      return error !== dataLimitError
    case 'States.TaskFailed':
      return error !== dataLimitError && !isTimeout
    case timeoutError:
      return isTimeout
    default:
      return false
  }
}

export type EngineErrorName =
  | 'DefinitionRefused'
  | 'ExecutionAlreadyExists'
  | 'ExecutionDoesNotExist'
  | 'InvalidExecutionInput'
  | 'InvalidName'
  | 'InvalidOutput'
  | 'InvalidToken'
  | 'StateMachineDoesNotExist'
  | 'TaskDoesNotExist'
  | 'TaskTimedOut'

/** What the caller of the engine did wrong, named as the Step Functions API names it. */
export class EngineError extends Error {
  override readonly name: EngineErrorName

  constructor(name: EngineErrorName, message: string) {
    super(message)
    this.name = name
  }
}
