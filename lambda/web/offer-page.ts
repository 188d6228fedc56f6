import { markup, type Markup } from '../contract/markup.ts'
import type { Settings } from '../contract/settings.ts'
import type { Judged } from '../domain/event.ts'
import type { FactChange } from '../domain/fact-changes.ts'
import type { Facts } from '../domain/facts.ts'
import type { OfferState, Round } from '../domain/state.ts'
import {
  consoleReviewLink,
  explanationOf,
  labelOf,
  nameOf,
  wordsForCause,
  wordsForDecider,
  wordsForDefault,
  wordsForNote,
  wordsForOutcome,
} from '../domain/wording.ts'
import { renderChanges, renderFacts, renderRequest, renderTheirWords } from './facts-view.ts'
import type { Refusal, VoteForm } from './form.ts'
import { renderPage } from './layout.ts'
import { renderSignInPrompt, type SignInPrompt } from './sign-in/prompt.ts'
import type { Standing } from './standing.ts'
import { renderTime } from './time-view.ts'
import { renderErrorSummary, renderVoteForm } from './vote-form.ts'

export interface OfferView {
  state: OfferState
  /** None while the offer was not read yet. */
  facts: Facts | undefined
  standing: Standing
  approver: string
  deadlineDefault: Settings['deadlineDefault']
  now: Date
  /** Shown in place of the form to who has to sign in first. */
  signIn?: SignInPrompt | undefined
  /** What came of a post, when the page answers one. */
  posted?: Posted | undefined
}

export interface Posted {
  notice?: string
  typed?: VoteForm
  refusals?: readonly Refusal[]
  changes?: readonly FactChange[]
}

/** The page behind a personal link: what AWS says, why people are asked, where the case stands, and the form. */
export function renderOfferPage(view: OfferView): Markup {
  const { state, facts, standing, posted } = view
  const { kind, account, region } = state.ref
  const refusals = posted?.refusals ?? []
  const title = nameOf(kind)
  const body = markup`<h1>${title}</h1>
<p class="lead">${kind === 'iot-outgoing' ? 'From' : 'To'} our account <span class="id">${account}</span> in ${region}</p>
${renderErrorSummary(standing.is === 'asking' ? refusals : [])}
${renderNotice(posted?.notice)}
${renderStanding(view)}
${posted?.changes === undefined || posted.changes.length === 0 ? null : renderChanges(posted.changes)}
${facts === undefined ? null : renderFacts(kind, facts)}
${facts === undefined ? null : renderRequest(kind, facts)}
${standing.is === 'asking' ? renderReasons(state.round?.judged) : null}
${facts === undefined ? null : renderTheirWords(kind, facts)}
${standing.is === 'asking' ? renderDeciding(view, standing.round) : null}`
  const foot = markup`<p>Offer <span class="id">${state.offerId}</span></p>`
  return renderPage({ title: refusals.length > 0 ? `Error: ${title}` : title, body, foot })
}

function renderDeciding({ state, signIn, posted }: OfferView, round: Round): Markup {
  if (signIn !== undefined) return renderSignInPrompt(signIn)
  return renderVoteForm({ state, round, typed: posted?.typed, refusals: posted?.refusals ?? [] })
}

function renderNotice(notice: string | undefined): Markup | null {
  return notice === undefined ? null : markup`<div class="status" role="status"><p><strong>${notice}</strong></p></div>`
}

function renderStanding(view: OfferView): Markup {
  return markup`<div class="status">${standingLines(view)}</div>`
}

function standingLines(view: OfferView): Markup {
  const { state, standing, now } = view
  const { kind } = state.ref
  switch (standing.is) {
    case 'asking':
      return askingLines(view, standing)
    case 'closed':
      return markup`<p><strong>${wordsForOutcome(standing.outcome, kind)}</strong></p>
<p>${explanationOf(standing.outcome, kind)} ${renderTime(standing.at, now)}</p>${decidedBy(state)}`
    case 'decided':
      return markup`<p><strong>Decided: ${decisionLabel(view, standing.decision.choice)}</strong></p>
<p>By ${wordsForDecider(standing.decision)}. ${standing.handedOver ? handOver(state) : 'Gatehouse is carrying it out.'}</p>`
    case 'expired':
      return markup`<p><strong>This link no longer votes</strong></p>
<p>Its time to decide is over. This page shows the outcome once there is one.</p>`
    case 'in-progress':
      return markup`<p><strong>Nothing to decide at the moment</strong></p>
<p>Gatehouse is reading the offer again. If people are needed, they get a mail; this link then works again.</p>`
  }
}

function askingLines(view: OfferView, standing: Extract<Standing, { is: 'asking' }>): Markup {
  const { state, approver, now } = view
  const { kind } = state.ref
  const cause = wordsForCause(standing.round.cause)
  const vote = standing.round.votes.get(approver)
  return markup`<p><strong>Your decision is needed, ${approver}</strong></p>
<p>Answer by ${renderTime(standing.deadlineAt, now)}. If nobody decides by then, ${wordsForDefault(kind, view.deadlineDefault[kind])}.</p>
${cause === undefined ? null : markup`<p>${cause}</p>`}
${
  vote === undefined
    ? null
    : markup`<p>Your vote so far: <strong>${labelOf(kind, vote.choice)}</strong>, ${renderTime(vote.at, now)}. You can change it until the case is decided.</p>`
}`
}

function decidedBy({ round }: OfferState): Markup | null {
  const decision = round?.decision
  return decision === undefined ? null : markup`<p>Decided by ${wordsForDecider(decision)}.</p>`
}

function decisionLabel({ state }: OfferView, choice: 'accept' | 'reject' | 'leave'): string {
  return choice === 'leave' ? 'leave it as it is' : labelOf(state.ref.kind, choice).toLowerCase()
}

function handOver({ ref }: OfferState): Markup {
  const href = consoleReviewLink(ref)
  return markup`One step is left: accept it in the AWS console, under your own identity.${
    href === undefined ? null : markup` <a href="${href}" rel="noreferrer">Review in the AWS console</a>`
  }`
}

function renderReasons(judged: Judged | undefined): Markup | null {
  if (judged === undefined) return null
  const { policies, notes, errors } = judged
  const count = policies.length + notes.length + errors.length
  return markup`<section aria-labelledby="reasons">
<h2 id="reasons">Why people are asked</h2>
${
  count === 0
    ? markup`<p>No policy decides this offer, so people do.</p>`
    : markup`<ul class="plain">
${policies.map(({ id, reason }) => markup`<li>${reason} <span class="quiet">(policy <span class="id">${id}</span>)</span></li>`)}
${notes.map((note) => markup`<li>${wordsForNote(note)}</li>`)}
${errors.map((error) => markup`<li>A policy could not be evaluated: ${error}</li>`)}
</ul>`
}
</section>`
}
