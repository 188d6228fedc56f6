import type { Field } from './fact-field.ts'
import { specOf, type OfferKind } from './kinds.ts'

/** Heads the facts that are a request. */
export function requestTitleOf(kind: OfferKind): string {
  return specOf(kind).words.request ?? 'What they offer'
}

/** Says whose values these are. */
export const requestNote = 'The other side chose these values: names in them prove nothing.'

/** A fact that is not listed is shown as the other side's: what nobody vouched for is not vouched for. */
export function fieldOf(kind: OfferKind, name: string): Field {
  const { facts } = specOf(kind)
  return Object.hasOwn(facts, name) && facts[name] !== undefined
    ? facts[name]
    : { label: readable(name), from: 'counterparty' }
}

function readable(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
