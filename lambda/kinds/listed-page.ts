import { MarkerRefused, UnexpectedAnswer } from '../contract/errors.ts'
import { beginning } from '../domain/scan-chain.ts'
import { answerOf, callAws, type ErrorTable } from './reactions.ts'

export interface ListedPage<Item> {
  items: Item[]
  /** Null when there are no more. */
  next: string | null
}

interface Listing<T> {
  /** An error that it says to look at is one of the marker: AWS does not say how long it knows one. */
  table: ErrorTable
  operation: string
  marker: string
  send: () => Promise<T>
}

/** One page. Throws MarkerRefused where it begins at a marker that AWS does not know. */
export async function listPage<T>({ table, operation, marker, send }: Listing<T>): Promise<T> {
  const result = await callAws({ table, operation }, send)
  if (!result.ok && marker !== beginning.marker) throw new MarkerRefused(result.detail)
  return answerOf(result)
}

/** Where the page after this one begins. An empty page may have one. */
export function nextAfter(marker: string, next: string | undefined): string | null {
  if (next === undefined || next === '') return null
  if (next === marker) throw new UnexpectedAnswer('expected another marker than that of the page, got the same')
  return next
}
