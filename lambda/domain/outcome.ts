import type { Choice, Finding, Outcome } from './event.ts'
import type { Inspection } from './facts.ts'
import { specOf } from './kinds.ts'
import { hasBasis, type OfferState } from './state.ts'

/**
 * What a case comes to. An offer found answered is ours (ACCEPTED, REJECTED) if an attempt of any run or the current
 * decision says so, else somebody answered it by hand: SUPERSEDED.
 */
export function outcomeOf(state: OfferState, finding: Finding, now: Date): Outcome {
  switch (finding) {
    case 'accepted':
      return wasOurs(state, 'accept') ? 'ACCEPTED' : 'SUPERSEDED'
    case 'rejected':
      return wasOurs(state, 'reject') ? 'REJECTED' : 'SUPERSEDED'
    case 'expired':
      return 'LAPSED'
    case 'gone':
      return hasExpired(state, now) ? 'LAPSED' : 'WITHDRAWN'
    case 'left':
      return 'LEFT'
    case 'observed':
      return 'OBSERVED'
  }
}

function wasOurs(state: OfferState, action: Choice): boolean {
  return state.attempts.some((attempt) => attempt.action === action) || hasBasis(state, action)
}

/** Something of ours that we wanted to keep, and that its receiver took first. */
export function isLost(state: OfferState): boolean {
  return specOf(state.ref.kind).keepsOurs === true && state.closed?.finding === 'accepted' && wasOurs(state, 'reject')
}

function hasExpired(state: OfferState, now: Date): boolean {
  const expiresAt = state.round?.expiresAt
  return typeof expiresAt === 'string' && Date.parse(expiresAt) <= now.getTime()
}

/**
 * What a reading that is not `pending` means for the case. Where AWS shows what was rejected
 * and what was withdrawn alike, an offer that we tried to reject and that is not there any more was rejected by that attempt.
 */
export function findingOf(
  inspection: Exclude<Inspection, { state: 'pending' | 'under-way' }>,
  before: OfferState,
): Finding {
  if (inspection.state !== 'gone' || specOf(before.ref.kind).rejectedReadsAsGone !== true) return inspection.state
  const tried = before.attempts.filter((attempt) => attempt.action === 'reject').at(-1)
  const foundGone = before.settled?.result === 'gone' && tried !== undefined && before.settled.seq > tried.seq
  return tried !== undefined && !foundGone ? 'rejected' : 'gone'
}
