import type { Facts } from '../domain/facts.ts'
import type { PolicyReason, Verdict } from '../domain/event.ts'
import type { OfferRef } from '../domain/offer.ts'

/** What is judged: one offer and what AWS says of it. */
export interface PolicyRequest {
  ref: OfferRef
  facts: Facts
}

/** What policy says, before anything that is not policy (bounds, changes, mode) has its say. */
export interface PolicyVerdict {
  verdict: Verdict
  /** The deciding policies; empty for a review that no policy asked for. */
  policies: PolicyReason[]
  /** Evaluation errors, one line each: any error makes a review. */
  errors: string[]
  /** Decisive facts that were unknown: any makes an accept impossible. */
  unknown: string[]
  /** `unknown-facts`, `empty-resources`, `evaluation-error`: why an accept or reject did not stand. */
  notes: string[]
}

/** Whether people may accept: permitted unless a policy forbids it or errs. */
export interface PolicyApproval {
  allowed: boolean
  policies: PolicyReason[]
  errors: string[]
}

export interface PolicyEngine {
  judge(request: PolicyRequest): PolicyVerdict
  approve(request: PolicyRequest): PolicyApproval
}
