import type { Facts, Membership } from './facts.ts'
import { fieldOf, type Field } from './fact-fields.ts'
import { cleanText } from './hostile-text.ts'
import type { Json } from './json.ts'
import type { OfferKind } from './offer.ts'
import { formatUtc } from './plain-time.ts'
import { meaningOfAccept } from './wording.ts'

/** One line of what AWS says of an offer. `counterparty`: the other side wrote the value, and may have written anything. */
export interface FactRow {
  label: string
  value: string | string[]
  from: 'aws' | 'counterparty'
}

/** How facts that were shown differ from those that are true now. */
export interface FactChange {
  label: string
  before: string[]
  after: string[]
  from: FactRow['from']
}

const mostItems = 40
const longestItem = 1000
/** More than AWS lets the other side write in any one field. */
const longestText = 1000

const asIs = (value: Json): Json => value

interface Entry extends Field {
  name: string
  value: Json
}

/**
 * What page, mail and console show of an offer: the other account and the organization lookup first, then what
 * acceptance would give, then the other side's own words. Values are cleaned and bounded, never links; whoever renders
 * them escapes them.
 */
export function factSheetOf(kind: OfferKind, facts: Facts): FactRow[] {
  const entries = entriesOf(kind, facts)
  const rows = (from: FactRow['from']): FactRow[] =>
    entries.filter((entry) => entry.from === from).map((entry) => rowOf(entry))
  return [
    { label: counterpartyLabel(kind), value: facts.counterparty ?? 'Unknown: AWS does not say', from: 'aws' },
    { label: 'Organization', value: wordsFor(membershipOf(facts)), from: 'aws' },
    { label: 'Accepting means', value: meaningOfAccept(kind), from: 'aws' },
    ...unknownRow(kind, facts),
    ...rows('aws'),
    ...timeRow('Offered', facts.offeredAt),
    ...timeRow('AWS ends the offer', facts.expiresAt),
    ...rows('counterparty'),
  ]
}

/** The decisive facts that differ, in the order of the sheet; lists show what came and what went. */
export function changesBetween(kind: OfferKind, before: Facts, after: Facts): FactChange[] {
  const names = new Set([...Object.keys(after.decisive), ...Object.keys(before.decisive)])
  return [...names].flatMap((name) => {
    const { label, from, inWords = asIs } = labelled(kind, name)
    const old = linesOf(inWords(before.decisive[name] ?? null))
    const now = linesOf(inWords(after.decisive[name] ?? null))
    const gone = old.filter((line) => !now.includes(line))
    const come = now.filter((line) => !old.includes(line))
    if (gone.length === 0 && come.length === 0) return []
    return [{ label, from, before: boundedList(gone), after: boundedList(come) }]
  })
}

function labelled(kind: OfferKind, name: string): Field {
  if (name === 'counterparty') return { label: counterpartyLabel(kind), from: 'aws' }
  if (name === 'organization') return { label: 'Organization', from: 'aws' }
  return fieldOf(kind, name)
}

function counterpartyLabel(kind: OfferKind): string {
  return kind === 'iot-outgoing' ? 'Goes to account' : 'Offered by account'
}

function membershipOf(facts: Facts): Membership {
  const value = facts.decisive['organization']
  return value === 'inside' || value === 'outside' || value === 'not-configured' ? value : 'unknown'
}

function wordsFor(membership: Membership): string {
  switch (membership) {
    case 'inside':
      return 'Inside your organization'
    case 'outside':
      return 'Outside your organization'
    case 'not-configured':
      return 'Not looked up: no organization is configured'
    case 'unknown':
      return 'Unknown: the lookup gave no answer'
  }
}

/** The rows of the sheet's head are made of these; they are not listed again. */
const inHead = new Set(['counterparty', 'organization'])

function entriesOf(kind: OfferKind, facts: Facts): Entry[] {
  return Object.entries({ ...facts.context, ...facts.decisive })
    .filter(([name, value]) => !inHead.has(name) && value !== null)
    .map(([name, value]) => ({ name, value, ...fieldOf(kind, name) }))
    .sort((a, b) => (a.order ?? 99) - (b.order ?? 99))
}

function rowOf({ label, from, inWords, ...entry }: Entry): FactRow {
  const value = inWords === undefined ? entry.value : inWords(entry.value)
  const lines = linesOf(value)
  if (Array.isArray(value) && lines.length === 0) return { label, from, value: 'None' }
  if (Array.isArray(value) || lines.length > 1) return { label, from, value: boundedList(lines) }
  return { label, from, value: cleanText(lines[0] ?? '', longestText) || 'Empty' }
}

function boundedList(lines: readonly string[]): string[] {
  const shown = lines.slice(0, mostItems).map((line) => cleanText(line, longestItem))
  const left = lines.length - mostItems
  return left > 0 ? [...shown, `… and ${left} more`] : shown
}

function unknownRow(kind: OfferKind, facts: Facts): FactRow[] {
  const names = facts.unknown.map((name) => labelled(kind, name).label)
  return names.length === 0 ? [] : [{ label: 'Could not be read', value: names.join(', '), from: 'aws' }]
}

function timeRow(label: string, at: string | null): FactRow[] {
  return at === null ? [] : [{ label, value: formatUtc(at), from: 'aws' }]
}

/** A value as lines of text, not yet cleaned: one for a scalar, one an item for a list, one a statement for a policy. */
function linesOf(value: Json): string[] {
  if (value === null) return []
  if (typeof value === 'boolean') return [value ? 'Yes' : 'No']
  if (Array.isArray(value)) return value.map((item) => lineOf(item))
  if (typeof value === 'object') return Object.entries(value).map(([key, item]) => `${key}: ${lineOf(item)}`)
  return [String(value)]
}

function lineOf(item: Json): string {
  if (typeof item === 'string') return item
  if (Array.isArray(item)) return item.map((part) => lineOf(part)).join(', ')
  if (item !== null && typeof item === 'object') {
    return Object.entries(item)
      .filter(([, part]) => part !== null && part !== '')
      .map(([key, part]) => `${key} ${lineOf(part)}`)
      .join(', ')
  }
  return String(item)
}
