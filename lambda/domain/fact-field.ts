import type { Json } from './json.ts'
import { formatDuration, formatUtc } from './plain-time.ts'

/** How a fact is shown: its label, who wrote its value, and its place in the sheet (lower first). */
export interface Field {
  label: string
  from: 'aws' | 'counterparty'
  /** The other side chose the value, and it is what acceptance gives: shown before its other words. */
  isRequest?: boolean
  /** An identifier or a state for reference: a page shows it behind a click. */
  isMinor?: boolean
  order?: number
  /** The value in words; without it lists and scalars are shown as they are. */
  inWords?: (value: Json) => Json
  /** A page shows it in a way of its own: a list of resources by type, or the permissions of an IAM policy. */
  view?: 'resources' | 'permissions'
}

/** The facts of a kind by name. One that is not listed is shown as the other side's. */
export type Fields = Readonly<Record<string, Field>>

/** AWS says so. */
export function aws(order: number, label: string, inWords?: Field['inWords']): Field {
  return { label, from: 'aws', order, ...(inWords === undefined ? {} : { inWords }) }
}

export function minor(order: number, label: string, inWords?: Field['inWords']): Field {
  return { ...aws(order, label, inWords), isMinor: true }
}

/** The other side wrote it. */
export function theirs(order: number, label: string, inWords?: Field['inWords']): Field {
  return { ...aws(order, label, inWords), from: 'counterparty' }
}

/** The other side wrote it, and accepting gives it. */
export function request(order: number, label: string, inWords?: Field['inWords']): Field {
  return { ...theirs(order, label, inWords), isRequest: true }
}

export function time(value: Json): Json {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? formatUtc(value) : value
}

export function seconds(value: Json): Json {
  return typeof value === 'number' ? formatDuration(value * 1000) : value
}

/** Chosen members of each record on one line; anything else stays what it is. */
export function lines(names: readonly string[], between: string): (value: Json) => Json {
  return (value) => (Array.isArray(value) ? value.map((item) => joined(item, names, between)) : value)
}

function joined(item: Json, names: readonly string[], between: string): Json {
  if (item === null || typeof item !== 'object' || Array.isArray(item)) return item
  return names
    .flatMap((name) => item[name] ?? [])
    .map((part) => (typeof part === 'string' ? part : JSON.stringify(part)))
    .join(between)
}
