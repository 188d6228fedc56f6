import { raw } from 'hono/html'
import { markup, type Markup } from '../contract/markup.ts'
import { cleanText } from '../domain/hostile-text.ts'

/** Shown at once; the rest is behind a click, and nothing is left out. */
const firstItems = 40
const firstCharacters = 1000

/** Who wrote a text: what the other side wrote is quoted. */
export type Source = 'aws' | 'counterparty'

/** A list of cleaned texts, the rest of a long one behind a click. */
export function renderList(items: readonly string[], from: Source): Markup {
  const [only] = items
  if (items.length === 1 && only !== undefined) return renderText(only, from)
  const rest = items.slice(firstItems)
  return markup`${bullets(items.slice(0, firstItems), from)}${
    rest.length === 0 ? null : markup`<details><summary>${rest.length} more</summary>${bullets(rest, from)}</details>`
  }`
}

function bullets(items: readonly string[], from: Source): Markup {
  return markup`<ul>${items.map((item) => markup`<li>${renderText(item, from)}</li>`)}</ul>`
}

/** A cleaned text; a long one begins here and is whole behind a click. */
export function renderText(text: string, from: Source): Markup {
  const characters = text.length <= firstCharacters ? [] : Array.from(text)
  if (characters.length <= firstCharacters) return marked(text, from)
  return markup`${marked(`${characters.slice(0, firstCharacters).join('')} …`, from)}
<details><summary>All ${characters.length} characters</summary>${marked(text, from)}</details>`
}

/** `bdi` keeps right-to-left text from reordering what stands around it. */
function marked(text: string, from: Source): Markup {
  return from === 'counterparty' ? markup`<q><bdi>${text}</bdi></q>` : markup`<bdi>${text}</bdi>`
}

/** One word of the other side's, such as an ARN: quoted only where it could be read as a sentence. Not yet cleaned. */
export function renderToken(text: string): Markup {
  const clean = cleanText(text, 4096)
  return /^[\x21-\x7e]+$/.test(clean) ? markup`<code>${clean}</code>` : marked(clean, 'counterparty')
}

/** What Cedar said of a policy that failed: it may quote facts, so it is quoted. Not yet cleaned. */
export function renderPolicyError(error: string): Markup {
  return markup`A policy could not be evaluated: ${marked(cleanText(error, 400), 'counterparty')}`
}

/** Lines that somebody wrote, quoted, with their line breaks. Not yet cleaned. */
export function renderLines(text: string): Markup {
  const lines = text.split(/\r\n|[\r\n]/).map((line) => cleanText(line, 100_000))
  return markup`<q class="lines"><bdi>${lines.join('\n')}</bdi></q>`
}

/** Items of a list that hold no line break, escaped in one go: there may be thousands. */
export function renderItems(items: readonly string[]): Markup {
  const escaped = markup`${items.join('\n')}`.toString()
  return raw(`<li>${escaped.replaceAll('\n', '\n<li>')}`)
}

/** `5,000`. */
export function countOf(count: number): string {
  return count.toLocaleString('en-US')
}
