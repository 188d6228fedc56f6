import type { Round } from '../../domain/state.ts'
import type { Ballot } from './ballot.ts'

/**
 * Brings no old vote back: a proof that was seen, and what was sent before the vote that stands now (that one may have
 * changed nothing when it came, so that its proof is on no event).
 */
export function isReplay({ approver, proof, signedAtMs }: Ballot, { proofs, votes }: Round): boolean {
  if (proof !== undefined && proofs.has(proof)) return true
  const before = votes.get(approver)
  return before !== undefined && signedAtMs !== undefined && signedAtMs + 999 < Date.parse(before.at)
}
