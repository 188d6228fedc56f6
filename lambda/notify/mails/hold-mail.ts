import type { Facts } from '../../domain/facts.ts'
import { holdWords, type HoldTold } from '../hold-words.ts'
import { composeMail, type Mail } from '../mail.ts'
import { factBlocks, footerOf, requestBlocks, text, titleOf, type MailOffer } from './mail-parts.ts'

export interface HoldMail extends HoldTold {
  offer: MailOffer
  facts: Facts
}

/** Tells that the delegator role has accepted a request, and how this can be taken back, or has to be released. */
export function renderHoldMail(mail: HoldMail): Mail {
  const { offer, facts, held } = mail
  const { kind } = offer.ref
  const { subject, lines, consoleHref } = holdWords(mail)
  return composeMail(`${titleOf(offer)}: ${subject}`, [
    ...lines.map(text),
    ...(consoleHref === undefined
      ? []
      : [{ kind: 'link' as const, label: 'Open it in the AWS console', href: consoleHref }]),
    ...(held === undefined
      ? []
      : [{ kind: 'link' as const, label: 'Look at it, or take it back', href: held.link }, ...linkNotes(mail)]),
    ...factBlocks(kind, facts, 'aws'),
    ...requestBlocks(kind, facts),
    ...factBlocks(kind, facts, 'counterparty'),
    footerOf(offer),
  ])
}

/** The command line may have no right to, where the strategy is configured no more. */
function linkNotes({ about, offer, approver }: HoldMail): ReturnType<typeof text>[] {
  const yours = text(`This link is yours alone, ${approver.id}: do not forward it.`)
  return about === 'stranded' ? [yours] : [text(`Or in a terminal: gatehouse offers revoke ${offer.offerId}`), yours]
}
