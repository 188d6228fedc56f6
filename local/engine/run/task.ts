import { evaluationError, StateError } from '../errors.ts'
import type { Thread, Wait } from '../execution.ts'
import { isJsonObject } from '../json.ts'
import type { Json } from '../json.ts'
import { evaluateSeconds, evaluateTemplate, expectWithinLimit } from '../jsonata/template.ts'
import type { Template } from '../jsonata/template.ts'
import type { Scope } from '../jsonata/scope.ts'
import type { TaskState } from '../definition/model.ts'
import { record } from './host.ts'
import type { Host, InvokeResult } from './host.ts'
import { scopeOf } from './scope.ts'
import { taskEvent } from './task-events.ts'
import { settle, startWait } from './wait.ts'

interface Attempt {
  readonly token: string | undefined
  readonly parameters: { FunctionName: string; Payload: Json }
  readonly timeoutSeconds: number | undefined
  readonly heartbeatSeconds: number | undefined
}

/** Starts one attempt; what comes of it reaches the thread as a signal. */
export async function startTask(host: Host, thread: Thread, state: TaskState): Promise<undefined> {
  const attempt = await evaluateAttempt(host, thread, state)
  const { token, parameters, timeoutSeconds, heartbeatSeconds } = attempt
  record(host, thread, scheduledEvent(host, thread, attempt))
  record(host, thread, taskEvent(thread, 'TaskStarted'))
  const startMs = host.clock.now()
  const wait: Wait = { kind: 'task' }
  if (token !== undefined) {
    thread.execution.record.tokens.push(token)
    wait.token = token
  }
  if (timeoutSeconds !== undefined) wait.timeoutAtMs = startMs + timeoutSeconds * 1000
  if (heartbeatSeconds !== undefined) {
    wait.heartbeatMs = heartbeatSeconds * 1000
    wait.heartbeatAtMs = startMs + wait.heartbeatMs
  }
  startWait(host, thread, wait)
  host.track(runAttempt(host, { thread, wait, parameters }))
  return undefined
}

async function evaluateAttempt(host: Host, thread: Thread, state: TaskState): Promise<Attempt> {
  const token = state.waitsForToken ? host.tokens.issue() : undefined
  const scope = scopeOf(host, thread, { token })
  const parameters = readParameters(await evaluateTemplate(state.arguments, scope))
  return {
    token,
    parameters,
    timeoutSeconds: await evaluateOptional(state.timeout, scope),
    heartbeatSeconds: await evaluateOptional(state.heartbeat, scope),
  }
}

async function evaluateOptional(template: Template | undefined, scope: Scope): Promise<number | undefined> {
  return template === undefined ? undefined : evaluateSeconds(template, scope, 1)
}

function readParameters(given: Json): { FunctionName: string; Payload: Json } {
  if (!isJsonObject(given) || typeof given.FunctionName !== 'string') {
    throw new StateError(evaluationError, 'expected Arguments with a FunctionName', 'Arguments')
  }
  return { FunctionName: given.FunctionName, Payload: given.Payload ?? {} }
}

function scheduledEvent(host: Host, thread: Thread, attempt: Attempt): ReturnType<typeof taskEvent> {
  return taskEvent(thread, 'TaskScheduled', {
    region: host.region,
    parameters: attempt.parameters,
    ...(attempt.timeoutSeconds === undefined ? {} : { timeoutInSeconds: attempt.timeoutSeconds }),
    ...(attempt.heartbeatSeconds === undefined ? {} : { heartbeatInSeconds: attempt.heartbeatSeconds }),
  })
}

interface Running {
  readonly thread: Thread
  readonly wait: Wait
  readonly parameters: Attempt['parameters']
}

async function runAttempt(host: Host, { thread, wait, parameters }: Running): Promise<void> {
  const result = await invoke(host, thread, parameters)
  // Timed out, answered by its token or stopped meanwhile: nobody waits for this result.
  if (thread.wait !== wait || wait.kind !== 'task') return
  try {
    if (!result.ok) failTask(host, thread, lambdaError(result))
    else if (wait.token === undefined) succeedTask(host, thread, taskResult(thread, result.payload))
    else record(host, thread, taskEvent(thread, 'TaskSubmitted', { output: taskResult(thread, result.payload) }))
  } catch (error) {
    if (!(error instanceof StateError)) throw error
    settle(host, thread, { kind: 'failed', error })
  }
}

/** A function that could not even be asked is Lambda's failure, as on AWS. */
async function invoke(host: Host, thread: Thread, parameters: Attempt['parameters']): Promise<InvokeResult> {
  try {
    const { stateMachineArn } = thread.execution.record
    return await host.invoke(parameters.FunctionName, parameters.Payload, stateMachineArn)
  } catch (error) {
    return { ok: false, errorType: 'Lambda.Unknown', errorMessage: error instanceof Error ? error.message : 'unknown' }
  }
}

export function succeedTask(host: Host, thread: Thread, result: Json): void {
  settle(host, thread, { kind: 'done', result, event: taskEvent(thread, 'TaskSucceeded', { output: result }) })
}

export function failTask(host: Host, thread: Thread, error: StateError): void {
  const detail = { error: error.error, cause: error.reason }
  settle(host, thread, { kind: 'failed', error, event: taskEvent(thread, 'TaskFailed', detail) })
}

/** What lambda:invoke gives. https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html */
function taskResult(thread: Thread, payload: Json | undefined): Json {
  const result = { ExecutedVersion: '$LATEST', Payload: payload ?? null, StatusCode: 200 }
  expectWithinLimit(result, `the result of the task '${thread.state.name}'`)
  return result
}

/** A function's own error has JSON as its cause; Lambda's errors are told in words. */
export function lambdaError(result: { errorType: string; errorMessage: string; trace?: string[] }): StateError {
  const { errorType, errorMessage, trace = [] } = result
  const cause = errorType.startsWith('Lambda.') ? errorMessage : JSON.stringify({ errorType, errorMessage, trace })
  return new StateError(errorType, cause)
}
