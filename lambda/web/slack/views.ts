import {
  mrkdwn,
  plainText,
  slackLimits,
  slackTime,
  type PlainText,
  type SlackBlock,
} from '../../contract/slack-blocks.ts'
import { slackIds, type Ballot } from '../../contract/slack-vote.ts'
import type { Choice, Outcome } from '../../domain/event.ts'
import { goesOut, type OfferKind } from '../../domain/offer.ts'
import type { OfferState, Round } from '../../domain/state.ts'
import { formatUtc } from '../../domain/plain-time.ts'
import * as wording from '../../domain/wording.ts'

/** https://docs.slack.dev/reference/views/modal-views */
export interface SlackView {
  type: 'modal'
  callback_id?: string
  private_metadata?: string
  title: PlainText
  submit?: PlainText
  close: PlainText
  blocks: (SlackBlock | SlackInput)[]
}

interface SlackInput {
  type: 'input'
  block_id: string
  label: PlainText
  hint?: PlainText
  optional: boolean
  element: Record<string, unknown>
}

/** Slack's body carries it several times encoded, and `vote` takes 32 kB of it. */
const longestComment = 1000

export interface VoteView {
  choice: Choice
  ballot: Ballot
  state: OfferState
  round: Round
  deadlineAt: string
}

/** The form. Nothing is filled in: sent as it is, it votes nothing. */
export function renderVoteView({ choice, ballot, state, round, deadlineAt }: VoteView): SlackView {
  const { kind } = state.ref
  const { counterparty } = round
  const side = goesOut(kind) ? 'to' : 'from'
  return {
    type: 'modal',
    callback_id: `${slackIds.vote}${choice}`,
    private_metadata: JSON.stringify(ballot),
    title: title('Your decision'),
    submit: title(wording.labelOf(kind, choice)),
    close: title('Not now'),
    blocks: [
      section(`${wording.nameOf(kind)} ${side} ${counterparty ?? 'an unknown account'}`),
      section(choice === 'accept' ? wording.meaningOfAccept(kind, round.judged) : wording.meaningOfReject(kind)),
      { type: 'section', text: mrkdwn(`Answer by ${slackTime(deadlineAt)}`) },
      commentInput(choice),
      digitsInput(counterparty !== null),
      ...(choice === 'accept' && round.judged?.mayActivate === true ? [activeInput] : []),
      { type: 'context', elements: [plainText(`Offer ${state.offerId}`)] },
    ],
  }
}

/** The form of an accept that is held: the same fields, and one choice. */
export function renderTakeBackView({ ballot, state, round }: Pick<VoteView, 'ballot' | 'state' | 'round'>): SlackView {
  const { heldUntil, stranded } = state.delegation ?? {}
  const until =
    heldUntil === undefined || stranded === true
      ? 'It is accepted, and no role of ours may release the access. The requester has none.'
      : `It is accepted, and the requester has no access before ${formatUtc(heldUntil)}.`
  return {
    type: 'modal',
    callback_id: `${slackIds.vote}reject`,
    private_metadata: JSON.stringify(ballot),
    title: title('Take it back'),
    submit: title('Take it back'),
    close: title('Not now'),
    blocks: [
      section(`${wording.nameOf(state.ref.kind)} from ${round.counterparty ?? 'an unknown account'}`),
      section(`${until} Taken back, it is rejected at AWS.`),
      commentInput('reject'),
      digitsInput(round.counterparty !== null),
      { type: 'context', elements: [plainText(`Offer ${state.offerId}`)] },
    ],
  }
}

function commentInput(choice: Choice): SlackInput {
  return {
    type: 'input',
    block_id: slackIds.comment,
    label: plainText('Comment'),
    hint: plainText('Needed to reject. It goes on record; the other side does not get to see it.'),
    optional: choice === 'accept',
    element: {
      type: 'plain_text_input',
      action_id: slackIds.comment,
      multiline: true,
      max_length: longestComment,
    },
  }
}

function digitsInput(isKnown: boolean): SlackInput {
  return {
    type: 'input',
    block_id: slackIds.digits,
    label: plainText(isKnown ? 'Last four digits of the other account' : 'Last four characters of the offer id'),
    hint: plainText(isKnown ? 'Copy them from the account number above.' : 'Copy them from the end of this form.'),
    optional: false,
    element: { type: 'plain_text_input', action_id: slackIds.digits, min_length: 4, max_length: 4 },
  }
}

const activeInput: SlackInput = {
  type: 'input',
  block_id: slackIds.active,
  label: plainText('Certificate'),
  optional: true,
  element: {
    type: 'checkboxes',
    action_id: slackIds.active,
    options: [{ text: plainText('Make it active at once', slackLimits.button), value: 'yes' }],
  },
}

/** Says what happened, and nothing else. */
export function renderNoticeView(heading: string, lines: readonly string[]): SlackView {
  return {
    type: 'modal',
    title: title('Gatehouse'),
    close: title('Close'),
    blocks: [{ type: 'header', text: plainText(heading, slackLimits.header) }, ...lines.map(section)],
  }
}

export function renderVotedView(vote: { kind: OfferKind; choice: Choice; standing: boolean }): SlackView {
  const { kind, choice, standing } = vote
  const label = wording.labelOf(kind, choice)
  return renderNoticeView(standing ? 'Your vote stands' : 'Your vote is recorded', [
    `You decided: ${label}.${standing ? ' This vote was recorded before; it counts once.' : ''}`,
    wording.whatFollows(kind, choice),
  ])
}

export const notYoursView = renderNoticeView('This is not yours to decide', [
  'Your Slack account is not one of the approvers of Gatehouse. Nothing was recorded.',
])

export const changedView = renderNoticeView('The offer changed', [
  'It is not as it was in this message any more. Nothing was recorded. You are sent a new message when you are asked again.',
])

export const tooLateView = renderNoticeView('Too late', [
  'Nobody is asked about this offer any more. Nothing was recorded.',
])

export function renderClosedView(outcome: Outcome, kind: OfferKind): SlackView {
  return renderNoticeView(wording.wordsForOutcome(outcome, kind), [wording.explanationOf(outcome, kind)])
}

function section(text: string): SlackBlock {
  return { type: 'section', text: plainText(text) }
}

function title(text: string): PlainText {
  return plainText(text, slackLimits.title)
}
