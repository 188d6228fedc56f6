import type { Received } from './event.ts'
import { changedFacts, type Facts, type Receipt } from './facts.ts'
import type { Json } from './json.ts'

/** An event is one item of the ledger, and lists may have thousands of items. */
const mostItems = 100
const mostCharacters = 2000

/** For the ledger: long lists are cut, and how much is said; `changed` compares the whole of them. */
export function receivedOf({ visible, seen }: Receipt, decided: Facts | undefined): Received {
  const known = Object.entries(seen).filter(([name]) => Object.hasOwn(decided?.decisive ?? {}, name))
  const changed = visible && decided !== undefined ? changedFacts(decided, Object.fromEntries(known)) : []
  const left = Object.entries(seen).flatMap(([name, value]) => {
    const more = Array.isArray(value) ? value.length - mostItems : 0
    return more > 0 ? [[name, more] as const] : []
  })
  const cut = Object.fromEntries(Object.entries(seen).map(([name, value]) => [name, cutOf(value)]))
  return { visible, seen: cut, changed, ...(left.length > 0 && { left: Object.fromEntries(left) }) }
}

function cutOf(value: Json): Json {
  if (Array.isArray(value)) return value.slice(0, mostItems).map(cutOf)
  if (typeof value === 'string') return value.slice(0, mostCharacters)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, cutOf(inner)]))
}
