import { markup, type Markup } from '../../lambda/contract/markup.ts'
import type { Summary } from '../../lambda/ledger/summary.ts'
import { renderOffer, renderOffers } from '../../lambda/web/offer-views.ts'
import { isHandedOver } from '../../lambda/web/standing.ts'
import { nameOf } from '../../lambda/domain/wording.ts'
import { sampleAccounts } from '../sample.ts'
import { findSampleOffer, sampleOffers, type SampleOffer } from '../sample-offers.ts'
import type { Frame } from './layout.ts'
import type { OfferRecord } from './offer-reader.ts'

type Part = Pick<Frame, 'title' | 'body' | 'current'>

export interface OffersPage {
  offers: readonly Summary[]
  now: Date
  /** What the last post did. */
  notice: { made?: string | undefined; swept?: string | undefined }
  /** Who may be offered something, where. */
  places: readonly ReceivingPlace[]
  /** The place that was chosen last. */
  chosen?: string | undefined
}

/** One of our accounts, in one region. */
export interface ReceivingPlace {
  account: string
  name: string | null
  region: string
}

/** `222222222222/eu-west-1` */
export function valueOf({ account, region }: ReceivingPlace): string {
  return `${account}/${region}`
}

export function renderOffersPage({ offers, now, notice, places, chosen }: OffersPage): Part {
  const body = markup`<h1>Offers</h1>
${renderNotice(notice)}
<div id="offers" data-live>
${renderOffers({ offers, now, hrefOf: (id) => `/offers/${id}` })}
</div>
<section aria-labelledby="make">
<h2 id="make">Make an offer</h2>
<p class="quiet">As the other side would, through the AWS endpoint. Partner is <span class="id">${sampleAccounts.partner}</span>, stranger <span class="id">${sampleAccounts.stranger}</span>.</p>
<form method="post" action="/offers" class="groups">
${renderPlaces(places, chosen)}
${groups().map(renderGroup)}
</form>
</section>`
  return { title: 'Offers', body, current: 'offers' }
}

/** Nothing to choose where there is one account in one region. */
function renderPlaces(places: readonly ReceivingPlace[], chosen: string | undefined): Markup | null {
  if (places.length < 2) return null
  return markup`<p><label>Which of our accounts <select name="to">${places.map((place) => {
    const value = valueOf(place)
    const selected = value === chosen ? markup` selected` : null
    return markup`<option value="${value}"${selected}>${place.account} ${place.name ?? ''} in ${place.region}</option>`
  })}</select></label></p>`
}

function renderNotice({ made, swept }: OffersPage['notice']): Markup | null {
  const offer = made === undefined ? undefined : findSampleOffer(made)
  if (offer !== undefined) {
    return status(
      offer.silent
        ? 'Offered. AWS tells nobody of a certificate transfer: “Sweep now” finds it, else the next sweep on schedule.'
        : 'Offered. It shows up in a moment.',
    )
  }
  return swept === undefined ? null : status('Looked for offers in every place.')
}

function status(text: string): Markup {
  return markup`<div class="status" role="status"><p>${text}</p></div>`
}

function groups(): { name: SampleOffer['group']; offers: SampleOffer[] }[] {
  const names = [...new Set(sampleOffers.map(({ group }) => group))]
  return names.map((name) => ({ name, offers: sampleOffers.filter(({ group }) => group === name) }))
}

function renderGroup({ name, offers }: { name: string; offers: readonly SampleOffer[] }): Markup {
  return markup`<fieldset>
<legend>${name}</legend>
${offers.map(
  ({ id, by, label }) =>
    markup`<button class="quiet-button" name="offer" value="${id}"><span class="who">${by}</span> ${label}</button>`,
)}
</fieldset>`
}

export function renderOfferPage({ state, facts, events, linked }: OfferRecord, now: Date): Part {
  const link = linked === undefined ? undefined : { state: linked, href: `/offers/${linked.offerId}` }
  const body = markup`<p><a href="/">All offers</a></p>
<div id="offer" data-live>
${renderOffer({ state, facts, events, now, linked: link })}
</div>
${renderPerson({ state })}`
  return { title: nameOf(state.ref.kind), body, current: 'offers' }
}

/** A delegation is accepted by a person in the AWS console; here a button plays that person. */
function renderPerson({ state }: Pick<OfferRecord, 'state'>): Markup {
  return markup`<div id="person" data-live>${
    isHandedOver(state)
      ? markup`<section aria-labelledby="play">
<h2 id="play">Accept it in the AWS console</h2>
<p>People accepted. What is left is for one of them to do in the AWS console, under their own identity.</p>
<form method="post" action="/offers/${state.offerId}/accept"><button>Play that person</button></form>
</section>`
      : null
  }</div>`
}

export function renderNotFound(): Part {
  const body = markup`<h1>Not here</h1><p>There is no such page. <a href="/">All offers</a></p>`
  return { title: 'Not here', body, current: 'offers' }
}
