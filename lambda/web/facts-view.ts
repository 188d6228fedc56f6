import { markup, type Markup } from '../contract/markup.ts'
import type { FactChange } from '../domain/fact-changes.ts'
import type { Field } from '../domain/fact-field.ts'
import { fieldOf, requestNote, requestTitleOf } from '../domain/fact-fields.ts'
import { factSheetOf, whole, type FactRow } from '../domain/fact-sheet.ts'
import type { Facts } from '../domain/facts.ts'
import type { Json } from '../domain/json.ts'
import type { OfferKind } from '../domain/offer.ts'
import { readPolicy } from '../domain/policy-lines.ts'
import { resourceGroupsOf } from '../domain/resource-groups.ts'
import { theirWordsOf } from '../domain/wording.ts'
import { renderPermissions } from './permissions-view.ts'
import { renderList, renderText } from './quoted.ts'
import { renderResources } from './resources-view.ts'

/** The facts in three sections, each empty when there is nothing in it. */
export interface FactSections {
  /** What AWS says. */
  aws: Markup
  /** What the other side offers or asks for: framed, because it chose the values. */
  request: Markup
  /** The other side's text: framed, quoted, and said to be theirs. */
  theirWords: Markup
}

export function renderFacts(kind: OfferKind, facts: Facts): FactSections {
  const { inParts, rest } = takeParts(kind, facts)
  const rows = factSheetOf(kind, rest, whole)
  const theirs = rows.filter((row) => row.from === 'counterparty')
  return {
    aws: renderAws(rows.filter((row) => row.from === 'aws')),
    request: renderRequest(kind, { inParts, rows: theirs.filter((row) => row.isRequest === true) }),
    theirWords: renderTheirWords(
      kind,
      theirs.filter((row) => row.isRequest !== true),
    ),
  }
}

/** Facts that have a view of their own, and the rest for the sheet. */
function takeParts(kind: OfferKind, facts: Facts): { inParts: Markup[]; rest: Facts } {
  const parts = Object.entries(facts.decisive).flatMap(([name, value]) => {
    const part = renderPart(fieldOf(kind, name).view, value, facts)
    return part === undefined ? [] : [{ name, part }]
  })
  const others = Object.entries(facts.decisive).filter(([name]) => !parts.some((taken) => taken.name === name))
  return { inParts: parts.map(({ part }) => part), rest: { ...facts, decisive: Object.fromEntries(others) } }
}

function renderPart(view: Field['view'], value: Json, facts: Facts): Markup | undefined {
  switch (view) {
    case 'resources':
      return renderShare(value, facts)
    case 'permissions':
      return renderRequestedPolicy(value)
    case undefined:
      return undefined
  }
}

function renderShare(resources: Json, { counterparty }: Facts): Markup | undefined {
  const groups = resourceGroupsOf(resources)
  return groups === undefined ? undefined : renderResources(groups, counterparty)
}

function renderRequestedPolicy(text: Json): Markup | undefined {
  const read = typeof text === 'string' ? readPolicy(text) : undefined
  return typeof text === 'string' && read !== undefined ? renderPermissions(text, read) : undefined
}

function renderAws(rows: readonly FactRow[]): Markup {
  const minor = rows.filter((row) => row.isMinor === true)
  return markup`<section aria-labelledby="facts">
<h2 id="facts">What AWS says</h2>
${renderRows(rows.filter((row) => row.isMinor !== true))}
${minor.length === 0 ? null : markup`<details><summary>Identifiers and states at AWS</summary>${renderRows(minor)}</details>`}
</section>`
}

interface Request {
  inParts: readonly Markup[]
  rows: readonly FactRow[]
}

function renderRequest(kind: OfferKind, { inParts, rows }: Request): Markup {
  if (rows.length === 0 && inParts.length === 0) return markup``
  return markup`<section class="theirs" aria-labelledby="request">
<h2 id="request">${requestTitleOf(kind)}</h2>
<p>${requestNote}</p>
${inParts}
${rows.length === 0 ? null : renderRows(rows)}
</section>`
}

function renderTheirWords(kind: OfferKind, rows: readonly FactRow[]): Markup {
  if (rows.length === 0) return markup``
  return markup`<section class="theirs" aria-labelledby="theirs">
<h2 id="theirs">${theirWordsOf(kind)}</h2>
<p>Nobody has checked this text. Do not decide by it.</p>
${renderRows(rows)}
</section>`
}

/** What differs between the facts that were shown and those that are true now. */
export function renderChanges(title: string, changes: readonly FactChange[]): Markup {
  return markup`<section class="changes" aria-labelledby="changes">
<h2 id="changes">${title}</h2>
<dl>${changes.map((change) => renderChange(change))}
</dl>
</section>`
}

function renderChange({ label, before, after, from }: FactChange): Markup {
  const [old, now] = after.length === 0 ? ['Gone', ''] : before.length === 0 ? ['', 'New'] : ['Before', 'Now']
  return markup`
<div><dt>${label}</dt><dd>
${old === '' ? null : markup`<div><del>${old}: ${renderList(before, from)}</del></div>`}
${now === '' ? null : markup`<div><ins>${now}: ${renderList(after, from)}</ins></div>`}
</dd></div>`
}

function renderRows(rows: readonly FactRow[]): Markup {
  return markup`<dl>${rows.map(
    ({ label, value, from }) => markup`
<div><dt>${label}</dt><dd>${typeof value === 'string' ? renderText(value, from) : renderList(value, from)}</dd></div>`,
  )}
</dl>`
}
