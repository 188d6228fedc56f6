import type { Json } from '../json.ts'
import type { Template } from '../jsonata/template.ts'

/** A definition that was checked and compiled: what the engine runs. */
export interface Definition {
  readonly timeoutSeconds: number | undefined
  readonly root: States
  /** Every set of states by its id: the root and what is inside Map and Parallel. */
  readonly byId: ReadonlyMap<string, States>
  /** What was registered, so that a saved execution can go on with it. */
  readonly source: Json
}

export interface States {
  readonly id: string
  readonly startAt: string
  readonly states: ReadonlyMap<string, State>
}

export interface Assignments {
  readonly output: Template | undefined
  readonly assign: readonly (readonly [string, Template])[]
}

export interface Retrier {
  readonly errors: readonly string[]
  readonly intervalSeconds: number
  readonly maxAttempts: number
  readonly backoffRate: number
  readonly maxDelaySeconds: number | undefined
  readonly isJittered: boolean
}

export interface Catcher extends Assignments {
  readonly errors: readonly string[]
  readonly next: string
}

interface Named {
  readonly name: string
}

interface Flowing extends Named, Assignments {
  /** Undefined at the end of the machine or branch. */
  readonly next: string | undefined
}

interface Recovering extends Flowing {
  readonly retriers: readonly Retrier[]
  readonly catchers: readonly Catcher[]
}

export interface TaskState extends Recovering {
  readonly type: 'Task'
  readonly waitsForToken: boolean
  readonly arguments: Template
  readonly timeout: Template | undefined
  readonly heartbeat: Template | undefined
}

export interface ChoiceRule extends Assignments {
  readonly condition: Template
  readonly next: string
}

export interface ChoiceState extends Named, Assignments {
  readonly type: 'Choice'
  readonly rules: readonly ChoiceRule[]
  readonly next: string | undefined
}

export interface WaitState extends Flowing {
  readonly type: 'Wait'
  readonly until: { readonly kind: 'seconds' | 'timestamp'; readonly template: Template }
}

export interface PassState extends Flowing {
  readonly type: 'Pass'
}

export interface SucceedState extends Flowing {
  readonly type: 'Succeed'
}

export interface FailState extends Named {
  readonly type: 'Fail'
  readonly error: Template | undefined
  readonly cause: Template | undefined
}

export interface ParallelState extends Recovering {
  readonly type: 'Parallel'
  readonly arguments: Template | undefined
  readonly branches: readonly States[]
}

export interface MapState extends Recovering {
  readonly type: 'Map'
  readonly items: Template | undefined
  readonly itemSelector: Template | undefined
  readonly maxConcurrency: Template | undefined
  readonly processor: States
}

export type GroupState = ParallelState | MapState
export type State = TaskState | ChoiceState | WaitState | PassState | SucceedState | FailState | GroupState
