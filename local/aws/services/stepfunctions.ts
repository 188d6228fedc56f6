import * as z from 'zod'
import type { Engine, ExecutionDescription, ExecutionSummary } from '../../engine/engine.ts'
import { EngineError } from '../../engine/errors.ts'
import type { HistoryEvent } from '../../engine/history.ts'
import { operation } from '../operation.ts'
import { readCursor, takePage } from '../paging.ts'
import { AwsError } from '../service.ts'
import type { Caller, Operation, Service } from '../service.ts'

const startInput = z.object({
  stateMachineArn: z.string(),
  name: z.string().optional(),
  input: z.string().optional(),
})
const executionInput = z.object({ executionArn: z.string() })
const describeInput = executionInput.extend({ includedData: z.string().default('ALL_DATA') })
const page = { maxResults: z.number().default(0), nextToken: z.string().optional() }
const listInput = z.object({
  ...page,
  stateMachineArn: z.string().optional(),
  statusFilter: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE']).optional(),
  mapRunArn: z.string().optional(),
  redriveFilter: z.string().optional(),
})
const historyInput = executionInput.extend({
  ...page,
  reverseOrder: z.boolean().default(false),
  includeExecutionData: z.boolean().default(true),
})
const reason = { error: z.string().optional(), cause: z.string().optional() }
const stopInput = executionInput.extend(reason)
const tokenInput = z.object({ taskToken: z.string() })
const successInput = tokenInput.extend({ output: z.string() })
const failureInput = tokenInput.extend(reason)

/** maxResults 0 means the default. https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html */
const defaultPageSize = 100

/** The Step Functions API on top of the engine, for callers of the engine's own account. */
export function createStepFunctions(engine: Engine): Service {
  return {
    model: 'stepfunctions',
    operations: mapErrors({
      StartExecution: operation(startInput, ({ input, caller }) => {
        checkArn(input.stateMachineArn, { kind: 'stateMachine', caller })
        const { executionArn, startMs } = engine.startExecution(input)
        return { executionArn, startDate: new Date(startMs) }
      }),

      DescribeExecution: operation(describeInput, ({ input, caller }) => {
        checkArn(input.executionArn, { kind: 'execution', caller })
        return describe(engine.describe(input.executionArn), input.includedData === 'ALL_DATA')
      }),

      ListExecutions: operation(listInput, ({ input, caller }) => listExecutions(engine, input, caller)),
      GetExecutionHistory: operation(historyInput, ({ input, caller }) => getHistory(engine, input, caller)),

      StopExecution: operation(stopInput, ({ input, caller }) => {
        checkArn(input.executionArn, { kind: 'execution', caller })
        return { stopDate: new Date(engine.stop(input.executionArn, input).stopMs) }
      }),

      SendTaskSuccess: operation(successInput, ({ input, caller }) => {
        checkHolder(engine, caller)
        engine.sendTaskSuccess(input.taskToken, input.output)
        return {}
      }),

      SendTaskFailure: operation(failureInput, ({ input, caller }) => {
        checkHolder(engine, caller)
        engine.sendTaskFailure(input.taskToken, input)
        return {}
      }),

      SendTaskHeartbeat: operation(tokenInput, ({ input, caller }) => {
        checkHolder(engine, caller)
        engine.sendTaskHeartbeat(input.taskToken)
        return {}
      }),
    }),
  }
}

/** The engine's errors have the names of the API's. */
function mapErrors(operations: Record<string, Operation>): Record<string, Operation> {
  const mapped = Object.entries(operations).map(([name, run]): [string, Operation] => [
    name,
    async (call) => {
      try {
        return await run(call)
      } catch (error) {
        if (error instanceof EngineError) throw new AwsError(error.name, error.message)
        throw error
      }
    },
  ])
  return Object.fromEntries(mapped)
}

const unknown = { stateMachine: 'StateMachineDoesNotExist', execution: 'ExecutionDoesNotExist' } as const

/** Other accounts see nothing here. Throws InvalidArn for what is no ARN of that kind. */
function checkArn(arn: string, { kind, caller }: { kind: 'stateMachine' | 'execution'; caller: Caller }): void {
  const match = /^arn:aws[a-z-]*:states:[a-z0-9-]+:(\d{12}):(stateMachine|execution):[^:]+(:[^:]+)?$/.exec(arn)
  const isWhole = match !== null && match[2] === kind && (match[3] !== undefined) === (kind === 'execution')
  if (!isWhole) throw new AwsError('InvalidArn', `Invalid Arn: '${arn}'`)
  if (match[1] !== caller.account) throw new AwsError(unknown[kind], `${kind} does not exist: '${arn}'`)
}

/** A token is good only in the account it was given out in. https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token */
function checkHolder(engine: Engine, caller: Caller): void {
  if (caller.account !== engine.account) throw new AwsError('InvalidToken', 'Invalid token')
}

function listExecutions(engine: Engine, input: z.infer<typeof listInput>, caller: Caller): unknown {
  const { stateMachineArn, statusFilter: status, mapRunArn, redriveFilter } = input
  if (mapRunArn !== undefined || stateMachineArn === undefined) {
    throw new AwsError('ValidationException', 'expected a stateMachineArn; map runs are not supported')
  }
  checkArn(stateMachineArn, { kind: 'stateMachine', caller })
  // Nothing is ever redriven here.
  const all = redriveFilter === 'REDRIVEN' ? [] : engine.list(stateMachineArn)
  const numbered = all.map((execution, index) => ({ execution, seq: all.length - index }))
  const wanted = numbered.filter(({ execution }) => status === undefined || execution.status === status)
  const { items, next } = takePage(wanted, { ...pageOf(input), descending: true })
  return { executions: items.map(({ execution }) => summarize(execution)), nextToken: next }
}

function getHistory(engine: Engine, input: z.infer<typeof historyInput>, caller: Caller): unknown {
  checkArn(input.executionArn, { kind: 'execution', caller })
  const events = engine.history(input.executionArn).map((event) => ({ event, seq: event.id }))
  const descending = input.reverseOrder
  const { items, next } = takePage(descending ? events.reverse() : events, { ...pageOf(input), descending })
  return { events: items.map(({ event }) => readEvent(event, input.includeExecutionData)), nextToken: next }
}

function pageOf({ maxResults, nextToken }: { maxResults: number; nextToken?: string | undefined }): {
  cursor: number | undefined
  size: number
} {
  const cursor = nextToken === undefined ? undefined : readCursor(nextToken)
  if (nextToken !== undefined && cursor === undefined) throw new AwsError('InvalidToken', 'Invalid token')
  return { cursor, size: maxResults === 0 ? defaultPageSize : maxResults }
}

function summarize(execution: ExecutionSummary): Record<string, unknown> {
  const { executionArn, stateMachineArn, name, status, startMs, stopMs } = execution
  const stopDate = stopMs === undefined ? {} : { stopDate: new Date(stopMs) }
  return { executionArn, stateMachineArn, name, status, startDate: new Date(startMs), ...stopDate, redriveCount: 0 }
}

function describe(execution: ExecutionDescription, isWhole: boolean): Record<string, unknown> {
  const { input, output, error, cause, status } = execution
  const summary = { ...summarize(execution), ...redriveStatus(status) }
  if (!isWhole) return summary
  return {
    ...summary,
    input,
    inputDetails: { included: true },
    ...(output === undefined ? {} : { output, outputDetails: { included: true } }),
    error,
    cause,
  }
}

function redriveStatus(status: ExecutionDescription['status']): Record<string, string> {
  return { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason: `Execution is ${status}; redriving is not supported` }
}

/** Texts that hold what the execution works on. */
const dataMembers = new Set(['input', 'output', 'parameters', 'assignedVariables', 'error', 'cause'])

function readEvent(event: HistoryEvent, includesData: boolean): Record<string, unknown> {
  const { id, previousEventId, type, timestampMs, detailsName, details } = event
  const read = { id, previousEventId, type, timestamp: new Date(timestampMs) }
  if (detailsName === undefined || details === undefined) return read
  const kept = Object.entries(details).filter(([name]) => includesData || !dataMembers.has(name))
  return { ...read, [detailsName]: Object.fromEntries(kept) }
}
