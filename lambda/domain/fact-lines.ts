import type { Field } from './fact-field.ts'
import { fieldOf } from './fact-fields.ts'
import type { Json } from './json.ts'
import { goesOut, type OfferKind } from './offer.ts'

/** How a fact is shown; those that every kind has of the account on the other side are looked up, never sent. */
export function labelled(kind: OfferKind, name: string): Field {
  if (name === 'counterparty') return { label: counterpartyLabel(kind), from: 'aws' }
  const known = ofEveryAccount[name]
  return known !== undefined && Object.hasOwn(ofEveryAccount, name) ? known : fieldOf(kind, name)
}

const ofEveryAccount: Readonly<Record<string, Field>> = {
  organization: { label: 'Organization', from: 'aws' },
  organizationalUnit: { label: 'Organizational unit', from: 'aws' },
  organizationPath: { label: 'Ids of organizational units, the nearest first', from: 'aws', isMinor: true, order: 50 },
  partnerGroups: { label: 'Known to you', from: 'aws' },
  /** Whoever administers the account can change it. */
  accountName: { label: 'Name of the account', from: 'counterparty', order: 0 },
}

export function counterpartyLabel(kind: OfferKind): string {
  return goesOut(kind) ? 'Goes to account' : 'Offered by account'
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
