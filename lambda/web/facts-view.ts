import { markup, type Markup } from '../contract/markup.ts'
import type { FactChange } from '../domain/fact-changes.ts'
import { requestNote, requestTitleOf } from '../domain/fact-fields.ts'
import { factSheetOf, whole, type FactRow } from '../domain/fact-sheet.ts'
import type { Facts } from '../domain/facts.ts'
import type { OfferKind } from '../domain/offer.ts'
import { theirWordsOf } from '../domain/wording.ts'

/** Shown at once; the rest is behind a click, and nothing is left out. */
const firstItems = 40
const firstCharacters = 1000

/** What AWS says, for a section of its own. */
export function renderFacts(kind: OfferKind, facts: Facts): Markup {
  const rows = factSheetOf(kind, facts, whole).filter((row) => row.from === 'aws')
  return markup`<section aria-labelledby="facts">
<h2 id="facts">What AWS says</h2>
${renderRows(rows)}
</section>`
}

/** What the other side offers or asks for: framed and quoted, because it chose the values. Nothing when there is none. */
export function renderRequest(kind: OfferKind, facts: Facts): Markup {
  const rows = factSheetOf(kind, facts, whole).filter((row) => row.isRequest === true)
  if (rows.length === 0) return markup``
  return markup`<section class="theirs" aria-labelledby="request">
<h2 id="request">${requestTitleOf(kind)}</h2>
<p>${requestNote}</p>
${renderRows(rows)}
</section>`
}

/** The other side's text: framed, quoted, and said to be theirs. Nothing when there is none. */
export function renderTheirWords(kind: OfferKind, facts: Facts): Markup {
  const rows = factSheetOf(kind, facts, whole).filter((row) => row.from === 'counterparty' && row.isRequest !== true)
  if (rows.length === 0) return markup``
  return markup`<section class="theirs" aria-labelledby="theirs">
<h2 id="theirs">${theirWordsOf(kind)}</h2>
<p>Nobody has checked this text. Do not decide by it.</p>
${renderRows(rows)}
</section>`
}

/** What differs between the facts that were shown and those that are true now. */
export function renderChanges(changes: readonly FactChange[]): Markup {
  return markup`<section aria-labelledby="changes">
<h2 id="changes">What changed</h2>
<dl>${changes.map((change) => renderChange(change))}
</dl>
</section>`
}

function renderChange({ label, before, after, from }: FactChange): Markup {
  return markup`
<div><dt>${label}</dt><dd>
<div><del>Before: ${before.length === 0 ? 'nothing' : listOf(before, from)}</del></div>
<div><ins>Now: ${after.length === 0 ? 'nothing' : listOf(after, from)}</ins></div>
</dd></div>`
}

function renderRows(rows: readonly FactRow[]): Markup {
  return markup`<dl>${rows.map(
    ({ label, value, from }) => markup`
<div><dt>${label}</dt><dd>${typeof value === 'string' ? quoted(value, from) : listOf(value, from)}</dd></div>`,
  )}
</dl>`
}

function listOf(items: readonly string[], from: FactRow['from']): Markup {
  const [only] = items
  if (items.length === 1 && only !== undefined) return quoted(only, from)
  const rest = items.slice(firstItems)
  return markup`${bullets(items.slice(0, firstItems), from)}${
    rest.length === 0 ? null : markup`<details><summary>${rest.length} more</summary>${bullets(rest, from)}</details>`
  }`
}

function bullets(items: readonly string[], from: FactRow['from']): Markup {
  return markup`<ul>${items.map((item) => markup`<li>${quoted(item, from)}</li>`)}</ul>`
}

/** A long text begins here and is whole behind a click. */
function quoted(text: string, from: FactRow['from']): Markup {
  const characters = Array.from(text)
  if (characters.length <= firstCharacters) return marked(text, from)
  return markup`${marked(`${characters.slice(0, firstCharacters).join('')} …`, from)}
<details><summary>All ${characters.length} characters</summary>${marked(text, from)}</details>`
}

/** `bdi` keeps right-to-left text from reordering what stands around it. */
function marked(text: string, from: FactRow['from']): Markup {
  return from === 'counterparty' ? markup`<q><bdi>${text}</bdi></q>` : markup`<bdi>${text}</bdi>`
}
