import type { Approver } from '../../contract/settings.ts'
import type { Decision, Outcome, PolicyReason, Vote } from '../../domain/event.ts'
import { cleanText, defangLinks } from '../../domain/hostile-text.ts'
import { goesOut } from '../../domain/offer.ts'
import {
  explanationOf,
  wordsForDecider,
  wordsForEnding,
  wordsForOutcome,
  wordsForReason,
} from '../../domain/wording.ts'
import { composeMail, type Mail, type MailBlock, type MailRow } from '../mail.ts'
import { footerOf, reasonLine, titleOf, voteLine, type MailOffer } from './mail-parts.ts'

export interface OutcomeMail {
  offer: MailOffer
  outcome: Outcome
  decision?: Decision | undefined
  policies?: readonly PolicyReason[] | undefined
  votes?: readonly Vote[] | undefined
  approver: Approver
}

/** Tells somebody who was asked how it ended. */
export function renderOutcomeMail({ offer, outcome, decision, policies, votes, approver }: OutcomeMail): Mail {
  const { kind } = offer.ref
  const rows: MailRow[] = [
    { label: 'Outcome', value: wordsForOutcome(outcome, kind) },
    {
      label: goesOut(kind) ? 'Goes to account' : 'Offered by account',
      value: offer.counterparty ?? 'Unknown',
    },
    ...(decision === undefined ? [] : [{ label: 'Decided by', value: wordsForDecider(decision) }]),
    ...(policies === undefined || policies.length === 0
      ? []
      : [{ label: 'Policies', value: policies.map((policy) => reasonLine(policy)) }]),
    ...(votes === undefined || votes.length === 0
      ? []
      : [{ label: 'Votes', value: votes.map((vote) => voteLine(vote)) }]),
  ]
  return composeMail(`${titleOf(offer)}: ${wordsForOutcome(outcome, kind).toLowerCase()}`, [
    { kind: 'text', text: `${approver.id}, ${introOf(decision)} ${explanationOf(outcome, kind)}` },
    ...reasonBlocksOf(decision),
    ...endingBlocksOf(offer),
    { kind: 'rows', rows },
    { kind: 'text', text: 'There is nothing left for you to do.' },
    footerOf(offer),
  ])
}

/** How a transfer of ours ended at AWS, with the receiver's own words. */
function endingBlocksOf({ ending }: MailOffer): MailBlock[] {
  if (ending === undefined) return []
  const { reason } = ending
  const value = defangLinks(cleanText(reason ?? ''))
  const quoted: MailBlock[] =
    reason === null ? [] : [{ kind: 'quoted', rows: [{ label: 'The other account says', value }] }]
  return [{ kind: 'text', text: wordsForEnding(ending) }, ...quoted]
}

function introOf(decision: Decision | undefined): string {
  return decision?.reason === 'found-too-late'
    ? 'you would have been asked about this offer.'
    : 'you were asked about this offer.'
}

function reasonBlocksOf(decision: Decision | undefined): MailBlock[] {
  const words = decision === undefined ? undefined : wordsForReason(decision)
  return words === undefined ? [] : [{ kind: 'text', text: words }]
}
