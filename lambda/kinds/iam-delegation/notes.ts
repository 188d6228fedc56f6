import { cutText } from '../text.ts'

const notesLength = 500

/** IAM takes tab, line ends and printable Latin-1 only; every other character becomes a question mark. */
export function cleanNotes(reason: string): string {
  return cutText(reason.replace(/[^\t\n\r\u0020-\u007e\u00a1-\u00ff]/gu, '?'), notesLength)
}
