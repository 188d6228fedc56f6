import { markup, type Markup } from '../contract/markup.ts'
import { cleanText } from '../domain/hostile-text.ts'
import type { Ending } from '../domain/facts.ts'
import { wordsForEnding } from '../domain/wording.ts'
import { renderText } from './quoted.ts'

/** How it ended at AWS, and what the other side says to that. */
export function renderEnding(ending: Ending | undefined): Markup | null {
  if (ending === undefined) return null
  const { reason } = ending
  return markup`<p>${wordsForEnding(ending)}${reason === null ? null : markup` It says: ${renderText(cleanText(reason, 600), 'counterparty')}`}</p>`
}
