import { isRevocable } from '../domain/delegation.ts'
import type { Conflict, Decision, Outcome } from '../domain/event.ts'
import type { Progress } from '../domain/progress.ts'
import type { OfferState, Round } from '../domain/state.ts'
import { voteEndsAtMs } from '../domain/vote-end.ts'

/** One personal link, as stored. */
export interface ApprovalLink {
  offerId: string
  approver: string
  /** After this it no longer votes; it shows the outcome until `ttl`. */
  expiresAtMs: number
  /** Seconds since 1970. */
  ttl: number
}

/** Where a case stands for the holder of a link. */
export type Standing =
  | { is: 'closed'; outcome: Outcome; at: string }
  /** The delegator role has accepted; `revocable` until the other side gets its access. `stranded`: it may no longer. */
  | { is: 'held'; until: string; revocable: boolean; stranded: boolean }
  | { is: 'decided'; decision: Decision; handedOver: boolean }
  | { is: 'expired' }
  /** Gatehouse is looking at it, or policy decided it: nobody is asked at the moment. */
  | { is: 'in-progress' }
  /** Others are asked; this one is not, or no longer. */
  | { is: 'not-asked'; round: Round; conflict: Conflict | undefined }
  | { is: 'asking'; round: Round; deadlineAt: string }

export interface Standpoint {
  link: ApprovalLink
  /** None while there is no round. */
  progress: Progress | undefined
  now: Date
}

export function standingOf(state: OfferState, { link, progress, now }: Standpoint): Standing {
  const { closed, round } = state
  if (closed !== undefined) return { is: 'closed', outcome: closed.outcome, at: closed.at }
  if (state.delegation?.heldUntil !== undefined) {
    const revocable = isRevocable(state) && link.expiresAtMs > now.getTime()
    return { is: 'held', until: state.delegation.heldUntil, revocable, stranded: state.delegation.stranded === true }
  }
  if (round?.decision !== undefined) {
    return { is: 'decided', decision: round.decision, handedOver: isHandedOver(state) }
  }
  const endsAtMs = round === undefined ? link.expiresAtMs : voteEndsAtMs(link, round)
  if (endsAtMs <= now.getTime()) return { is: 'expired' }
  if (round?.asked === undefined) return { is: 'in-progress' }
  if (progress?.voters.has(link.approver) !== true) {
    return { is: 'not-asked', round, conflict: progress?.conflicts.find(({ approver }) => approver === link.approver) }
  }
  return { is: 'asking', round, deadlineAt: new Date(endsAtMs).toISOString() }
}

/** Gatehouse did its part, and told people that accepting at AWS is left to them. */
export function isHandedOver({ closed, round }: OfferState): boolean {
  return (
    closed === undefined && [...(round?.deliveries.keys() ?? [])].some((message) => message.startsWith('hand-over:'))
  )
}
