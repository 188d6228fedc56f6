import {
  mrkdwn,
  plainText,
  slackLimits,
  slackTime,
  type SlackBlock,
  type SlackButton,
} from '../contract/slack-blocks.ts'
import { buttonValueOf, slackIds } from '../contract/slack-vote.ts'
import type { Bench } from '../domain/electorate.ts'
import type { About, Choice, Judged, Outcome, Vote } from '../domain/event.ts'
import { requestNote, requestTitleOf } from '../domain/fact-fields.ts'
import { factSheetOf } from '../domain/fact-sheet.ts'
import type { Facts } from '../domain/facts.ts'
import { cleanText } from '../domain/hostile-text.ts'
import { goesOut, type OfferKind } from '../domain/offer.ts'
import { formatUtc } from '../domain/plain-time.ts'
import type { OfferState, Round } from '../domain/state.ts'
import * as wording from '../domain/wording.ts'
import type { HoldMessage } from './channel.ts'
import { holdWords } from './hold-words.ts'
import * as parts from './slack-parts.ts'
import type { SlackMessageBody } from './slack-parts.ts'

export interface AskView {
  state: OfferState
  round: Round
  judged: Judged
  facts: Facts
  byDefault: 'reject' | 'leave'
  /** Whose accept is needed. */
  groups: readonly Bench[]
}

export interface PersonalAsk extends AskView {
  about: About
  /** The personal link of this message. */
  link: string
  /** Whether one may vote in Slack itself. */
  buttons: boolean
}

/** Asks one person. Leads with what AWS says; the other side's words come last, quoted, and are said to be theirs. */
export function renderSlackAsk(view: PersonalAsk): SlackMessageBody {
  const { about, state, round, judged, link, buttons } = view
  return parts.fitted(fallbackOf(view, occasionOf(about)), (most) => [
    ...headBlocks(view, occasionOf(about)),
    ...factBlocks(view, most),
    ...reasonBlocks(judged),
    ...deadlineBlocks(view),
    parts.paragraph(parts.textLink(link, 'Read and decide')),
    ...(buttons ? [buttonBlock({ state, round, judged })] : []),
    note('The link is yours alone: whoever has it votes in your name. Please do not forward it.'),
    ...theirBlocks(state.ref.kind, view.facts, most),
    footerOf(state),
  ])
}

/** Tells a channel. No link and no button: those are one person's. No words of the other side: many read it. */
export function renderSlackPost(view: AskView): SlackMessageBody {
  return parts.fitted(fallbackOf(view, ''), (most) => [
    ...headBlocks(view, ''),
    ...factBlocks(view, most),
    ...reasonBlocks(view.judged),
    ...deadlineBlocks(view),
    note('Those who decide have been sent a link of their own.'),
    footerOf(view.state),
  ])
}

/** One step is left that only a person can take, in the AWS console. */
export function renderSlackHandOver({ state, facts }: { state: OfferState; facts: Facts }): SlackMessageBody {
  const { kind } = state.ref
  const href = wording.consoleReviewLink(state.ref)
  const title = `Accept it in the AWS console: ${titleOf(state)}`
  return parts.fitted(title, (most) => [
    parts.header(title),
    parts.plainParagraph(
      'This request was approved. Sign in to the AWS console under your own identity, compare the facts below with ' +
        'what the console shows, and accept there. The requester will act with permissions of the identity that accepts.',
    ),
    ...(href === undefined ? [] : [parts.paragraph(parts.textLink(href, 'Review in the AWS console'))]),
    note(`Sign in to account ${state.ref.account} first.`),
    ...(facts.expiresAt === null
      ? []
      : [parts.paragraph(mrkdwn(`${parts.bold('Do it by')} ${slackTime(facts.expiresAt)}`))]),
    ...factBlocks({ state, facts }, most),
    ...theirBlocks(kind, facts, most),
    footerOf(state),
  ])
}

/** An accept of the delegator role. One who is told can take it back, by the link or by the button. */
export function renderSlackHold(told: HoldMessage & { buttons: boolean }): SlackMessageBody {
  const { state, facts, held, buttons } = told
  const { subject, lines, consoleHref } = holdWords(told)
  const title = `${titleOf(state)}: ${subject}`
  return parts.fitted(title, (most) => [
    parts.header(title),
    ...lines.map((line) => parts.plainParagraph(line)),
    ...(consoleHref === undefined ? [] : [parts.paragraph(parts.textLink(consoleHref, 'Open it in the AWS console'))]),
    ...(held === undefined
      ? []
      : [
          parts.paragraph(parts.textLink(held.link, 'Look at it, or take it back')),
          ...(buttons && state.round !== undefined ? [takeBackBlock(state, state.round)] : []),
          note(
            'The link is yours alone: whoever has it can take the accept back in your name. Please do not forward it.',
          ),
        ]),
    ...factBlocks({ state, facts }, most),
    ...theirBlocks(state.ref.kind, facts, most),
    footerOf(state),
  ])
}

/** What a message is edited to. Comments, and the other side's words, stay with page and mail: a channel is read by many. */
export function renderSlackOutcome({ state, outcome }: { state: OfferState; outcome: Outcome }): SlackMessageBody {
  const { ref, round, ending } = state
  const title = `${titleOf(state)}: ${wording.wordsForOutcome(outcome, ref.kind).toLowerCase()}`
  const votes = [...(round?.votes.values() ?? [])]
  const rows = [
    ...(round?.decision === undefined ? [] : [row('Decided by', wording.wordsForDecider(round.decision))]),
    ...(votes.length === 0 ? [] : [row('Votes', votes.map(voteLine))]),
    ...(round?.judged === undefined || round.judged.policies.length === 0
      ? []
      : [row('Policies', round.judged.policies.map(policyLine))]),
  ]
  return parts.fitted(title, (most) => [
    parts.header(title),
    parts.plainParagraph(wording.explanationOf(outcome, ref.kind)),
    ...(ending === undefined ? [] : [parts.plainParagraph(wording.wordsForEnding(ending))]),
    ...parts.rowBlocks(rows, { most }),
    footerOf(state),
  ])
}

function occasionOf(about: About): string {
  if (about.startsWith('reminder-')) return 'Reminder: '
  return about === 'escalation' ? 'Escalated: ' : ''
}

function titleOf({ ref, counterparty }: OfferState): string {
  const side = goesOut(ref.kind) ? 'to' : 'from'
  return `${wording.nameOf(ref.kind)} ${side} ${counterparty ?? 'an unknown account'}`
}

function fallbackOf({ state, judged }: AskView, occasion: string): string {
  return `${occasion}${titleOf(state)}: answer by ${formatUtc(judged.deadline.at)}`
}

function headBlocks({ state, round }: AskView, occasion: string): SlackBlock[] {
  const again = wording.wordsForCause(round.cause)
  return [parts.header(`${occasion}${titleOf(state)}`), ...(again === undefined ? [] : [parts.plainParagraph(again)])]
}

function factBlocks({ state, facts }: Pick<AskView, 'state' | 'facts'>, most: number): SlackBlock[] {
  const { kind } = state.ref
  const rows = factSheetOf(kind, facts)
  const requests = rows.filter(({ isRequest }) => isRequest === true)
  return [
    ...parts.rowBlocks(
      rows.filter(({ from }) => from === 'aws'),
      { most },
    ),
    ...(requests.length === 0
      ? []
      : [heading(requestTitleOf(kind)), note(requestNote), ...parts.rowBlocks(requests, { most, quoted: true })]),
  ]
}

function theirBlocks(kind: OfferKind, facts: Facts, most: number): SlackBlock[] {
  const rows = factSheetOf(kind, facts).filter(({ from, isRequest }) => from === 'counterparty' && isRequest !== true)
  if (rows.length === 0) return []
  return [
    heading(wording.theirWordsOf(kind)),
    note('Nobody has checked the following. Do not decide by it.'),
    ...parts.rowBlocks(rows, { most: Math.min(most, longestQuote), quoted: true }),
  ]
}

/** Enough for what AWS lets them write, short enough not to push the facts away. */
const longestQuote = 600
const mostReasons = 10

function reasonBlocks({ policies, notes, errors, approval }: Judged): SlackBlock[] {
  const items = [
    ...policies.map(policyLine),
    ...notes.map((one) => wording.wordsForNote(one)),
    ...(errors.length > 0 ? [`Policies that could not be evaluated: ${errors.length}`] : []),
    ...(approval?.allowed === false
      ? ['Policy does not let people accept this offer:', ...approval.policies.map(policyLine)]
      : []),
  ].map((item) => cleanText(item))
  const shown = items.length > 0 ? items.slice(0, mostReasons) : ['No policy decides this offer, so people do.']
  return [heading('Why people are asked'), parts.plainParagraph(shown.map((item) => `• ${item}`).join('\n'))]
}

function deadlineBlocks({ state, judged, byDefault, groups }: AskView): SlackBlock[] {
  const { kind } = state.ref
  return [
    parts.paragraph(
      mrkdwn(
        `${parts.bold('Answer by')} ${slackTime(judged.deadline.at)}. ` +
          `If nobody decides by then, ${wording.wordsForDefault(kind, byDefault)}.`,
      ),
    ),
    ...(groups.length === 0 ? [] : [note(groups.map(quorumLine).join(' '))]),
  ]
}

function quorumLine({ group, quorum, approvers }: Bench): string {
  return `${group}: ${quorum} of ${approvers.length} ${quorum === 1 ? 'has' : 'have'} to accept; one reject decides.`
}

/** No accept where policy would refuse it. */
function buttonBlock({ state, round, judged }: Pick<AskView, 'state' | 'round' | 'judged'>): SlackBlock {
  const choices: Choice[] = judged.approval?.allowed === false ? ['reject'] : ['accept', 'reject']
  const button = (choice: Choice): SlackButton =>
    buttonOf({ state, round, choice }, wording.labelOf(state.ref.kind, choice))
  return { type: 'actions', block_id: slackIds.decide, elements: choices.map(button) }
}

/** A reject takes back what is accepted. */
function takeBackBlock(state: OfferState, round: Round): SlackBlock {
  const elements = [buttonOf({ state, round, choice: 'reject' }, 'Take it back')]
  return { type: 'actions', block_id: slackIds.decide, elements }
}

function buttonOf(
  { state: { offerId }, round, choice }: { state: OfferState; round: Round; choice: Choice },
  label: string,
): SlackButton {
  return {
    type: 'button',
    action_id: slackIds[choice],
    text: plainText(`${label}…`, slackLimits.button),
    value: buttonValueOf({ offerId, round: String(round.number), factsHash: round.factsHash }),
  }
}

function heading(text: string): SlackBlock {
  return parts.paragraph(mrkdwn(parts.bold(text)))
}

function note(text: string): SlackBlock {
  return { type: 'context', elements: [plainText(text)] }
}

function footerOf({ offerId, ref }: OfferState): SlackBlock {
  return note(`Sent by Gatehouse for account ${ref.account}, ${ref.region}. Offer ${offerId}.`)
}

function row(label: string, value: string | string[]): { label: string; value: string | string[]; from: 'aws' } {
  return { label, value, from: 'aws' }
}

function policyLine({ id, reason }: { id: string; reason: string }): string {
  return `${reason} (${id})`
}

function voteLine({ approver, choice }: Vote): string {
  return `${approver}: ${choice}`
}
