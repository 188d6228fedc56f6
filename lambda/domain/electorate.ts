import type { Conflict, Route } from './event.ts'
import { mayBeSamePrincipal } from './principal.ts'
import type { OfferState, Round } from './state.ts'

/** Who may decide, as configured. The settings of the Lambdas have this form. */
export interface ApprovalRules {
  approvers: readonly Person[]
  /** Approver ids of each group, and how many of them have to accept. */
  groups: Readonly<Record<string, { approvers: readonly string[]; quorum: number }>>
  /** Asked where no policy names a group; null where nobody is configured. */
  defaultGroup: string | null
  /** Asked, too, when time runs short or nobody else can be reached. */
  escalationGroup: string | null
}

export interface Person {
  id: string
  /** Accounts this person works for: no say in what these offer. */
  accounts?: readonly string[] | undefined
  /** ARNs under which this person acts at AWS, a role's for each of its sessions: no say in a transfer begun so. */
  principals?: readonly string[] | undefined
}

/** One group that is asked, and those of it who may be counted. */
export interface Bench {
  group: string
  quorum: number
  approvers: readonly string[]
}

export interface Electorate {
  groups: readonly Bench[]
  /** The escalation group's, once it is asked: they count in place of any group. */
  standIns: readonly string[]
  /** The escalation group's, asked or not. */
  reserve: readonly string[]
  conflicts: readonly Conflict[]
}

type Voted = Pick<Round, 'counterparty' | 'judged' | 'escalated' | 'asked'>

/**
 * Whose votes count, by the groups that policy asks and the people in force now. Who has a conflict is neither asked nor
 * counted: the initiator of an outgoing transfer, and whoever works for the counterparty.
 */
export function electorateOf(
  { state, round }: { state: Pick<OfferState, 'initiators'>; round: Voted },
  rules: ApprovalRules,
): Electorate {
  const conflictOf = conflictFinder({ initiators: state.initiators, counterparty: round.counterparty }, rules)
  const known = new Set(rules.approvers.map(({ id }) => id))
  const free = (ids: readonly string[]): string[] => ids.filter((id) => known.has(id) && conflictOf(id) === undefined)
  const groups = routesOf(round, rules).map(({ group, quorum }) => {
    return { group, quorum, approvers: free(rules.groups[group]?.approvers ?? []) }
  })
  const everybody = groups.flatMap(({ group }) => rules.groups[group]?.approvers ?? [])
  const reserve = rules.escalationGroup === null ? [] : (rules.groups[rules.escalationGroup]?.approvers ?? [])
  const conflicts = [...new Set([...everybody, ...reserve])].map(conflictOf).filter((one) => one !== undefined)
  return { groups, reserve: free(reserve), standIns: round.escalated === undefined ? [] : free(reserve), conflicts }
}

/** The larger quorum of a group counts, whether a policy or the configuration asks for it. */
function routesOf({ judged, asked }: Voted, { groups, defaultGroup }: ApprovalRules): Route[] {
  const wanted = new Map<string, number>()
  const standard = defaultGroup === null ? [] : [{ group: defaultGroup, quorum: 1 }]
  // A run that has not judged yet goes by whom the run before it asked: their reject is not lost.
  const routing = (judged === undefined ? asked?.groups : judged.routing) ?? []
  for (const { group, quorum } of routing.length > 0 ? routing : standard) {
    // A group that is configured no more is stood for by the default group.
    const asked = Object.hasOwn(groups, group) ? group : defaultGroup
    if (asked !== null) wanted.set(asked, Math.max(wanted.get(asked) ?? 1, quorum, groups[asked]?.quorum ?? 1))
  }
  return [...wanted].map(([group, quorum]) => ({ group, quorum }))
}

function conflictFinder(
  { initiators, counterparty }: { initiators: readonly string[]; counterparty: string | null },
  { approvers }: ApprovalRules,
): (id: string) => Conflict | undefined {
  const people = new Map(approvers.map((person) => [person.id, person]))
  return (id) => {
    const person = people.get(id)
    if (counterparty !== null && person?.accounts?.includes(counterparty) === true)
      return { approver: id, why: 'counterparty' }
    const principals = person?.principals ?? []
    if (principals.some((own) => initiators.some((initiator) => mayBeSamePrincipal(own, initiator))))
      return { approver: id, why: 'initiator' }
    return undefined
  }
}

/** Everybody who may vote now. */
export function votersOf({ groups, standIns }: Electorate): ReadonlySet<string> {
  return new Set([...groups.flatMap(({ approvers }) => approvers), ...standIns])
}

/** Whether some group can never reach its quorum by itself, so that the escalation group is needed. */
export function isShort({ groups }: Electorate): boolean {
  return groups.length === 0 || groups.some(({ approvers, quorum }) => approvers.length < quorum)
}
