import type { Describe } from '../iam/operations/access.ts'

/** How a service's behaviour meets the protocol layer of the local endpoint. */
export interface Caller {
  /** 12 digits: whose credentials signed the call. */
  account: string
  /** `arn:aws:iam::<account>:root` for an administrator key, `arn:aws:sts::<account>:assumed-role/<role>/<session>` for a role. */
  arn: string
  /** Role name when the call came with a role's session, or somebody administers the account by the name of one. */
  role?: string
  /** What the account's own policies say of the role is not known: it may everything there. */
  administers?: true
  /** Tags of the session. */
  tags?: Readonly<Record<string, string>>
}

export interface Call<Input> {
  input: Input
  caller: Caller
  region: string
  /** The local clock: milliseconds since 1970, moved by POST /_local/clock. */
  nowMs: number
}

/** Answers one operation, or promises to; throws `AwsError` for what AWS would refuse. Input is validated against the model already. */
export type Operation = (call: Call<Record<string, unknown>>) => unknown

export interface Service {
  /** File name of the model in local/aws/models, without `.json`. */
  readonly model: string
  readonly operations: Readonly<Record<string, Operation>>
  /** What a role needs to call each operation, for the gate; absent where the gate knows. */
  readonly rights?: Readonly<Record<string, Describe>>
  /** State as JSON, for the data folder; `restore` takes what `snapshot` gave. */
  snapshot?(): unknown
  restore?(state: unknown): void
  reset?(): void
}

/** An error as the service's model names it (shape name); the protocol layer writes it in the protocol's own form. */
export class AwsError extends Error {
  override readonly name = 'AwsError'
  readonly shape: string
  readonly members: Readonly<Record<string, unknown>>
  constructor(shape: string, message: string, members: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.shape = shape
    this.members = members
  }
}

/** An event on an account's default bus, as EventBridge would deliver it. */
export interface BusEvent {
  source: string
  'detail-type': string
  account: string
  region: string
  time: string
  resources: string[]
  detail: Record<string, unknown>
}
export type RaiseEvent = (event: BusEvent) => void
