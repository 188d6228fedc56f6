import type { Received } from '../domain/event.ts'
import { labelled, linesOf } from '../domain/fact-lines.ts'
import { cleanText } from '../domain/hostile-text.ts'
import type { OfferKind } from '../domain/offer.ts'

const mostLines = 20

/** What AWS showed of what an accept gave us, in words. */
export function receivedWords(
  { visible, seen, left = {}, changed, problem }: Received,
  kind: OfferKind,
): { title: string; details: string[] } {
  const labels = changed.map((name) => labelled(kind, name).label)
  const facts = Object.entries(seen).flatMap(([name, value]) => {
    const { label, inWords } = labelled(kind, name)
    const lines = linesOf(inWords === undefined ? value : inWords(value))
    const more = lines.length - mostLines + (left[name] ?? 0)
    const shown = lines.slice(0, mostLines).map((line) => `${label}: ${cleanText(line)}`)
    return more > 0 && lines.length >= mostLines ? [...shown, `${label}: … and ${more} more`] : shown
  })
  return {
    title: visible ? 'What AWS shows of it now' : 'AWS did not show in time what it gave us',
    details: [
      ...(labels.length > 0 ? [`Not as it was decided on: ${labels.join(', ')}`] : []),
      ...(problem === undefined ? [] : [cleanText(problem)]),
      ...facts,
    ],
  }
}
