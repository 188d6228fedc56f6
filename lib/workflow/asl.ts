/** The part of the Amazon States Language (JSONata) that the workflow uses. https://states-language.net/ */
export interface StateMachine {
  Comment: string
  QueryLanguage: 'JSONata'
  StartAt: string
  States: Record<string, State>
}

export type State = TaskState | ChoiceState | SucceedState | FailState

/** `{% ... %}`: evaluated when the state is entered. */
export type Expression = `{% ${string} %}`

export interface TaskState {
  Type: 'Task'
  Comment: string
  Resource: string
  Arguments: { FunctionName: string; Payload: Record<string, string | number> }
  TimeoutSeconds: number | Expression
  Retry: Retrier[]
  Catch: Catcher[]
  Output?: Expression
  Assign?: Record<string, string | number>
  Next?: string
  End?: true
}

export interface Retrier {
  ErrorEquals: string[]
  IntervalSeconds: number
  BackoffRate: number
  MaxAttempts: number
  MaxDelaySeconds?: number
  JitterStrategy: 'FULL' | 'NONE'
}

export interface Catcher {
  ErrorEquals: string[]
  Next: string
  Assign?: Record<string, string | number>
}

export interface ChoiceState {
  Type: 'Choice'
  Comment: string
  Choices: { Condition: Expression; Next: string }[]
  Default: string
}

export interface SucceedState {
  Type: 'Succeed'
  Comment: string
}

export interface FailState {
  Type: 'Fail'
  Comment: string
  Error: string
  Cause: string
}
