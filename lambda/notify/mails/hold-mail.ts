import type { Approver } from '../../contract/settings.ts'
import type { Facts } from '../../domain/facts.ts'
import { formatInZone, formatUtc } from '../../domain/plain-time.ts'
import { consoleReviewLink } from '../../domain/wording.ts'
import { composeMail, type Mail } from '../mail.ts'
import { factBlocks, footerOf, requestBlocks, text, titleOf, type MailOffer } from './mail-parts.ts'

export interface HoldMail {
  /** `release`: the hold is over, and only the owner of the request can release the access. */
  about: 'hold' | 'release'
  offer: MailOffer
  facts: Facts
  approver: Approver
  heldUntil: string
  /** Where this approver can take the accept back. */
  link: string
}

/** Tells that the delegator role has accepted a request, and that this can still be taken back. */
export function renderHoldMail(mail: HoldMail): Mail {
  const { offer, facts, approver, link } = mail
  const { kind } = offer.ref
  return composeMail(subjectOf(mail), [
    ...(mail.about === 'hold' ? holdBlocks(mail) : releaseBlocks(mail)),
    { kind: 'link', label: 'Look at it, or take it back', href: link },
    text(`Or in a terminal: gatehouse offers revoke ${offer.offerId}`),
    text(`This link is yours alone, ${approver.id}: do not forward it.`),
    ...factBlocks(kind, facts, 'aws'),
    ...requestBlocks(kind, facts),
    ...factBlocks(kind, facts, 'counterparty'),
    footerOf(offer),
  ])
}

function subjectOf({ about, offer, heldUntil }: HoldMail): string {
  return about === 'hold'
    ? `${titleOf(offer)}: accepted, can be taken back until ${formatUtc(heldUntil)}`
    : `${titleOf(offer)}: its owner has to release the access`
}

function holdBlocks({ approver, heldUntil }: HoldMail): ReturnType<typeof text>[] {
  return [
    text(
      `${approver.id}, the delegator role of your account has accepted this request. The partner has no access yet.`,
    ),
    text(
      `It gets its access at ${formatInZone(heldUntil, approver.timeZone)}. Until then the accept can be taken back, ` +
        'by any one of those who get this mail. After that only the AWS console can end the access.',
    ),
  ]
}

function releaseBlocks({ offer, approver }: HoldMail): ReturnType<typeof text>[] {
  const href = consoleReviewLink(offer.ref)
  return [
    text(
      `${approver.id}, this request is accepted, and the time to take that back unasked is over. ` +
        'Whoever owns it at AWS said that only the owner may release the access, so Gatehouse cannot.',
    ),
    text('If you are its owner, release it in the AWS console under your own identity. Or take the accept back below.'),
    ...(href === undefined ? [] : [{ kind: 'link' as const, label: 'Open it in the AWS console', href }]),
  ]
}
