import type { Decision } from './event.ts'
import type { Round } from './state.ts'

export interface TallyInput {
  round: Round
  /** Ids of those who may be counted. */
  approvers: readonly string[]
  quorum: number
  /** What stands when people do not decide. */
  byDefault: 'reject' | 'leave'
  /** True at the deadline. */
  due: boolean
  /** People were asked as often as the rules allow; the default stands at once. */
  askedEnough: boolean
}

/**
 * The one place where votes become a decision, whatever channel they came by. One reject decides; `quorum` distinct
 * approvers accept; each approver's last vote counts; at the deadline the default stands. Undefined: not yet.
 */
export function tally({ round, approvers, quorum, byDefault, due, askedEnough }: TallyInput): Decision | undefined {
  const votes = [...round.votes.values()].filter((vote) => approvers.includes(vote.approver))
  const rejecting = votes.filter((vote) => vote.choice === 'reject').map((vote) => vote.approver)
  if (rejecting.length > 0) return { choice: 'reject', by: 'people', people: rejecting, reason: 'votes' }
  const accepting = votes.filter((vote) => vote.choice === 'accept').map((vote) => vote.approver)
  if (accepting.length >= quorum) return { choice: 'accept', by: 'people', people: accepting, reason: 'votes' }
  if (due) return { choice: byDefault, by: 'deadline', people: [], reason: 'deadline' }
  if (askedEnough) return { choice: byDefault, by: 'deadline', people: [], reason: 'asked-too-often' }
  return undefined
}
