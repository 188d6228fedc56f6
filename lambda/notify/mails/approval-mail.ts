import type { Approver } from '../../contract/settings.ts'
import type { Bench } from '../../domain/electorate.ts'
import type { About, Judged } from '../../domain/event.ts'
import type { Facts } from '../../domain/facts.ts'
import { formatInZone, formatUtc, relativeTo } from '../../domain/plain-time.ts'
import type { Round } from '../../domain/state.ts'
import { wordsForCheck, wordsForDefault, wordsForEscalation, wordsForNote } from '../../domain/wording.ts'
import { composeMail, type Mail, type MailBlock } from '../mail.ts'
import {
  causeBlocks,
  factBlocks,
  footerOf,
  reasonLine,
  requestBlocks,
  text,
  titleOf,
  type MailOffer,
} from './mail-parts.ts'

export interface ApprovalMail {
  /** `approval`, `escalation` or a reminder. */
  about: About
  offer: MailOffer
  round: Pick<Round, 'cause' | 'votes' | 'asked' | 'escalated' | 'check'>
  facts: Facts
  judged: Judged
  /** Whose accept is needed. */
  groups: readonly Bench[]
  /** What stands when nobody decides in time. */
  byDefault: 'reject' | 'leave'
  /** The personal link of this message. */
  link: string
  approver: Approver
  now: Date
}

/**
 * Asks one approver, or asks again. Leads with what AWS says; the other side's words come last and are marked as theirs.
 */
export function renderApprovalMail(input: ApprovalMail): Mail {
  const { about, offer, round, facts, judged, link } = input
  const { kind } = offer.ref
  const subject = `${occasionOf(about)}${titleOf(offer)}: answer by ${formatUtc(judged.deadline.at)}`
  return composeMail(subject, [
    ...openingBlocks(input),
    ...causeBlocks(round.cause),
    ...factBlocks(kind, facts, 'aws'),
    ...requestBlocks(kind, facts),
    ...(round.check === undefined ? [] : [text(`${wordsForCheck(round.check.result)}.`)]),
    ...reasonBlocks(judged),
    ...decideBlocks(input),
    { kind: 'link', label: 'Read and decide', href: link },
    text('The link is yours alone: whoever has it votes in your name. Please do not forward this mail.'),
    ...factBlocks(kind, facts, 'counterparty'),
    footerOf(offer),
  ])
}

function occasionOf(about: About): string {
  if (isReminder(about)) return `Reminder ${stageOf(about)}: `
  return about === 'escalation' ? 'Escalated: ' : ''
}

function isReminder(about: About): boolean {
  return about.startsWith('reminder-')
}

function stageOf(about: About): string {
  return about.slice('reminder-'.length)
}

function openingBlocks({ about, approver, round, judged, now }: ApprovalMail): MailBlock[] {
  if (isReminder(about)) {
    return [
      text(
        `${approver.id}, Gatehouse still waits for your decision: this is reminder ${stageOf(about)}, ` +
          `and the time to answer ends ${relativeTo(now, judged.deadline.at)}. Links in earlier mails stay valid.`,
      ),
      ...votedBlocks(round),
    ]
  }
  if (about !== 'escalation') return [text(`${approver.id}, Gatehouse asks you to decide.`)]
  const others = (round.asked?.approvers ?? []).filter((id) => id !== approver.id)
  return [
    text(`${approver.id}, Gatehouse asks you, too, to decide. ${wordsForEscalation(round.escalated?.why ?? 'time')}`),
    ...(others.length === 0 ? [] : [text(`Asked before you: ${others.join(', ')}.`)]),
    ...votedBlocks(round),
  ]
}

function votedBlocks({ votes }: ApprovalMail['round']): MailBlock[] {
  const said = [...votes.values()].map(({ approver, choice }) => `${approver} (${choice})`)
  return [text(said.length === 0 ? 'Nobody has voted yet.' : `Voted already: ${said.join(', ')}.`)]
}

function reasonBlocks({ policies, notes, errors, approval }: Judged): MailBlock[] {
  const items = [
    ...policies.map((policy) => reasonLine(policy)),
    ...notes.map((note) => wordsForNote(note)),
    ...(errors.length > 0 ? [`Policies that could not be evaluated: ${errors.length}`] : []),
  ]
  const shown = items.length > 0 ? items : ['No policy decides this offer, so people do.']
  return [
    { kind: 'heading', text: 'Why you are asked' },
    { kind: 'list', items: shown },
    ...(approval?.allowed === false
      ? [
          text('Policy does not let people accept this offer as it is. You can only reject it:'),
          { kind: 'list' as const, items: refusalsOf(approval) },
        ]
      : []),
  ]
}

function refusalsOf({ policies, errors }: NonNullable<Judged['approval']>): string[] {
  const items = policies.map((policy) => reasonLine(policy))
  return errors.length > 0 || items.length === 0 ? [...items, 'A policy could not be evaluated.'] : items
}

function decideBlocks({ offer, judged, groups, byDefault, approver, now }: ApprovalMail): MailBlock[] {
  const { at } = judged.deadline
  const by = `Answer by ${formatInZone(at, approver.timeZone)}, ${relativeTo(now, at)}.`
  return [
    { kind: 'heading', text: 'Decide' },
    text(`${by} If nobody decides by then, ${wordsForDefault(offer.ref.kind, byDefault)}.`),
    ...(groups.length === 0
      ? []
      : [text(`To accept, it needs ${groups.map(quorumOf).join(' and ')}. One reject decides.`)]),
  ]
}

/** `2 of security`. */
function quorumOf({ group, quorum }: Bench): string {
  return `${quorum} of ${group}`
}
