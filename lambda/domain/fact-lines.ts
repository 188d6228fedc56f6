import { fieldOf, type Field } from './fact-fields.ts'
import type { Json } from './json.ts'
import type { OfferKind } from './offer.ts'

/** How a decisive fact is shown; the two that every kind has are looked up, never sent. */
export function labelled(kind: OfferKind, name: string): Field {
  if (name === 'counterparty') return { label: counterpartyLabel(kind), from: 'aws' }
  if (name === 'organization') return { label: 'Organization', from: 'aws' }
  return fieldOf(kind, name)
}

export function counterpartyLabel(kind: OfferKind): string {
  return kind === 'iot-outgoing' ? 'Goes to account' : 'Offered by account'
}

/** A value as lines of text, not yet cleaned: one for a scalar, one an item for a list, one a statement for a policy. */
export function linesOf(value: Json): string[] {
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
