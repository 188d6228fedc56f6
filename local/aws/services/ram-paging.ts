import { takePage, readCursor, type Sequenced } from '../paging.ts'
import { AwsError } from '../service.ts'

/** RAM does not document its own. */
const defaultPageSize = 100
/** Before a token: the empty page that comes in front of the page was given already. */
const pastEmpty = 'e.'

export interface PageInput {
  nextToken?: string | undefined
  maxResults?: number | undefined
}

/** One page in the order of making. With `emptyPages` each page comes after an empty one, which only a token tells from the end. */
export function ramPage<Item extends Sequenced>(
  items: readonly Item[],
  { nextToken = '', maxResults = defaultPageSize }: PageInput,
  { emptyPages }: { emptyPages: boolean },
): { items: Item[]; nextToken: string | undefined } {
  const emptyGiven = nextToken.startsWith(pastEmpty)
  const token = emptyGiven ? nextToken.slice(pastEmpty.length) : nextToken
  const cursor = token === '' ? undefined : readCursor(token)
  if (token !== '' && cursor === undefined) throw new AwsError('InvalidNextTokenException', 'The token is not valid.')
  if (emptyPages && !emptyGiven) return { items: [], nextToken: pastEmpty + token }
  const page = takePage(items, { cursor, size: maxResults })
  return { items: page.items, nextToken: page.next }
}
