import type { Cause, PolicyReason, Vote } from '../../domain/event.ts'
import { requestNote, requestTitleOf } from '../../domain/fact-fields.ts'
import { factSheetOf, type FactRow } from '../../domain/fact-sheet.ts'
import type { Facts } from '../../domain/facts.ts'
import { cleanText, defangLinks } from '../../domain/hostile-text.ts'
import { goesOut, type OfferKind } from '../../domain/offer.ts'
import type { OfferState } from '../../domain/state.ts'
import { nameOf, theirWordsOf, wordsForCause } from '../../domain/wording.ts'
import type { MailBlock, MailRow } from '../mail.ts'

/** What a mail says of the offer itself; the fold has it. */
export type MailOffer = Pick<OfferState, 'offerId' | 'ref' | 'counterparty' | 'ending'>

/** `Resource share invitation from 444455556666`. */
export function titleOf({ ref, counterparty }: Pick<MailOffer, 'ref' | 'counterparty'>): string {
  return `${nameOf(ref.kind)} ${goesOut(ref.kind) ? 'to' : 'from'} ${counterparty ?? 'an unknown account'}`
}

export function text(words: string): MailBlock {
  return { kind: 'text', text: words }
}

export function causeBlocks(cause: Cause): MailBlock[] {
  const words = wordsForCause(cause)
  return words === undefined ? [] : [{ kind: 'text', text: words }]
}

export function factBlocks(kind: OfferKind, facts: Facts, from: FactRow['from']): MailBlock[] {
  const rows = mailRows(factSheetOf(kind, facts).filter((row) => row.from === from && row.isRequest !== true))
  if (rows.length === 0) return []
  if (from === 'aws') return [{ kind: 'rows', rows }]
  return [
    { kind: 'heading', text: theirWordsOf(kind) },
    { kind: 'text', text: 'Nobody has checked the following. Do not decide by it.' },
    { kind: 'quoted', rows },
  ]
}

/** What the other side offers or asks for, in values that it chose. */
export function requestBlocks(kind: OfferKind, facts: Facts): MailBlock[] {
  const rows = mailRows(factSheetOf(kind, facts).filter((row) => row.isRequest === true))
  if (rows.length === 0) return []
  return [
    { kind: 'heading', text: requestTitleOf(kind) },
    { kind: 'text', text: requestNote },
    { kind: 'quoted', rows },
  ]
}

function mailRows(rows: readonly FactRow[]): MailRow[] {
  return rows.map(({ label, value }) => ({
    label,
    value: Array.isArray(value) ? value.map(defangLinks) : defangLinks(value),
  }))
}

export function reasonLine({ id, reason }: PolicyReason): string {
  return `${reason} (${id})`
}

export function voteLine({ approver, choice, comment }: Vote): string {
  return comment === '' ? `${approver}: ${choice}` : `${approver}: ${choice} (${defangLinks(cleanText(comment))})`
}

export function footerOf({ offerId, ref }: MailOffer): MailBlock {
  return { kind: 'text', text: `Sent by Gatehouse for account ${ref.account}, ${ref.region}. Offer ${offerId}.` }
}
