import { markup, type Markup } from '../contract/markup.ts'
import type { OfferState } from '../domain/state.ts'
import { receivedWords } from './received-words.ts'
import { renderList } from './quoted.ts'

/** What an accept gave us, for who looks at the page afterwards. */
export function renderReceived({ received, ref }: Pick<OfferState, 'received' | 'ref'>): Markup | null {
  if (received === undefined) return null
  const { title, details } = receivedWords(received, ref.kind)
  return markup`<section aria-labelledby="received">
<h2 id="received">${title}</h2>
${details.length === 0 ? null : renderList(details, 'aws')}
</section>`
}
