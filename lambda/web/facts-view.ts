import { markup, type Markup } from '../contract/markup.ts'
import { factSheetOf, type FactChange, type FactRow } from '../domain/fact-sheet.ts'
import type { Facts } from '../domain/facts.ts'
import type { OfferKind } from '../domain/offer.ts'
import { theirWordsOf } from '../domain/wording.ts'

/** What AWS says, for a section of its own. */
export function renderFacts(kind: OfferKind, facts: Facts): Markup {
  const rows = factSheetOf(kind, facts).filter((row) => row.from === 'aws')
  return markup`<section aria-labelledby="facts">
<h2 id="facts">What AWS says</h2>
${renderRows(rows)}
</section>`
}

/** The other side's text: framed, quoted, and said to be theirs. Nothing when there is none. */
export function renderTheirWords(kind: OfferKind, facts: Facts): Markup {
  const rows = factSheetOf(kind, facts).filter((row) => row.from === 'counterparty')
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
  return markup`<ul>${items.map((item) => markup`<li>${quoted(item, from)}</li>`)}</ul>`
}

/** `bdi` keeps right-to-left text from reordering what stands around it. */
function quoted(text: string, from: FactRow['from']): Markup {
  return from === 'counterparty' ? markup`<q><bdi>${text}</bdi></q>` : markup`<bdi>${text}</bdi>`
}
