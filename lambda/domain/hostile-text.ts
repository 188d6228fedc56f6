/** What `cleanText` keeps: more than any of the four kinds needs to be understood, less than fills a screen. */
export const defaultMaxLength = 300

/** U+2800 is drawn as nothing, but Unicode counts it as a symbol. */
const blankSymbol = /\u2800/u
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}]/u

/** Nothing of it would be changed: a list of thousands of ARNs is cleaned for each page. */
const harmless = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/

/**
 * Text that an outside party wrote, made safe to read, on one line: line breaks become `⏎`, control, bidirectional,
 * zero-width and other invisible characters become visible names, stacked accents and length are bounded. Markup is not
 * touched: whoever renders escapes it.
 */
export function cleanText(text: string, maxLength: number = defaultMaxLength): string {
  if (text.length <= maxLength && harmless.test(text)) return text
  const oneLine = text
    .normalize('NFC')
    .replace(/[\t\p{Zs}]+/gu, ' ')
    .replace(/ ?[\r\n\v\f\u0085\u2028\u2029][ \r\n\v\f\u0085\u2028\u2029]*/gu, ' ⏎ ')
    .replace(/(\p{M}{2})\p{M}+/gu, '$1')
    .trim()
  return bounded(Array.from(oneLine), maxLength)
}

/** Bounds by what was sent, not by how long the visible names are, so that names cannot hide the count. */
function bounded(characters: string[], maxLength: number): string {
  const kept = visibleRuns(characters.slice(0, maxLength))
  const left = characters.length - maxLength
  return left > 0 ? `${kept} … (${left} more characters)` : kept
}

/** A run of one invisible character is named once, with its count. */
function visibleRuns(characters: string[]): string {
  const parts: string[] = []
  for (let at = 0; at < characters.length;) {
    const character = characters[at] ?? ''
    if (!isInvisible(character)) {
      parts.push(character)
      at += 1
      continue
    }
    let end = at
    while (characters[end] === character) end += 1
    parts.push(nameOf(character, end - at))
    at = end
  }
  return parts.join('')
}

function isInvisible(character: string): boolean {
  return invisible.test(character) || blankSymbol.test(character)
}

function nameOf(character: string, count: number): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return count > 1 ? `[U+${code} ×${count}]` : `[U+${code}]`
}

/**
 * Keeps mail programs from making links of plain text: they turn `https://x`, `www.x.com`, `x.com` and addresses into
 * links by themselves, whatever the alphabet. Any dot inside a word is marked. The marks are visible, so nothing is hidden from the reader.
 */
export function defangLinks(text: string): string {
  return text
    .replace(/:\/\//g, '[:]//')
    .replace(/\b(https?|ftp|file|javascript|data|mailto|tel|sms|callto|facetime):/giu, '$1[:]')
    .replace(/(?<=\S)[.。．｡․﹒](?=\S)/gu, '[.]')
    .replace(/(?<=\S)[@＠](?=\S)/gu, '[@]')
}
