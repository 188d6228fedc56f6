import { electorateOf, votersOf, type ApprovalRules, type Electorate } from './electorate.ts'
import type { Choice, Conflict } from './event.ts'
import type { OfferState, Round } from './state.ts'
import { tally } from './tally.ts'

/** How far one group is. */
export interface GroupProgress {
  group: string
  quorum: number
  /** Who accepted and counts for this group, stand-ins included. */
  accepted: string[]
  /** How many more have to accept. */
  missing: number
  /** Who of the group has not accepted yet. */
  open: string[]
}

export interface Progress {
  groups: GroupProgress[]
  /** Of the escalation group, once it is asked. */
  standIns: readonly string[]
  conflicts: readonly Conflict[]
  /** Who may vote now. */
  voters: ReadonlySet<string>
  /** What the votes come to by themselves; undefined: not yet. */
  decided: Choice | undefined
}

/** Where the votes of a round stand, counted as `tally` counts them. */
export function progressOf(round: Pick<Round, 'votes' | 'asked'>, electorate: Electorate): Progress {
  const accepted = [...round.votes.values()].filter(({ choice }) => choice === 'accept').map(({ approver }) => approver)
  const decision = tally({ round, electorate, byDefault: 'leave', due: false, askedEnough: false })
  return {
    groups: electorate.groups.map(({ group, quorum, approvers }) => {
      const counted = accepted.filter((id) => approvers.includes(id) || electorate.standIns.includes(id))
      const missing = Math.max(0, quorum - counted.length)
      return { group, quorum, accepted: counted, missing, open: approvers.filter((id) => !counted.includes(id)) }
    }),
    standIns: electorate.standIns,
    conflicts: electorate.conflicts,
    voters: votersOf(electorate),
    decided: decision?.choice === 'leave' ? undefined : decision?.choice,
  }
}

/**
 * The electorate for who may not know what makes a conflict, as the public page: conflicts are those that were recorded
 * when people were asked.
 */
export function electorateAsRecorded(state: OfferState, round: Round, rules: ApprovalRules): Electorate {
  const conflicts = round.asked?.conflicts ?? []
  const excluded = new Set(conflicts.map(({ approver }) => approver))
  const approvers = rules.approvers.filter(({ id }) => !excluded.has(id))
  return { ...electorateOf({ state, round }, { ...rules, approvers }), conflicts }
}

/** The electorate by the ledger alone: who was asked when people were asked. For who has no settings, as the console. */
export function electorateOnLedger({ asked, escalated }: Pick<Round, 'asked' | 'escalated'>): Electorate {
  const { approvers = [], conflicts = [], groups = [] } = asked ?? {}
  const standIns = escalated?.approvers ?? []
  const everybody = { group: 'people', quorum: 1, approvers }
  return { groups: groups.length > 0 ? groups : [everybody], standIns, reserve: standIns, conflicts }
}
