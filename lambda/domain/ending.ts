import { electorateOf, votersOf, type ApprovalRules } from './electorate.ts'
import type { OfferState } from './state.ts'

/** Whoever was asked since the last opening; and where there was no time to ask, whoever would have been. */
export function peopleConcerned(state: OfferState, rules: ApprovalRules): ReadonlySet<string> {
  const { round, askedPeople } = state
  if (round?.decision?.reason !== 'found-too-late') return askedPeople
  return new Set([...askedPeople, ...votersOf(electorateOf({ state, round }, rules))])
}

export interface EndingTold {
  /** Groups whose digests tell these people. */
  groups: string[]
  /** Who is in no group any more. */
  others: ReadonlySet<string>
}

/** The groups that were asked last tell of it, and any other one only for people whom those would miss. */
export function tellEndingTo(
  people: ReadonlySet<string>,
  { round }: Pick<OfferState, 'round'>,
  rules: Pick<ApprovalRules, 'groups' | 'escalationGroup'>,
): EndingTold {
  const asked = new Set(round?.asked?.groups.map(({ group }) => group))
  if (round?.escalated !== undefined && rules.escalationGroup !== null) asked.add(rules.escalationGroup)
  const others = new Set(people)
  const groups: string[] = []
  const take = (group: string, whom: ReadonlySet<string>): void => {
    const members = rules.groups[group]?.approvers ?? []
    if (members.some((id) => whom.has(id))) groups.push(group)
    for (const id of members) others.delete(id)
  }
  for (const group of asked) take(group, people)
  for (const group of Object.keys(rules.groups)) if (!asked.has(group)) take(group, others)
  return { groups, others }
}
