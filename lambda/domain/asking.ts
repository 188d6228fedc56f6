import { isShort, votersOf, type Electorate } from './electorate.ts'
import type { About, ChannelName, Escalation } from './event.ts'
import { escalationDue, remindersDue, type AskingTimes } from './schedule.ts'
import { isDelivered, isOnItsWay, messageKeyOf, type Asked, type Round } from './state.ts'

/** A round in which people are asked, as one who asks sees it. */
export interface Asking {
  round: Round
  electorate: Electorate
  times: AskingTimes
  now: Date
  /** The ways to reach an approver. */
  channelsOf: (approver: string) => readonly ChannelName[]
}

/** The newest stage of reminders that is due and whom to remind; undefined when there is none, or nobody. */
export function reminderDue(asking: Asking): { stage: number; approvers: string[] } | undefined {
  const { round, electorate, times, now } = asking
  const { asked } = round
  if (asked === undefined) return undefined
  const stage = remindersDue({ ...spanOf(asked, round), times, now })
  if (stage <= round.reminded) return undefined
  const voters = votersOf(electorate)
  const told = [...new Set([...asked.approvers, ...(round.escalated?.approvers ?? [])])]
  const approvers = told.filter((id) => voters.has(id) && !round.votes.has(id) && lastTold(round, id) !== undefined)
  return approvers.length === 0 ? undefined : { stage, approvers }
}

/** Why the escalation group has to be asked, too; undefined while it need not, is asked already, or there is none. */
export function escalationNeeded(asking: Asking): Escalation | undefined {
  const { round, electorate, times, now } = asking
  const { asked } = round
  if (asked === undefined || round.escalated !== undefined || electorate.reserve.length === 0) return undefined
  if (isShort(electorate)) return 'too-few'
  if (isNobodyReachable(asking)) return 'nobody-reachable'
  const isCutOff = electorate.groups.some(({ approvers, quorum }) => {
    return approvers.filter((id) => isReachable(asking, id)).length < quorum
  })
  if (isCutOff) return 'too-few'
  return escalationDue({ ...spanOf(asked, round), times, now }) ? 'time' : undefined
}

/** Who stands in since a deployment and was not told so. */
export function notYetStandingIn({ round: { escalated }, electorate }: Pick<Asking, 'round' | 'electorate'>): string[] {
  return electorate.standIns.filter((id) => escalated?.approvers.includes(id) !== true)
}

/** Whether every message to everybody who may vote came back, or there is nobody. */
export function isNobodyReachable(asking: Asking): boolean {
  return ![...votersOf(asking.electorate)].some((id) => isReachable(asking, id))
}

/** Approvers of the groups who were not asked in this round: all at first, later those that came by a deployment. */
export function notYetAsked({ round: { asked }, electorate }: Pick<Asking, 'round' | 'electorate'>): string[] {
  const people = new Set(electorate.groups.flatMap(({ approvers }) => approvers))
  return [...people].filter((id) => asked?.approvers.includes(id) !== true)
}

export interface DueMessage {
  about: About
  approver: string
  /** False where no channel was tried: whoever recorded the step may be about to send it. */
  tried: boolean
}

/** What people have not been told yet and can be; nothing for those who have voted. */
export function messagesDue(asking: Asking): DueMessage[] {
  const { round, electorate } = asking
  const { asked, escalated } = round
  if (asked === undefined) return []
  const voters = votersOf(electorate)
  const to = (about: About, approvers: readonly string[]): DueMessage[] =>
    approvers
      .filter((id) => voters.has(id) && !round.votes.has(id) && isOutstanding(asking, about, id))
      .map((approver) => ({ about, approver, tried: round.deliveries.has(messageKeyOf(about, approver)) }))
  const standIns = escalated?.approvers.filter((id) => !asked.approvers.includes(id)) ?? []
  return [
    ...to('approval', asked.approvers),
    ...to('escalation', standIns),
    ...(round.reminded === 0 ? [] : to(`reminder-${round.reminded}`, round.remindedPeople)),
  ]
}

function isOutstanding({ round, channelsOf }: Asking, about: About, approver: string): boolean {
  const tried = round.deliveries.get(messageKeyOf(about, approver))
  return !isDelivered(round, about, approver) && channelsOf(approver).some((channel) => tried?.has(channel) !== true)
}

/** False once the last message to somebody came back from every channel. Who has voted need not be reached. */
function isReachable({ round, channelsOf }: Asking, approver: string): boolean {
  if (round.votes.has(approver)) return true
  const about = lastTold(round, approver)
  if (about === undefined) return true
  const statuses = round.deliveries.get(messageKeyOf(about, approver))
  return channelsOf(approver).some((channel) => {
    const status = statuses?.get(channel)
    return status === undefined || isOnItsWay(status)
  })
}

/** The last message of this round that asked somebody, whatever became of it. */
function lastTold({ reminded, deliveries }: Round, approver: string): About | undefined {
  const stages = Array.from({ length: reminded }, (_, index): About => `reminder-${reminded - index}`)
  const newestFirst: About[] = [...stages, 'escalation', 'approval']
  return newestFirst.find((about) => deliveries.has(messageKeyOf(about, approver)))
}

function spanOf({ at, deadline }: Asked, { judged }: Round): { askedAt: string; deadlineAt: string } {
  return { askedAt: at, deadlineAt: (judged?.deadline ?? deadline).at }
}

/** Which groups' digests tell those who are due; whoever only stands in is told by the escalation group's. */
export function groupsToTell(
  due: readonly DueMessage[],
  { groups }: Electorate,
  escalationGroup: string | null,
): string[] {
  const told = groups.filter(({ approvers }) => due.some(({ approver }) => approvers.includes(approver)))
  const members = new Set(groups.flatMap(({ approvers }) => approvers))
  const standIns = due.some(({ approver }) => !members.has(approver))
  return [
    ...new Set([...told.map(({ group }) => group), ...(standIns && escalationGroup !== null ? [escalationGroup] : [])]),
  ]
}

/** Another one for every step of the asking, so that what is still to be told is never taken for what was. */
export function stageOf({ number, asked, reminded, escalated }: Round): string {
  return `${number}.${asked?.approvers.length ?? 0}.${reminded}${escalated === undefined ? '' : `.escalated${escalated.approvers.length}`}`
}
