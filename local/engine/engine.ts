import { createHash, randomUUID } from 'node:crypto'
import type { LocalClock } from '../clock.ts'
import { compileDefinition } from './definition/compile.ts'
import type { Definition } from './definition/model.ts'
import { EngineError, StateError } from './errors.ts'
import type { ExecutionRecord, ExecutionStatus, Machine } from './execution.ts'
import { readEvent } from './history.ts'
import type { HistoryEvent } from './history.ts'
import { isWithinLimit, parseJson } from './json.ts'
import { checkExecutionName, executionArn, parseMachineArn } from './naming.ts'
import type { MachineArn } from './naming.ts'
import type { Invoke } from './run/host.ts'
import { failTask, succeedTask } from './run/task.ts'
import { beat } from './run/wait.ts'
import { Runtime } from './runtime.ts'
import { compileSaved, snapshotSchema, takeSnapshot } from './snapshot.ts'
import type { Snapshot } from './snapshot.ts'
import type { ExecutionStore } from './store.ts'

export interface EngineOptions {
  readonly invoke: Invoke
  readonly clock: LocalClock
  readonly store: ExecutionStore
  /** 12 digits; state machines of other accounts are refused. */
  readonly account: string
  readonly region: string
  /** For retries with full jitter; between 0 and 1. */
  readonly random?: () => number
}

export interface ExecutionSummary {
  readonly executionArn: string
  readonly stateMachineArn: string
  readonly name: string
  readonly status: ExecutionStatus
  readonly startMs: number
  readonly stopMs?: number
}

export interface ExecutionDescription extends ExecutionSummary {
  /** JSON, byte for byte as it was given. */
  readonly input: string
  readonly output?: string
  readonly error?: string
  readonly cause?: string
}

/** Runs state machines in JSONata with the semantics of Standard workflows. Errors are EngineErrors. */
export interface Engine {
  readonly account: string
  /** Throws DefinitionRefused. Executions that already run keep the definition they started with. */
  register(stateMachineArn: string, definition: unknown, options?: { name?: string; roleArn?: string }): void
  startExecution(start: { stateMachineArn: string; name?: string | undefined; input?: string | undefined }): {
    executionArn: string
    startMs: number
  }
  describe(executionArn: string): ExecutionDescription
  /** Newest first. */
  list(stateMachineArn: string, filter?: { status?: ExecutionStatus | undefined }): ExecutionSummary[]
  /** Oldest first. */
  history(executionArn: string): HistoryEvent[]
  stop(executionArn: string, reason?: { error?: string | undefined; cause?: string | undefined }): { stopMs: number }
  sendTaskSuccess(token: string, output: string): void
  sendTaskFailure(token: string, failure?: { error?: string | undefined; cause?: string | undefined }): void
  sendTaskHeartbeat(token: string): void
  /** The state machine whose task waits with a token; undefined when none does. */
  machineOf(token: string): string | undefined
  /** Resolves when no task is running; waiting for a token or a timer is idle. */
  idle(): Promise<void>
  onExecutionEnd(listener: (execution: ExecutionDescription) => void): () => void
  /** JSON. Taken while idle, everything goes on after `restore` where it stood. */
  snapshot(): Snapshot
  /** In place of all that was there. The state machines are registered before. */
  restore(snapshot: unknown): void
  /** Forgets every execution, and stops the running ones. */
  reset(): void
}

/** Closed executions are known, and their names taken, for 90 days. */
const keptMs = 90 * 24 * 3_600_000

export function createEngine(options: EngineOptions): Engine {
  const { clock, store, random = Math.random } = options
  const runtime = new Runtime({ ...options, random })
  const machines = new Map<string, Machine>()

  function machineOf(stateMachineArn: string): Machine {
    const machine = machines.get(stateMachineArn)
    if (machine !== undefined) return machine
    throw new EngineError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`)
  }

  function recordOf(arn: string): ExecutionRecord {
    const record = store.get(arn)
    if (record !== undefined && !isExpired(record)) return record
    throw new EngineError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`)
  }

  function isExpired(record: ExecutionRecord): boolean {
    return record.stopMs !== undefined && record.stopMs + keptMs <= clock.now()
  }

  function forget(record: ExecutionRecord): void {
    runtime.host.tokens.forget(record.tokens)
    store.remove(record.arn)
  }

  function forgetExpired(stateMachineArn: string): void {
    for (const record of store.list(stateMachineArn)) {
      if (!isExpired(record)) return
      forget(record)
    }
  }

  function start(machine: Machine, { arn, name, inputText }: { arn: string; name: string; inputText: string }): number {
    const input = parseJson(inputText)
    if (input === undefined || !isWithinLimit(input)) {
      throw new EngineError('InvalidExecutionInput', 'Invalid execution input: expected JSON within the limit')
    }
    const { arn: stateMachineArn, definitionId } = machine
    const startMs = clock.now()
    const identity = { arn, name, stateMachineArn, definitionId, inputText, startMs }
    runtime.begin(machine, { ...identity, events: [], tokens: [], status: 'RUNNING' }, input)
    return startMs
  }

  /** It goes on as it began, whatever is registered under its ARN by now. */
  function savedMachine(record: ExecutionRecord, definition: Definition): Machine {
    const { stateMachineArn: arn, definitionId } = record
    const parsed = parseMachineArn(arn)
    if (parsed === undefined) throw new Error(`expected the ARN of a state machine, got \`${arn}\``)
    const { name, roleArn } = machines.get(arn) ?? { name: parsed.name, roleArn: roleOf(parsed) }
    return { arn, name, roleArn, definitionId, definition }
  }

  return {
    account: options.account,

    register(stateMachineArn, source, { name, roleArn } = {}) {
      const parsed = parseMachineArn(stateMachineArn)
      if (parsed?.account !== options.account || parsed.region !== options.region) {
        throw new EngineError(
          'StateMachineDoesNotExist',
          `\`${stateMachineArn}\` is not an ARN of this account and region`,
        )
      }
      const definition = compileDefinition(name ?? parsed.name, source)
      machines.set(stateMachineArn, {
        arn: stateMachineArn,
        name: name ?? parsed.name,
        roleArn: roleArn ?? roleOf(parsed),
        definitionId: definitionIdOf(definition),
        definition,
      })
    },

    startExecution({ stateMachineArn, name = randomUUID(), input: inputText = '{}' }) {
      const machine = machineOf(stateMachineArn)
      checkExecutionName(name)
      const parsed = parseMachineArn(stateMachineArn)
      const arn = parsed === undefined ? '' : executionArn(parsed, name)
      forgetExpired(stateMachineArn)
      const earlier = store.get(arn)
      if (earlier !== undefined && isExpired(earlier)) forget(earlier)
      else if (earlier !== undefined) return answerAgain(earlier, inputText)
      return { executionArn: arn, startMs: start(machine, { arn, name, inputText }) }
    },

    describe: (arn) => describe(recordOf(arn)),

    list(stateMachineArn, filter = {}) {
      machineOf(stateMachineArn)
      return Array.from(store.list(stateMachineArn))
        .filter((record) => !isExpired(record) && (filter.status ?? record.status) === record.status)
        .map(summarize)
        .reverse()
    },

    history: (arn) => recordOf(arn).events.map(readEvent),

    stop(arn, { error = '', cause = '' } = {}) {
      const record = recordOf(arn)
      const running = runtime.running.get(arn)
      if (running !== undefined) runtime.end(running.execution, { status: 'ABORTED', error, cause })
      return { stopMs: record.stopMs ?? clock.now() }
    },

    sendTaskSuccess(token, text) {
      const thread = runtime.host.tokens.find(token)
      const output = parseJson(text)
      if (output === undefined || !isWithinLimit(output)) {
        throw new EngineError('InvalidOutput', 'Invalid output: expected JSON within the limit')
      }
      succeedTask(runtime.host, thread, output)
    },

    sendTaskFailure(token, { error = '', cause = '' } = {}) {
      failTask(runtime.host, runtime.host.tokens.find(token), new StateError(error, cause))
    },

    sendTaskHeartbeat(token) {
      beat(runtime.host, runtime.host.tokens.find(token))
    },

    machineOf(token) {
      try {
        return runtime.host.tokens.find(token).execution.record.stateMachineArn
      } catch (error) {
        if (error instanceof EngineError) return undefined
        throw error
      }
    },

    idle: () => runtime.idle(),

    onExecutionEnd: (listener) =>
      runtime.onEnd((record) => {
        listener(describe(record))
      }),

    snapshot: () => takeSnapshot({ records: store.all(), running: runtime.running }),

    restore(given) {
      const snapshot = snapshotSchema.parse(given)
      const definitions = compileSaved(snapshot)
      runtime.closeAll()
      store.clear()
      for (const { record, thread } of snapshot.executions) {
        store.put(record)
        runtime.host.tokens.remember(record.tokens)
        if (thread === undefined) continue
        const definition = definitions.get(record.definitionId)
        if (definition === undefined) throw new Error(`the definition of \`${record.arn}\` was not saved`)
        runtime.goOn(savedMachine(record, definition), record, thread)
      }
    },

    reset() {
      runtime.closeAll()
      store.clear()
    },
  }
}

/** A running execution with the very same input is answered quietly; anything else has taken the name. */
function answerAgain(earlier: ExecutionRecord, inputText: string): { executionArn: string; startMs: number } {
  if (earlier.status === 'RUNNING' && earlier.inputText === inputText) {
    return { executionArn: earlier.arn, startMs: earlier.startMs }
  }
  throw new EngineError('ExecutionAlreadyExists', `Execution Already Exists: '${earlier.arn}'`)
}

function roleOf({ partition, account, name }: MachineArn): string {
  return `arn:${partition}:iam::${account}:role/${name}`
}

function definitionIdOf(definition: Definition): string {
  return createHash('sha256').update(JSON.stringify(definition.source)).digest('hex').slice(0, 32)
}

function summarize(record: ExecutionRecord): ExecutionSummary {
  const { arn: executionArn, stateMachineArn, name, status, startMs, stopMs } = record
  return { executionArn, stateMachineArn, name, status, startMs, ...(stopMs === undefined ? {} : { stopMs }) }
}

function describe(record: ExecutionRecord): ExecutionDescription {
  const { inputText: input, output, error, cause } = record
  return {
    ...summarize(record),
    input,
    ...(output === undefined ? {} : { output: JSON.stringify(output) }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
  }
}
