import type { Approver } from '../../contract/settings.ts'
import { cleanText, defangLinks } from '../../domain/hostile-text.ts'
import { composeMail, type Mail } from '../mail.ts'
import { footerOf, titleOf, type MailOffer } from './mail-parts.ts'

export interface TroubleMail {
  offer: MailOffer
  failures: number
  /** Name of the error. */
  error: string
  approver: Approver
}

/** Tells a person that an offer keeps failing. The case stays open. */
export function renderTroubleMail({ offer, failures, error, approver }: TroubleMail): Mail {
  return composeMail(`Gatehouse needs help: ${lowerFirst(titleOf(offer))}`, [
    {
      kind: 'text',
      text: `${approver.id}, ${failures} runs in a row failed for this offer. The case stays open and is tried again.`,
    },
    { kind: 'rows', rows: [{ label: 'Last error', value: defangLinks(cleanText(error, 256)) }] },
    {
      kind: 'text',
      text: 'If it goes on, answer the offer by hand in the AWS console: Gatehouse notices and closes the case.',
    },
    footerOf(offer),
  ])
}

function lowerFirst(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1)
}
