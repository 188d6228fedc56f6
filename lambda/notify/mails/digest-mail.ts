import type { Approver } from '../../contract/settings.ts'
import type { Decision, Outcome, PolicyReason } from '../../domain/event.ts'
import { formatInZone, formatUtc } from '../../domain/plain-time.ts'
import { wordsForDecider, wordsForOutcome } from '../../domain/wording.ts'
import { composeMail, type Mail, type MailBlock } from '../mail.ts'
import { text, titleOf, type MailOffer } from './mail-parts.ts'

/** One offer of a digest; each is decided by itself. */
export interface DigestEntry extends Pick<MailOffer, 'ref' | 'counterparty'> {
  deadlineAt: string
  /** The personal link of this approver for this offer. */
  link: string
}

/** A case that ended. */
export interface DigestEnding extends MailOffer {
  outcome: Outcome
  decision?: Decision | undefined
  /** Where policy decided. */
  policies?: readonly PolicyReason[] | undefined
}

export interface DigestMail {
  group: string
  approver: Approver
  /** Oldest deadline first. */
  entries: readonly DigestEntry[]
  /** Of these or of the entries there is at least one. */
  endings: readonly DigestEnding[]
  /** So many more come with the next digest. */
  left: number
}

/** Asks one approver about many offers of the same senders, and tells how those ended that were asked about so. */
export function renderDigestMail(mail: DigestMail): Mail {
  const { entries, endings, left } = mail
  const accounts = [...entries, ...endings].map(({ ref }) => ref.account)
  return composeMail(subjectOf(mail), [
    ...askingBlocks(mail),
    ...endingBlocks(mail),
    ...(left === 0 ? [] : [text(`${offers(left)} more come with the next mail, within the hour.`)]),
    text(`Sent by Gatehouse for account ${[...new Set(accounts)].join(', ')}.`),
  ])
}

function subjectOf({ entries, endings }: DigestMail): string {
  const [first] = entries
  if (first === undefined) return `${offers(endings.length)} of ${sendersOf(endings)} ended`
  return `${offers(entries.length)} of ${sendersOf(entries)}: answer the first by ${formatUtc(first.deadlineAt)}`
}

function askingBlocks({ group, approver, entries }: DigestMail): MailBlock[] {
  if (entries.length === 0) return []
  return [
    text(
      `${approver.id}, Gatehouse asks you, as one of ${group}, to decide about ${offers(entries.length)}. ` +
        'So many came from the same side that they share this mail. Each is decided by itself.',
    ),
    text('The links are yours alone: whoever has one votes in your name. Please do not forward this mail.'),
    {
      kind: 'links',
      items: entries.map(({ link, deadlineAt, ...offer }) => ({
        label: titleOf(offer),
        note: `Answer by ${formatInZone(deadlineAt, approver.timeZone)}`,
        href: link,
      })),
    },
  ]
}

function endingBlocks({ group, approver, entries, endings }: DigestMail): MailBlock[] {
  if (endings.length === 0) return []
  const asked = `${approver.id}, you were asked, as one of ${group}, about ${offers(endings.length)} that ended since.`
  return [
    ...(entries.length === 0 ? [text(asked)] : []),
    { kind: 'heading', text: 'Ended since the last digest' },
    { kind: 'list', items: endings.map((ending) => endingLine(ending)) },
    text('There is nothing left for you to do about these.'),
  ]
}

function endingLine(ending: DigestEnding): string {
  const words = `${titleOf(ending)}: ${wordsForOutcome(ending.outcome, ending.ref.kind).toLowerCase()}`
  const decider = deciderOf(ending)
  return `${words}${decider === undefined ? '' : `, decided by ${decider}`}. Offer ${ending.offerId}.`
}

/** Undefined where it ended before a decision was carried out. */
function deciderOf({ outcome, decision, policies = [] }: DigestEnding): string | undefined {
  if (outcome !== 'ACCEPTED' && outcome !== 'REJECTED' && outcome !== 'LEFT') return undefined
  if (decision !== undefined) return wordsForDecider(decision)
  return policies.length === 0 ? undefined : `policy: ${policies.map(({ id }) => id).join(', ')}`
}

function offers(count: number): string {
  return count === 1 ? '1 offer' : `${count} offers`
}

const mostNamed = 2

function sendersOf(all: readonly Pick<MailOffer, 'counterparty'>[]): string {
  const senders = [...new Set(all.map(({ counterparty }) => counterparty ?? 'an unknown account'))]
  const others = senders.length - mostNamed
  return `${senders.slice(0, mostNamed).join(', ')}${others > 0 ? ` and ${others} more` : ''}`
}
