import { createHash } from 'node:crypto'

/** What is kept of the token of a personal link: it has 256 bits, so its hash tells nothing of it. */
export function tokenHashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
