import { markup, type Markup } from '../contract/markup.ts'
import type { Judged } from '../domain/event.ts'
import type { Round } from '../domain/state.ts'
import { goesOut } from '../domain/offer.ts'
import { nameOf, wordsForCheck, wordsForNote } from '../domain/wording.ts'
import { renderDeciders } from './deciders-view.ts'
import { renderChanges, renderFacts } from './facts-view.ts'
import { renderPage } from './layout.ts'
import { renderPolicyError } from './quoted.ts'
import type { OfferView } from './offer-view.ts'
import { renderReceived } from './received-view.ts'
import { renderSignInPrompt } from './sign-in/prompt.ts'
import { renderStanding } from './standing-view.ts'
import { renderErrorSummary, renderRevokeForm, renderVoteForm } from './vote-form.ts'

/** The page behind a personal link: where the case stands, what AWS says, why and whom Gatehouse asks, and the form. */
export function renderOfferPage(view: OfferView): Markup {
  const { state, facts, standing, posted } = view
  const { kind, account, region } = state.ref
  const refusals = posted?.refusals ?? []
  const title = nameOf(kind)
  const sections = facts === undefined ? undefined : renderFacts(kind, facts)
  const asking = standing.is === 'asking' ? standing : undefined
  const body = markup`<h1>${title}</h1>
<p class="lead">${goesOut(kind) ? 'From' : 'To'} our account <span class="id">${account}</span> in ${region}</p>
${asking === undefined ? null : renderErrorSummary(refusals, asking.round)}
${renderNotice(posted?.notice)}
${renderStanding(view)}
${renderReceived(state)}
${renderWhatChanged(view)}
${sections?.aws}
${sections?.request}
${sections?.theirWords}
${renderCheck(state.round)}
${asking === undefined ? null : renderReasons(state.round?.judged)}
${renderPeople(view)}
${asking === undefined ? null : renderDeciding(view, asking.round)}
${renderRevoking(view)}`
  const foot = markup`<p>Offer <span class="id">${state.offerId}</span></p>`
  return renderPage({ title: asking !== undefined && refusals.length > 0 ? `Error: ${title}` : title, body, foot })
}

function renderDeciding({ state, signIn, posted }: OfferView, round: Round): Markup {
  if (signIn !== undefined) return renderSignInPrompt(signIn)
  return renderVoteForm({ state, round, typed: posted?.typed, refusals: posted?.refusals ?? [] })
}

function renderRevoking({ state, standing, signIn, posted }: OfferView): Markup | null {
  if (standing.is !== 'held' || !standing.revocable || state.round === undefined) return null
  if (signIn !== undefined) return renderSignInPrompt(signIn)
  return renderRevokeForm({
    state,
    round: state.round,
    typed: posted?.typed,
    refusals: posted?.refusals ?? [],
  })
}

function renderNotice(notice: string | undefined): Markup | null {
  return notice === undefined ? null : markup`<div class="status" role="status"><p><strong>${notice}</strong></p></div>`
}

function renderWhatChanged({ changes, posted }: OfferView): Markup | null {
  if (changes.length === 0) return null
  return renderChanges(
    posted?.notice === undefined ? 'What changed since you were last asked' : 'What changed',
    changes,
  )
}

/** What our role would give, as far as anybody can say. */
function renderCheck(round: Round | undefined): Markup | null {
  if (round?.check === undefined) return null
  return markup`<section aria-labelledby="gives">
<h2 id="gives">What our role would give</h2>
<p>${wordsForCheck(round.check.result)}.</p>
</section>`
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
${errors.map((error) => markup`<li>${renderPolicyError(error)}</li>`)}
</ul>`
}
</section>`
}

/** Where people are asked, or have voted. */
function renderPeople({ state, progress, approver, reading }: OfferView): Markup | null {
  const { round, ref } = state
  if (round === undefined || progress === undefined) return null
  if (round.asked === undefined && round.votes.size === 0) return null
  return renderDeciders({ kind: ref.kind, round, progress, reading, reader: approver })
}
