import { governs, needsCensus, type Governance, type Sight } from './domain/governed.ts'
import type { Target } from './domain/offer.ts'

/** How long an account that was governed is taken to be so without another look. */
const keptMs = 5 * 60_000

export interface GovernedDeps {
  rules: Governance
  find: (account: string) => Promise<Sight>
  now: () => Date
}

/** Whether a place is governed. Only that one is, is kept: the sweep writes of a new account before its hints. */
export function createGoverned({ rules, find, now }: GovernedDeps): (target: Target) => Promise<boolean> {
  const kept = new Map<string, { sight: Sight; atMs: number }>()
  return async (target) => {
    if (!needsCensus(rules)) return governs(rules, target, { now: now() })
    const held = kept.get(target.account)
    if (held !== undefined && isFresh(held.atMs, now()) && governs(rules, target, { ...held.sight, now: now() }))
      return true
    const sight = await find(target.account)
    const isGoverned = governs(rules, target, { ...sight, now: now() })
    if (isGoverned) kept.set(target.account, { sight, atMs: now().getTime() })
    else kept.delete(target.account)
    return isGoverned
  }
}

function isFresh(atMs: number, now: Date): boolean {
  return now.getTime() >= atMs && now.getTime() - atMs < keptMs
}
