import type { Settings } from '../contract/settings.ts'
import type { Facts } from '../domain/facts.ts'
import { policyDigestAt } from '../domain/partners.ts'
import type { OfferState, Round } from '../domain/state.ts'
import type { PolicyEngine } from '../policy/engine.ts'
import { decisionOf } from './decision.ts'

interface Accepted {
  state: OfferState
  round: Round
  facts: Facts
  now: Date
}

/**
 * Whether people's accept stands where policy changed since they were asked: it does not where policy rejects by now, or
 * asks groups whose votes do not suffice. `approve` is judged besides.
 */
export function standsUnderPolicyNow(
  { state, round, facts, now }: Accepted,
  { policy, settings }: { policy: PolicyEngine; settings: Settings },
): boolean {
  const { judged } = round
  if (judged === undefined || judged.policyDigest === policyDigestAt(settings, now)) return true
  const { verdict, routing } = policy.judge({ ref: state.ref, facts, now })
  if (verdict !== 'review') return verdict === 'accept'
  return decisionOf({ state, round: { ...round, judged: { ...judged, routing } }, now }, settings)?.choice === 'accept'
}
