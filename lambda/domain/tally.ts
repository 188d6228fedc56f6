import { votersOf, type Electorate } from './electorate.ts'
import type { Decision } from './event.ts'
import type { Round } from './state.ts'

export interface TallyInput {
  round: Pick<Round, 'votes' | 'asked'>
  electorate: Electorate
  /** What stands when people do not decide. */
  byDefault: 'reject' | 'leave'
  /** True at the deadline. */
  due: boolean
  /** People were asked as often as the rules allow; the default stands at once. */
  askedEnough: boolean
}

/**
 * The one place where votes become a decision, whatever channel they came by. One reject decides; an accept needs every
 * group's quorum of distinct approvers, in which the escalation group may stand in; each approver's last vote counts; at
 * the deadline the default stands. Undefined: not yet.
 */
export function tally({ round, electorate, byDefault, due, askedEnough }: TallyInput): Decision | undefined {
  const voters = votersOf(electorate)
  const votes = [...round.votes.values()].filter((vote) => voters.has(vote.approver))
  const rejecting = votes.filter((vote) => vote.choice === 'reject').map((vote) => vote.approver)
  if (rejecting.length > 0) return { choice: 'reject', by: 'people', people: rejecting, reason: 'votes' }
  const accepting = votes.filter((vote) => vote.choice === 'accept')
  const people = accepting.map((vote) => vote.approver)
  if (isEnough(people, electorate)) {
    const active = accepting.some((vote) => vote.active !== undefined)
      ? { active: accepting.every((vote) => vote.active === true) }
      : {}
    return { choice: 'accept', by: 'people', people, reason: 'votes', ...active }
  }
  const standing = { choice: byDefault, by: 'deadline' as const, people: [] }
  if (due) return { ...standing, reason: round.asked === undefined ? 'found-too-late' : 'deadline' }
  if (askedEnough) return { ...standing, reason: 'asked-too-often' }
  return undefined
}

/** Nobody configured never is enough. */
function isEnough(accepting: readonly string[], { groups, standIns }: Electorate): boolean {
  return (
    groups.length > 0 &&
    groups.every(({ approvers, quorum }) => {
      const counted = accepting.filter((id) => approvers.includes(id) || standIns.includes(id))
      return counted.length >= quorum
    })
  )
}
