import { randomBytes } from 'node:crypto'
import { linkKeptDays } from '../contract/timing.ts'
import type { Approver } from '../contract/settings.ts'
import type { OfferState, Round } from '../domain/state.ts'

/** A personal link as it is stored: everything but the token itself. */
export interface LinkRecord {
  offerId: string
  approver: string
  round: number
  expiresAtMs: number
  ttl: number
}

/** Each message has a token of its own, 256 bits; only its hash is kept. */
export function newLink(to: {
  state: Pick<OfferState, 'offerId'>
  round: Pick<Round, 'number' | 'judged'>
  approver: Approver
}): { token: string; link: LinkRecord } {
  const { state, round, approver } = to
  if (round.judged === undefined) throw new TypeError('expected a judged round, got one without a verdict')
  const expiresAtMs = Date.parse(round.judged.deadline.at)
  return mint({ offerId: state.offerId, approver: approver.id, round: round.number, expiresAtMs })
}

/** AWS keeps an accepted request for so long: an owner who has to release it may take his time. */
const heldDays = 7

/** A link by which an accept can be taken back. */
export function newHoldLink(to: {
  state: Pick<OfferState, 'offerId' | 'round'>
  approver: Approver
  heldUntil: string
}): { token: string; link: LinkRecord } {
  const { state, approver, heldUntil } = to
  const expiresAtMs = Date.parse(heldUntil) + heldDays * 86_400_000
  return mint({ offerId: state.offerId, approver: approver.id, round: state.round?.number ?? 0, expiresAtMs })
}

function mint(link: Omit<LinkRecord, 'ttl'>): { token: string; link: LinkRecord } {
  const ttl = Math.ceil(link.expiresAtMs / 1000) + linkKeptDays * 86_400
  return { token: randomBytes(32).toString('base64url'), link: { ...link, ttl } }
}

/** Where the page of a link is. */
export function addressOf(approvalUrl: string, token: string): string {
  return `${approvalUrl}/a/${token}`
}
