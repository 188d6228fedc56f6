import type { Settings } from '../../contract/settings.ts'
import type { VoteReply } from '../../contract/states.ts'
import { isRevocable } from '../../domain/delegation.ts'
import { peopleConcerned } from '../../domain/ending.ts'
import { electorateOf, votersOf } from '../../domain/electorate.ts'
import type { OfferState, Round } from '../../domain/state.ts'
import { expectedDigits } from '../../domain/typed-digits.ts'
import type { Ballot } from './ballot.ts'
import { isReplay } from './replay.ts'

export interface Revocation {
  approver: string
  comment: string
  assurance: string
}

interface Checking {
  state: OfferState
  round: Round
  now: Date
  settings: Settings
}

/** A reject while the accept is held takes it back. One of those who were, or would have been, asked is enough. */
export function checkRevocation(ballot: Ballot, checking: Checking): Revocation | VoteReply {
  const { state, round, now, settings } = checking
  const { approver, assurance, fields, expiresAtMs = Infinity } = ballot
  if (state.delegation?.revoked !== undefined) return { result: 'standing', choice: 'reject' }
  if (!isRevocable(state)) return { result: 'closed' }
  if (expiresAtMs <= now.getTime()) return { result: 'expired' }
  if (fields.choice !== 'reject') return { result: 'closed' }
  // An old vote, sent once more, takes nothing back; what it was used for in an earlier round is not known any more.
  if (isReplay(ballot, round)) return { result: 'closed' }
  if (ballot.proof !== undefined && fields.round !== String(round.number)) return { result: 'facts-changed' }
  if (!mayRevoke(approver, { state, round }, settings))
    return { result: 'refused', field: 'choice', problem: 'Others decide about this offer.' }
  const comment = fields.comment.trim()
  if (comment === '') return { result: 'refused', field: 'comment', problem: 'Say why you take it back.' }
  if (fields.digits.trim() !== expectedDigits(state))
    return { result: 'refused', field: 'digits', problem: 'These are not the four characters asked for.' }
  return { approver, comment, assurance }
}

function mayRevoke(approver: string, of: { state: OfferState; round: Round }, settings: Settings): boolean {
  return peopleConcerned(of.state, settings).has(approver) || votersOf(electorateOf(of, settings)).has(approver)
}
