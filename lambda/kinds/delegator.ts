import type { ApprovedBy, DelegationState } from '../domain/delegation.ts'
import type { PermissionCheck } from '../domain/event.ts'
import type { Facts } from '../domain/facts.ts'
import type { Answer } from './reactions.ts'

/** A request as the delegator role sees it. */
export type Seen =
  | { state: 'gone' }
  | { state: DelegationState; facts: Facts; ownerId: string | null; approvedBy: ApprovedBy; mayRelease: boolean }

/** The delegator role at work on one request; each method is one call. */
export interface Delegator {
  look: () => Promise<Seen>
  /** Whether it may do what is asked for; `IN_PROGRESS` while IAM works on it. */
  check: () => Promise<Exclude<PermissionCheck, 'TIMED_OUT'> | 'IN_PROGRESS'>
  associate: () => Promise<Answer<unknown>>
  accept: () => Promise<Answer<unknown>>
  sendToken: () => Promise<Answer<unknown>>
  /** Rejects the accepted request. */
  undo: () => Promise<Answer<unknown>>
}
