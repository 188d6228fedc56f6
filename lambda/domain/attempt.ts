import type { Cause, Choice, Finding, Mode, Settlement } from './event.ts'
import { hasBasis, type OfferState, type Round } from './state.ts'

export interface AttemptInput {
  state: OfferState
  round: Round
  action: Choice
  mode: Mode
  policyDigest: string
}

/**
 * Whether a settling worker may go on: `go`, or the cause of a new round. `no-basis` cannot happen in a right workflow.
 * Accept also needs the policy that is in force to be the judged one; a reject, once decided, stands.
 */
export function mayAttempt({ state, round, action, mode, policyDigest }: AttemptInput): 'go' | 'no-basis' | Cause {
  if (!hasBasis(state, action)) return 'no-basis'
  if (mode === 'observe') return 'mode-changed'
  const judged = round.judged?.verdict === 'accept' ? round.judged : round.approved
  if (action === 'accept' && judged?.policyDigest !== policyDigest) return 'policy-changed'
  return 'go'
}

/**
 * For a kind that may be active: whether an accept makes it so. People choose, and that was judged again; where policy
 * accepts, the configuration says so, unless policy forbids it.
 */
export function acceptsAsActive({ judged, approved }: Pick<Round, 'judged' | 'approved'>, byDefault: boolean): boolean {
  if (judged?.verdict === 'accept') return byDefault && judged.mayActivate === true
  return approved?.setAsActive === true
}

/** What our call came to, as a finding for Close. `handed-over` ends nothing. */
export function findingOfSettlement(action: Choice, result: Exclude<Settlement, 'handed-over'>): Finding {
  const done = action === 'accept' ? 'accepted' : 'rejected'
  const opposite = action === 'accept' ? 'rejected' : 'accepted'
  return result === 'gone' ? 'gone' : result === 'lost' ? opposite : done
}

/** What a finding means to a worker that wanted to act. */
export function settlementOfFinding(action: Choice, finding: Finding): Settlement {
  if (finding === 'accepted') return action === 'accept' ? 'already-settled' : 'lost'
  if (finding === 'rejected') return action === 'reject' ? 'already-settled' : 'lost'
  return 'gone'
}
