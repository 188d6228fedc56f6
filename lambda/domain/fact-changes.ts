import { labelled, linesOf } from './fact-lines.ts'
import type { FactRow } from './fact-sheet.ts'
import type { Facts } from './facts.ts'
import { cleanText } from './hostile-text.ts'
import { canonicalJson, type Json } from './json.ts'
import type { OfferKind } from './offer.ts'

/** How facts that were shown differ from those that are true now: `before` and `after` are never the same. */
export interface FactChange {
  label: string
  before: string[]
  after: string[]
  from: FactRow['from']
}

type Pair = Pick<FactChange, 'before' | 'after'>

/** Longer lines are cut around their first difference. */
const longestLine = 900
const sameBefore = 200

/** The decisive facts that differ, in the order in which they were read; lists show what came and what went. */
export function changesBetween(kind: OfferKind, before: Facts, after: Facts): FactChange[] {
  const names = new Set([...Object.keys(after.decisive), ...Object.keys(before.decisive)])
  return [...names].flatMap((name) => {
    const [old, now] = [before.decisive[name] ?? null, after.decisive[name] ?? null]
    if (canonicalJson(old) === canonicalJson(now)) return []
    const { label, from, inWords = (value: Json): Json => value } = labelled(kind, name)
    const inLines = (value: Json): string[] => linesOf(inWords(value)).map((line) => cleanText(line, Infinity))
    return [{ label, from, ...(differing(inLines(old), inLines(now)) ?? asWritten(old, now)) }]
  })
}

/** What only one of the two has; undefined when that shows no difference, as where only the order changed. */
function differing(old: readonly string[], now: readonly string[]): Pair | undefined {
  const pairs = paired(without(old, now), without(now, old))
  const before = pairs.flatMap(([line]) => line ?? [])
  const after = pairs.flatMap(([, line]) => line ?? [])
  return pairs.length === 0 ? undefined : { before, after }
}

/** Each line as often as it is in `lines` and not in `others`. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>()
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1)
  return lines.filter((line) => {
    const count = left.get(line) ?? 0
    left.set(line, count - 1)
    return count <= 0
  })
}

type Lines = [string | undefined, string | undefined]

function paired(gone: readonly string[], come: readonly string[]): Lines[] {
  return Array.from({ length: Math.max(gone.length, come.length) }, (_, at) => cutBoth(gone[at], come[at]))
}

/** The two lines from a little before where they part. */
function cutBoth(one: string | undefined, other: string | undefined): Lines {
  const [a, b] = [Array.from(one ?? ''), Array.from(other ?? '')]
  let same = 0
  while (same < a.length && a[same] === b[same]) same += 1
  const from = Math.max(a.length, b.length) > longestLine ? Math.max(0, same - sameBefore) : 0
  return [one === undefined ? one : cut(a, from), other === undefined ? other : cut(b, from)]
}

function cut(characters: readonly string[], from: number): string {
  const left = characters.length - from - longestLine
  const start = from === 0 ? '' : `(${from} characters as before) … `
  const end = left > 0 ? ` … (${left} more characters)` : ''
  return `${start}${characters.slice(from, from + longestLine).join('')}${end}`
}

/** What reads the same in words, letter by letter: nothing invisible, nothing normalized. */
function asWritten(old: Json, now: Json): Pair {
  const [before, after] = cutBoth(letterByLetter(old), letterByLetter(now))
  return { before: [before ?? ''], after: [after ?? ''] }
}

function letterByLetter(value: Json): string {
  const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  return canonicalJson(value).replace(/[^\x20-\x7e]/g, escape)
}
