import type { Round } from './state.ts'

/** When a link ends to vote: with its own time, or with the deadline of the round now asked, whichever is first. */
export function voteEndsAtMs(link: { expiresAtMs: number }, { asked }: Pick<Round, 'asked'>): number {
  return asked === undefined ? link.expiresAtMs : Math.min(link.expiresAtMs, Date.parse(asked.deadline.at))
}
