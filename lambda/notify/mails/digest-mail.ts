import type { Approver } from '../../contract/settings.ts'
import { formatInZone, formatUtc } from '../../domain/plain-time.ts'
import { composeMail, type Mail } from '../mail.ts'
import { text, titleOf, type MailOffer } from './mail-parts.ts'

/** One offer of a digest; each is decided by itself. */
export interface DigestEntry extends Pick<MailOffer, 'ref' | 'counterparty'> {
  deadlineAt: string
  /** The personal link of this approver for this offer. */
  link: string
}

export interface DigestMail {
  group: string
  approver: Approver
  /** Oldest deadline first, at least one. */
  entries: readonly DigestEntry[]
  /** So many more come with the next digest. */
  left: number
}

/** Asks one approver about many offers of the same senders. */
export function renderDigestMail({ group, approver, entries, left }: DigestMail): Mail {
  const first = entries[0]?.deadlineAt ?? ''
  const senders = [...new Set(entries.map(({ counterparty }) => counterparty ?? 'an unknown account'))]
  return composeMail(`${offers(entries.length)} of ${someOf(senders)}: answer the first by ${formatUtc(first)}`, [
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
    ...(left === 0 ? [] : [text(`${offers(left)} more come with the next mail, within the hour.`)]),
    text(`Sent by Gatehouse for account ${[...new Set(entries.map(({ ref }) => ref.account))].join(', ')}.`),
  ])
}

function offers(count: number): string {
  return count === 1 ? '1 offer' : `${count} offers`
}

const mostNamed = 2

function someOf(senders: readonly string[]): string {
  const others = senders.length - mostNamed
  return `${senders.slice(0, mostNamed).join(', ')}${others > 0 ? ` and ${others} more` : ''}`
}
