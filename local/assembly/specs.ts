import type * as z from 'zod'
import type { PolicyDocument } from '../iam/document.ts'
import type { tableProperties } from './resources.ts'
import type { Template } from './template.ts'
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
  /** The role under which events go to another bus. */
  roleArn?: string | undefined
  input?: string | undefined
  inputPath?: string | undefined
  transformer?: { paths: Readonly<Record<string, string>>; template: string } | undefined
  /** Where the event goes when the target does not take it. */
  deadLetterArn?: string | undefined
}

export interface RuleSpec {
  id: string
  arn: string
  /** The bus that it listens to; its ARN says in which account and region. */
  busArn: string
  pattern: unknown
  targets: readonly RuleTarget[]
}

export interface ScheduleSpec {
  id: string
  everyMs: number
  arn: string
  targetArn: string
  /** The role under which the scheduler reaches its target. */
  roleArn: string
  input: string
}

export interface StateMachineSpec extends Named {
  definition: string
  roleArn: string
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
  /** What API Gateway says of itself when it invokes the function. */
  sourceArn: string
}

/** A policy document and where in the template it stands. */
export interface NamedPolicy {
  name: string
  document: PolicyDocument
}

/** Where a stack stands. */
export interface StackPlace {
  account: string
  region: string
}

export interface RoleSpec extends Named {
  /** Of its stack: roles have no region of their own. */
  place: StackPlace
  trust: PolicyDocument
  policies: readonly NamedPolicy[]
  /** Attached policies that are not in the template, AWS's own: what they allow is not known here. */
  unknownPolicies: readonly string[]
}

/** What a queue, a function or an event bus itself says of who may use it. */
export interface ResourcePolicy extends NamedPolicy {
  place: StackPlace
  resourceArn: string
}

/** Which accounts of the organization get a StackSet's template, and in which regions. */
export interface StackSetTarget {
  /** Roots and OUs, with all that is below them. */
  units: readonly string[]
  /** How `accounts` narrow or widen what the units name. */
  filter: 'NONE' | 'INTERSECTION' | 'DIFFERENCE' | 'UNION'
  accounts: readonly string[]
  regions: readonly string[]
}

/** A service-managed StackSet: every account gets its template as it stands. */
export interface StackSetSpec {
  id: string
  template: Template
  targets: readonly StackSetTarget[]
  /** Whether accounts that come later get it, too, and whether those that leave keep it. */
  autoDeployment: { enabled: boolean; retains: boolean }
}

/** How SES sends, and which of its events reach the default bus: `bounce`, `deliverydelay`. */
export interface ConfigurationSetSpec {
  name: string
  events: readonly string[]
}

/**
 * The synthesized app as plain data: what the templates say, with local values. Disabled rules and schedules are left out.
 * Stacks may stand in several accounts and regions, which the ARNs tell apart; `place` is where the hub is.
 */
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
  /** Those whose text AWS makes up. */
  secrets: readonly Named[]
  configurationSets: readonly ConfigurationSetSpec[]
  /** Event buses besides the default ones. */
  buses: readonly Named[]
  stackSets: readonly StackSetSpec[]
  roles: readonly RoleSpec[]
  resourcePolicies: readonly ResourcePolicy[]
}
