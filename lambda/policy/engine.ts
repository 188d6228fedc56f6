import type { Facts } from '../domain/facts.ts'
import type { PolicyReason, Route, Verdict } from '../domain/event.ts'
import type { OfferRef } from '../domain/offer.ts'

/** What is judged: one offer and what AWS says of it. */
export interface PolicyRequest {
  ref: OfferRef
  facts: Facts
  /** Partner groups whose end has passed by then do not count. */
  now: Date
}

/** What policy says, before anything that is not policy (bounds, changes, mode) has its say. */
export interface PolicyVerdict {
  verdict: Verdict
  /** The deciding policies, for a review also the forbids that stood in the way; empty where no policy had a say. */
  policies: PolicyReason[]
  /** Evaluation errors, one line each: any error makes a review. */
  errors: string[]
  /** Decisive facts that were unknown: any makes an accept by policy impossible. */
  unknown: string[]
  /** Why policy could not accept: `unknown-facts`, `empty-resources`, `evaluation-error` (then it rejects nothing either). */
  notes: string[]
  /** Whom the review permits want asked if people are; each group once. Empty: the default group. */
  routing: Route[]
}

/** Whether something may be done: not where a policy forbids it or errs. */
export interface PolicyApproval {
  allowed: boolean
  policies: PolicyReason[]
  errors: string[]
}

export interface PolicyEngine {
  judge(request: PolicyRequest): PolicyVerdict
  /** Whether people may accept; permitted to begin with. */
  approve(request: PolicyRequest): PolicyApproval
  /** Whether a certificate may be active at once; `byDefault` stands where no policy says anything. */
  activate(request: PolicyRequest, byDefault: boolean): PolicyApproval
}
