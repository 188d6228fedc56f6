import type { Round } from './state.ts'

/** When a link ends to vote: with its own time, or with the deadline of the round now asked, whichever is first. */
export function voteEndsAtMs(
  link: { expiresAtMs: number },
  { asked, judged }: Pick<Round, 'asked' | 'judged'>,
): number {
  if (asked === undefined) return link.expiresAtMs
  // A later run may have found another deadline for the same round.
  return Math.min(link.expiresAtMs, Date.parse((judged?.deadline ?? asked.deadline).at))
}
