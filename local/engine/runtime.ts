import type { LocalClock } from '../clock.ts'
import { EngineError } from './errors.ts'
import type { Execution, ExecutionRecord, Machine, Thread, Wait } from './execution.ts'
import { History } from './history.ts'
import { parseJson } from './json.ts'
import type { Json, JsonObject } from './json.ts'
import { createVariables } from './jsonata/scope.ts'
import { drive } from './run/drive.ts'
import type { Ending, Host, Invoke } from './run/host.ts'
import { lambdaError } from './run/task.ts'
import { closeThread, startWait } from './run/wait.ts'
import { loadThread } from './snapshot.ts'
import type { SavedThread } from './snapshot.ts'
import type { ExecutionStore } from './store.ts'
import { createTokens } from './tokens.ts'

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const longestExecutionMs = 365 * 24 * 3_600_000

export interface Running {
  readonly execution: Execution
  readonly root: Thread
}

export interface RuntimeOptions {
  readonly invoke: Invoke
  readonly clock: LocalClock
  readonly store: ExecutionStore
  readonly region: string
  readonly random: () => number
}

/** The running executions, and how they begin, end and go on after a restart. */
export class Runtime {
  readonly running = new Map<string, Running>()
  readonly host: Host
  private readonly listeners = new Set<(record: ExecutionRecord) => void>()
  private busy = 0
  private idleWaiters: (() => void)[] = []

  constructor(private readonly options: RuntimeOptions) {
    this.host = {
      ...options,
      tokens: createTokens(),
      resume: (thread, signal) => {
        this.host.track(Promise.resolve().then(() => drive(this.host, thread, signal)))
      },
      track: (work) => {
        this.busy += 1
        work.then(this.rest, this.fail)
      },
      end: (execution, ending) => {
        this.end(execution, ending)
      },
    }
  }

  /** Resolves once nothing runs; waiting for a token or a timer is not running. */
  async idle(): Promise<void> {
    while (this.busy > 0) await new Promise<void>((resolve) => this.idleWaiters.push(resolve))
  }

  onEnd(listener: (record: ExecutionRecord) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  begin(machine: Machine, record: ExecutionRecord, input: Json): void {
    const { startMs: atMs, inputText, arn } = record
    const execution = this.createExecution(machine, record, input)
    const detail = { input: inputText, roleArn: machine.roleArn }
    execution.history.add({ type: 'ExecutionStarted', atMs, previous: 0, detail })
    const root = createRoot(execution, input)
    this.running.set(arn, { execution, root })
    this.options.store.put(record)
    this.host.resume(root, { kind: 'enter' })
  }

  /** Lets a saved execution go on: what it waited for it waits for again, at the same moments. */
  goOn(machine: Machine, record: ExecutionRecord, saved: SavedThread): void {
    const input = parseJson(record.inputText) ?? null
    const execution = this.createExecution(machine, record, input)
    const root = loadThread({ execution, saved, parent: undefined }, (thread, wait) => {
      this.rearm(thread, wait)
    })
    this.running.set(record.arn, { execution, root })
  }

  /** Stops everything without a trace; what was saved before can be restored. */
  closeAll(): void {
    for (const { execution, root } of this.running.values()) {
      execution.cancelTimeout?.()
      closeThread(this.host, root)
    }
    this.running.clear()
    this.host.tokens.clear()
  }

  end(execution: Execution, ending: Ending): void {
    const { record } = execution
    const running = this.running.get(record.arn)
    if (running?.execution !== execution) return
    this.running.delete(record.arn)
    execution.cancelTimeout?.()
    const detail = endingDetail(ending)
    const atMs = this.options.clock.now()
    execution.history.close({ type: endingEvents[ending.status], atMs, previous: running.root.lastEvent, detail })
    closeThread(this.host, running.root)
    record.status = ending.status
    record.stopMs = atMs
    Object.assign(record, detail)
    this.options.store.put(record)
    for (const listener of this.listeners) {
      this.host.track(
        Promise.resolve().then(() => {
          listener(record)
        }),
      )
    }
  }

  private createExecution(machine: Machine, record: ExecutionRecord, input: Json): Execution {
    const { timeoutSeconds } = machine.definition
    const longestMs = Math.min((timeoutSeconds ?? Infinity) * 1000, longestExecutionMs)
    const execution: Execution = {
      record,
      machine,
      history: new History(record.events),
      context: contextOf(machine, record, input),
      timeoutAtMs: record.startMs + longestMs,
    }
    execution.cancelTimeout = this.options.clock.at(execution.timeoutAtMs, () => {
      this.end(execution, { status: 'TIMED_OUT', error: '', cause: '' })
    })
    return execution
  }

  private rearm(thread: Thread, wait: Wait | undefined): void {
    const isLost = wait?.kind === 'task' && wait.token === undefined
    if (wait === undefined) this.host.resume(thread, { kind: 'begin' })
    else if (isLost) this.host.resume(thread, { kind: 'failed', error: lostInvocation() })
    else startWait(this.host, thread, wait)
  }

  private readonly rest = (): void => {
    this.busy -= 1
    if (this.busy > 0) return
    const waiters = this.idleWaiters
    this.idleWaiters = []
    for (const resolve of waiters) resolve()
  }

  /** Only a mistake in the engine or a listener comes here: it must not pass unseen. */
  private readonly fail = (error: unknown): void => {
    this.rest()
    queueMicrotask(() => {
      throw error
    })
  }
}

function createRoot(execution: Execution, input: Json): Thread {
  const states = execution.machine.definition.root
  const state = states.states.get(states.startAt)
  if (state === undefined) throw new EngineError('StateMachineDoesNotExist', 'the state machine has no first state')
  return {
    execution,
    states,
    parent: undefined,
    item: undefined,
    variables: createVariables(),
    state,
    input,
    enteredMs: execution.record.startMs,
    attempts: [],
    lastEvent: 0,
    wait: undefined,
    cancels: [],
    isClosed: false,
  }
}

function contextOf(machine: Machine, record: ExecutionRecord, input: Json): Execution['context'] {
  const startTime = new Date(record.startMs).toISOString()
  return {
    execution: {
      Id: record.arn,
      Input: input,
      Name: record.name,
      RoleArn: machine.roleArn,
      StartTime: startTime,
      RedriveCount: 0,
    },
    stateMachine: { Id: machine.arn, Name: machine.name },
  }
}

function lostInvocation(): ReturnType<typeof lambdaError> {
  return lambdaError({ errorType: 'Lambda.Unknown', errorMessage: 'the local run stopped while the function ran' })
}

const endingEvents = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
} as const

function endingDetail(ending: Ending): JsonObject {
  if (ending.status === 'SUCCEEDED') return { output: ending.output }
  const { error, cause } = ending
  return { ...(error === '' ? {} : { error }), ...(cause === '' ? {} : { cause }) }
}
