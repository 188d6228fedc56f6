import type { Approver } from '../../contract/settings.ts'
import type { Facts } from '../../domain/facts.ts'
import { formatInZone, formatUtc } from '../../domain/plain-time.ts'
import { consoleReviewLink } from '../../domain/wording.ts'
import { composeMail, type Mail } from '../mail.ts'
import { factBlocks, footerOf, requestBlocks, titleOf, type MailOffer } from './mail-parts.ts'

export interface HandOverMail {
  offer: MailOffer
  facts: Facts
  approver: Approver
  isReminder?: boolean
}

/** Asks the approver of a delegation to accept it in the AWS console, under their own identity. */
export function renderHandOverMail({ offer, facts, approver, isReminder = false }: HandOverMail): Mail {
  const { kind } = offer.ref
  const href = consoleReviewLink(offer.ref)
  const until = facts.expiresAt === null ? '' : `: do it by ${formatUtc(facts.expiresAt)}`
  return composeMail(`${isReminder ? 'Reminder: ' : ''}${titleOf(offer)}: accept it in the AWS console${until}`, [
    {
      kind: 'text',
      text: `${approver.id}, this request was approved. One step is left, and only a person can take it.`,
    },
    {
      kind: 'text',
      text:
        'Sign in to the AWS console under your own identity, compare the facts below with what the console shows, ' +
        'and accept there. The requester will act with the permissions of the identity that accepts.',
    },
    ...(facts.expiresAt === null
      ? []
      : [{ kind: 'text' as const, text: `Do it by ${formatInZone(facts.expiresAt, approver.timeZone)}.` }]),
    ...(href === undefined ? [] : [{ kind: 'link' as const, label: 'Review in the AWS console', href }]),
    {
      kind: 'text',
      text: `Sign in to account ${offer.ref.account} first. Gatehouse built this address from the id of the request.`,
    },
    ...factBlocks(kind, facts, 'aws'),
    ...requestBlocks(kind, facts),
    ...factBlocks(kind, facts, 'counterparty'),
    footerOf(offer),
  ])
}
