import type { Choice, Finding, Outcome } from './event.ts'
import type { Inspection } from './facts.ts'
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

/** A certificate of ours that we wanted to keep, and that its receiver took first. */
export function isLost(state: OfferState): boolean {
  return state.ref.kind === 'iot-outgoing' && state.closed?.finding === 'accepted' && wasOurs(state, 'reject')
}

function hasExpired(state: OfferState, now: Date): boolean {
  const expiresAt = state.round?.expiresAt
  return typeof expiresAt === 'string' && Date.parse(expiresAt) <= now.getTime()
}

/**
 * What a reading that is not `pending` means for the case. A certificate whose transfer we tried to reject and that is
 * not there any more was rejected by that attempt: at the destination AWS shows a rejected and a cancelled transfer alike.
 */
export function findingOf(
  inspection: Exclude<Inspection, { state: 'pending' | 'under-way' }>,
  before: OfferState,
): Finding {
  if (inspection.state !== 'gone' || before.ref.kind !== 'iot-transfer') return inspection.state
  const tried = before.attempts.filter((attempt) => attempt.action === 'reject').at(-1)
  const foundGone = before.settled?.result === 'gone' && tried !== undefined && before.settled.seq > tried.seq
  return tried !== undefined && !foundGone ? 'rejected' : 'gone'
}
