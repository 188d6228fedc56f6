import { markup, type Markup } from '../contract/markup.ts'
import type { LedgerEvent, Outcome, Verdict } from '../domain/event.ts'
import type { Facts } from '../domain/facts.ts'
import type { OfferKind } from '../domain/offer.ts'
import { electorateOnLedger, progressOf } from '../domain/progress.ts'
import type { OfferState } from '../domain/state.ts'
import { endingOfCase } from '../domain/linked-offer.ts'
import { explanationOf, nameOf, wordsForOutcome } from '../domain/wording.ts'
import { renderDeciders } from './deciders-view.ts'
import { renderDeliveries } from './deliveries-view.ts'
import { wordsForEvent } from './event-view.ts'
import { renderEnding } from './ending-view.ts'
import { renderFacts } from './facts-view.ts'
import { renderTime } from './time-view.ts'

/** One line of the list; the ledger's summary has these members. */
export interface OfferRow {
  offerId: string
  kind: OfferKind
  account: string
  region: string
  counterparty: string | null
  status: 'open' | 'awaiting-approval' | 'closed'
  verdict: Verdict | null
  deadline: string | null
  outcome: Outcome | null
}

export interface OffersView {
  offers: readonly OfferRow[]
  now: Date
  /** Where one offer's page is. */
  hrefOf: (offerId: string) => string
}

/** Every offer in a table. A fragment: whoever shows it puts it into a page (`renderPage` with `wide`). */
export function renderOffers({ offers, now, hrefOf }: OffersView): Markup {
  if (offers.length === 0) return markup`<p class="quiet">No offers yet.</p>`
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="Offers">
<table>
<thead><tr><th scope="col">Offer</th><th scope="col">Other account</th><th scope="col">Ours</th><th scope="col">Status</th><th scope="col">Policy says</th><th scope="col">Deadline</th></tr></thead>
<tbody>${offers.map(
    (offer) => markup`
<tr><td><a href="${hrefOf(offer.offerId)}">${nameOf(offer.kind)} <span class="id">${offer.offerId.slice(-8)}</span></a></td>
<td class="id">${offer.counterparty ?? 'unknown'}</td>
<td><span class="id">${offer.account}</span> ${offer.region}</td>
<td>${renderStatus(offer)}</td>
<td>${offer.verdict ?? '–'}</td>
<td>${offer.deadline === null || offer.status === 'closed' ? '–' : renderTime(offer.deadline, { now })}</td></tr>`,
  )}
</tbody></table>
</div>`
}

const tones: Readonly<Record<Outcome, 'good' | 'bad' | ''>> = {
  ACCEPTED: 'good',
  REJECTED: 'bad',
  SUPERSEDED: '',
  LAPSED: '',
  WITHDRAWN: '',
  LEFT: '',
  OBSERVED: '',
}

function renderStatus({ status, outcome, kind }: Pick<OfferRow, 'status' | 'outcome' | 'kind'>): Markup {
  if (outcome !== null) return markup`<span class="badge ${tones[outcome]}">${wordsForOutcome(outcome, kind)}</span>`
  return status === 'awaiting-approval'
    ? markup`<span class="badge wait">Waits for people</span>`
    : markup`<span class="badge">In progress</span>`
}

export interface TimelineView {
  state: OfferState
  /** None while the offer was not read yet. */
  facts: Facts | undefined
  events: readonly LedgerEvent[]
  now: Date
  /** The other case of two that are about one thing, and where its page is. */
  linked?: { state: OfferState; href: string } | undefined
}

/** One offer: where it stands, facts, deciding policies, votes, and everything that happened. A fragment. */
export function renderOffer({ state, facts, events, now, linked }: TimelineView): Markup {
  const { ref, round } = state
  const sections = facts === undefined ? undefined : renderFacts(ref.kind, facts)
  return markup`<h1>${nameOf(ref.kind)}</h1>
<p class="lead">Offer <span class="id">${state.offerId}</span>, account <span class="id">${ref.account}</span>, ${ref.region}</p>
${renderWhere(state, now, linked)}
${sections?.aws}
${sections?.request}
${sections?.theirWords}
${renderPolicies(state)}
${renderPeople(state, now)}
${round === undefined || round.deliveries.size === 0 ? null : renderDeliveries(round)}
<section aria-labelledby="timeline">
<h2 id="timeline">What happened</h2>
<ol class="timeline">${events.map((event) => renderEvent(event, ref.kind))}</ol>
</section>`
}

function renderWhere(state: OfferState, now: Date, linked: TimelineView['linked']): Markup {
  const { closed, round, ref } = state
  const more = markup`${renderEnding(endingOfCase(state, linked?.state))}${renderLink(linked)}`
  if (closed !== undefined) {
    return markup`<div class="status"><p>${renderStatus({ status: 'closed', outcome: closed.outcome, kind: ref.kind })}</p>
<p>${explanationOf(closed.outcome, ref.kind)} ${renderTime(closed.at, { now })}</p>${more}</div>`
  }
  const asking = round?.asked !== undefined && round.decision === undefined
  const deadline = round?.judged?.deadline.at
  return markup`<div class="status"><p>${renderStatus({
    status: asking ? 'awaiting-approval' : 'open',
    outcome: null,
    kind: ref.kind,
  })}</p>${deadline === undefined ? null : markup`<p>Deadline ${renderTime(deadline, { now })}</p>`}${more}</div>`
}

function renderLink(linked: TimelineView['linked']): Markup | null {
  if (linked === undefined) return null
  const { ref, offerId, closed } = linked.state
  const outcome = closed?.outcome ?? null
  return markup`<p>${nameOf(ref.kind)} <a class="id" href="${linked.href}">${offerId.slice(-8)}</a>: ${outcome === null ? 'in progress' : wordsForOutcome(outcome, ref.kind).toLowerCase()}</p>`
}

function renderPolicies({ round }: OfferState): Markup | null {
  const judged = round?.judged
  if (judged === undefined) return null
  return markup`<section aria-labelledby="policies">
<h2 id="policies">Policy says: ${judged.verdict}</h2>
${
  judged.policies.length === 0
    ? markup`<p>No policy decides this offer.</p>`
    : markup`<ul class="plain">${judged.policies.map(
        ({ id, reason }) =>
          markup`<li>${reason} <span class="quiet">(policy <span class="id">${id}</span>)</span></li>`,
      )}</ul>`
}
</section>`
}

function renderPeople({ round, ref }: OfferState, now: Date): Markup | null {
  if (round === undefined || (round.asked === undefined && round.votes.size === 0)) return null
  const progress = progressOf(round, electorateOnLedger(round))
  return renderDeciders({ kind: ref.kind, round, progress, reading: { now } })
}

function renderEvent(event: LedgerEvent, kind: OfferKind): Markup {
  const { title, details } = wordsForEvent(event, kind)
  return markup`
<li><strong>${title}</strong> <time class="quiet" datetime="${event.at}">${event.at.slice(0, 19).replace('T', ' ')} UTC</time>${details.map(
    (detail) => markup`<br><span class="quiet">${detail}</span>`,
  )}</li>`
}
