import type { Facts, Membership } from './facts.ts'
import type { Field } from './fact-field.ts'
import { counterpartyLabel, labelled, linesOf } from './fact-lines.ts'
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
  /** What the other side offers or asks for, in values that it chose: to be decided on, unlike its other words. */
  isRequest?: boolean
  /** For reference: a page shows it behind a click. */
  isMinor?: boolean
}

/** How much of one fact is shown. */
export interface Bounds {
  items: number
  /** Characters of one item, or of a text. */
  item: number
  /** Characters of all items. */
  all: number
}

/** For mail and terminal: more than AWS lets the other side write in any one field. */
const short: Bounds = { items: 40, item: 1000, all: Infinity }
/** For a page: everything; a share at its quota of 5000 resources fits, and so does the answer into that of a Lambda. */
export const whole: Bounds = { items: Infinity, item: 600_000, all: 600_000 }

interface Entry extends Field {
  name: string
  value: Json
}

/**
 * What page, mail and console show of an offer: the other account and the organization lookup first, then what
 * acceptance would give, then what the other side asks for, then its own words. Values are cleaned and bounded, never links; whoever renders
 * them escapes them.
 */
export function factSheetOf(kind: OfferKind, facts: Facts, bounds: Bounds = short): FactRow[] {
  const entries = entriesOf(kind, facts)
  const rows = (from: FactRow['from'], isRequest = false): FactRow[] =>
    entries
      .filter((entry) => entry.from === from && (entry.isRequest ?? false) === isRequest)
      .map((entry) => rowOf(entry, bounds))
  return [
    { label: counterpartyLabel(kind), value: facts.counterparty ?? 'Unknown: AWS does not say', from: 'aws' },
    { label: 'Organization', value: wordsFor(membershipOf(facts)), from: 'aws' },
    ...headRow(kind, facts, 'organizationalUnit'),
    ...headRow(kind, facts, 'partnerGroups'),
    {
      label: 'Accepting means',
      value: meaningOfAccept(kind, { delegates: 'delegatorPolicies' in facts.context }),
      from: 'aws',
    },
    ...unknownRow(kind, facts),
    ...rows('aws'),
    ...timeRow('Offered', facts.offeredAt),
    ...timeRow('AWS ends the offer', facts.expiresAt),
    ...rows('counterparty', true),
    ...rows('counterparty'),
  ]
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
const inHead = new Set(['counterparty', 'organization', 'organizationalUnit', 'partnerGroups'])

function headRow(kind: OfferKind, { context }: Facts, name: string): FactRow[] {
  const value = context[name] ?? null
  return value === null ? [] : [rowOf({ name, value, ...labelled(kind, name) }, short)]
}

function entriesOf(kind: OfferKind, facts: Facts): Entry[] {
  return Object.entries({ ...facts.context, ...facts.decisive })
    .filter(([name, value]) => !inHead.has(name) && value !== null)
    .map(([name, value]) => ({ name, value, ...labelled(kind, name) }))
    .sort((a, b) => (a.order ?? 99) - (b.order ?? 99))
}

function rowOf({ label, from, isRequest, isMinor, inWords, ...entry }: Entry, bounds: Bounds): FactRow {
  const value = inWords === undefined ? entry.value : inWords(entry.value)
  const row = (shown: FactRow['value']): FactRow => ({
    label,
    from,
    value: shown,
    ...(isRequest && { isRequest }),
    ...(isMinor && { isMinor }),
  })
  const lines = linesOf(value)
  if (Array.isArray(value) && lines.length === 0) return row('None')
  if (Array.isArray(value) || lines.length > 1) return row(boundedList(lines, bounds))
  return row(cleanText(lines[0] ?? '', bounds.item) || 'Empty')
}

function boundedList(lines: readonly string[], { items, item, all }: Bounds): string[] {
  const shown: string[] = []
  let room = all
  for (const line of lines.slice(0, items)) {
    const text = cleanText(line, item)
    room -= text.length
    if (room < 0) break
    shown.push(text)
  }
  const left = lines.length - shown.length
  return left > 0 ? [...shown, `… and ${left} more`] : shown
}

function unknownRow(kind: OfferKind, facts: Facts): FactRow[] {
  const names = facts.unknown.map((name) => labelled(kind, name).label)
  return names.length === 0 ? [] : [{ label: 'Could not be read', value: names.join(', '), from: 'aws' }]
}

function timeRow(label: string, at: string | null): FactRow[] {
  return at === null ? [] : [{ label, value: formatUtc(at), from: 'aws' }]
}
