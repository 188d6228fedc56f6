import type { Approver } from '../contract/settings.ts'
import type { Cause, Deadline, Decision, Judged, Outcome, PolicyReason, Vote } from '../domain/event.ts'
import { requestNote, requestTitleOf } from '../domain/fact-fields.ts'
import { factSheetOf, type FactRow } from '../domain/fact-sheet.ts'
import type { Facts } from '../domain/facts.ts'
import { cleanText, defangLinks } from '../domain/hostile-text.ts'
import type { OfferKind } from '../domain/offer.ts'
import type { OfferState } from '../domain/state.ts'
import { formatUtc } from '../domain/plain-time.ts'
import {
  consoleReviewLink,
  explanationOf,
  nameOf,
  theirWordsOf,
  wordsForDecider,
  wordsForCause,
  wordsForDefault,
  wordsForNote,
  wordsForOutcome,
  wordsForReason,
} from '../domain/wording.ts'
import { composeMail, type Mail, type MailBlock, type MailRow } from './mail.ts'

/** What a mail says of the offer itself; the fold has it. */
export type MailOffer = Pick<OfferState, 'offerId' | 'ref' | 'counterparty'>

export interface ApprovalMail {
  offer: MailOffer
  facts: Facts
  judged: Pick<Judged, 'policies' | 'errors' | 'notes'>
  /** Why the round began; people hear why they are asked again. */
  cause: Cause
  deadline: Deadline
  /** What stands when nobody decides in time. */
  byDefault: 'reject' | 'leave'
  /** The personal link of this approver. */
  link: string
  approver: Approver
}

/** Asks one approver. Leads with what AWS says; the other side's words come last and are marked as theirs. */
export function renderApprovalMail(input: ApprovalMail): Mail {
  const { offer, deadline, byDefault, link, approver } = input
  const { kind } = offer.ref
  const by = formatUtc(deadline.at)
  return composeMail(`${nameOf(kind)} ${partyOf(offer)}: answer by ${by}`, [
    { kind: 'text', text: `${approver.id}, Gatehouse asks you to decide.` },
    ...causeBlocks(input.cause),
    ...factBlocks(kind, input.facts, 'aws'),
    ...requestBlocks(kind, input.facts),
    ...reasonBlocks(input.judged),
    { kind: 'heading', text: 'Decide' },
    { kind: 'text', text: `Answer by ${by}. If nobody decides by then, ${wordsForDefault(kind, byDefault)}.` },
    { kind: 'link', label: 'Read and decide', href: link },
    {
      kind: 'text',
      text: 'The link is yours alone: whoever has it votes in your name. Please do not forward this mail.',
    },
    ...factBlocks(kind, input.facts, 'counterparty'),
    footerOf(offer),
  ])
}

export interface HandOverMail {
  offer: MailOffer
  facts: Facts
  approver: Approver
}

/** Asks the approver of a delegation to accept it in the AWS console, under their own identity. */
export function renderHandOverMail({ offer, facts, approver }: HandOverMail): Mail {
  const { kind } = offer.ref
  const href = consoleReviewLink(offer.ref)
  const until = facts.expiresAt === null ? '' : `: do it by ${formatUtc(facts.expiresAt)}`
  return composeMail(`${nameOf(kind)} ${partyOf(offer)}: accept it in the AWS console${until}`, [
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
      label: kind === 'iot-outgoing' ? 'Goes to account' : 'Offered by account',
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
  return composeMail(`${nameOf(kind)} ${partyOf(offer)}: ${wordsForOutcome(outcome, kind).toLowerCase()}`, [
    { kind: 'text', text: `${approver.id}, ${introOf(decision)} ${explanationOf(outcome, kind)}` },
    ...reasonBlocksOf(decision),
    { kind: 'rows', rows },
    { kind: 'text', text: 'There is nothing left for you to do.' },
    footerOf(offer),
  ])
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

export interface TroubleMail {
  offer: MailOffer
  failures: number
  /** Name of the error. */
  error: string
  approver: Approver
}

/** Tells a person that an offer keeps failing. The case stays open. */
export function renderTroubleMail({ offer, failures, error, approver }: TroubleMail): Mail {
  const { kind } = offer.ref
  return composeMail(`Gatehouse needs help: ${nameOf(kind).toLowerCase()} ${partyOf(offer)}`, [
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

function partyOf({ ref, counterparty }: MailOffer): string {
  return `${ref.kind === 'iot-outgoing' ? 'to' : 'from'} ${counterparty ?? 'an unknown account'}`
}

function causeBlocks(cause: Cause): MailBlock[] {
  const words = wordsForCause(cause)
  return words === undefined ? [] : [{ kind: 'text', text: words }]
}

function factBlocks(kind: OfferKind, facts: Facts, from: FactRow['from']): MailBlock[] {
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
function requestBlocks(kind: OfferKind, facts: Facts): MailBlock[] {
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

function reasonBlocks({ policies, notes, errors }: ApprovalMail['judged']): MailBlock[] {
  const items = [
    ...policies.map((policy) => reasonLine(policy)),
    ...notes.map((note) => wordsForNote(note)),
    ...(errors.length > 0 ? [`Policies that could not be evaluated: ${errors.length}`] : []),
  ]
  const shown = items.length > 0 ? items : ['No policy decides this offer, so people do.']
  return [
    { kind: 'heading', text: 'Why you are asked' },
    { kind: 'list', items: shown },
  ]
}

function reasonLine({ id, reason }: PolicyReason): string {
  return `${reason} (${id})`
}

function voteLine({ approver, choice, comment }: Vote): string {
  return comment === '' ? `${approver}: ${choice}` : `${approver}: ${choice} (${defangLinks(cleanText(comment))})`
}

function footerOf({ offerId, ref }: MailOffer): MailBlock {
  return { kind: 'text', text: `Sent by Gatehouse for account ${ref.account}, ${ref.region}. Offer ${offerId}.` }
}
