import type * as z from 'zod'
import type { tableProperties } from './resources.ts'
import type { LocalPlace } from './values.ts'

export interface Named {
  /** Logical id in the template. */
  id: string
  name: string
  arn: string
}

export interface FunctionSpec extends Named {
  /** Folder of the bundled asset. */
  dir: string
  /** `file.export` */
  handler: string
  env: Readonly<Record<string, string>>
  timeoutMs: number
  memoryMb: number
  roleArn: string
}

export interface QueueSpec extends Named {
  url: string
  visibilityMs: number
  delayMs: number
  retentionMs: number
  redrive?: { queueArn: string; maxReceiveCount: number } | undefined
}

export interface EventSourceSpec {
  id: string
  queueArn: string
  functionName: string
  batchSize: number
  reportBatchItemFailures: boolean
  maximumConcurrency?: number | undefined
}

export interface RuleTarget {
  arn: string
  input?: string | undefined
  inputPath?: string | undefined
  transformer?: { paths: Readonly<Record<string, string>>; template: string } | undefined
}

export interface RuleSpec {
  id: string
  pattern: unknown
  targets: readonly RuleTarget[]
}

export interface ScheduleSpec {
  id: string
  everyMs: number
  targetArn: string
  input: string
}

export interface StateMachineSpec extends Named {
  definition: string
}

export interface TableSpec extends Named {
  keys: z.infer<typeof tableProperties>
}

export interface RouteSpec {
  id: string
  /** `GET`, or `ANY`. */
  method: string
  /** `/a/{token}`, or `$default`. */
  path: string
  functionArn: string
}

/** How SES sends, and which of its events reach the default bus: `bounce`, `deliverydelay`. */
export interface ConfigurationSetSpec {
  name: string
  events: readonly string[]
}

/** The synthesized app as plain data: what the templates say, with local values. Disabled rules and schedules are left out. */
export interface Assembly {
  place: LocalPlace
  functions: readonly FunctionSpec[]
  queues: readonly QueueSpec[]
  eventSources: readonly EventSourceSpec[]
  rules: readonly RuleSpec[]
  schedules: readonly ScheduleSpec[]
  stateMachines: readonly StateMachineSpec[]
  tables: readonly TableSpec[]
  routes: readonly RouteSpec[]
  roles: readonly Named[]
  /** Those whose text AWS makes up. */
  secrets: readonly Named[]
  configurationSets: readonly ConfigurationSetSpec[]
}
