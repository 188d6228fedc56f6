import { createHash } from 'node:crypto'
import type { Judged, PartnerGroup } from './event.ts'
import type { Facts } from './facts.ts'
import { formatUtc } from './plain-time.ts'

/** The accounts that are known, as configured. */
export interface PartnerRules {
  readonly partners: Readonly<Record<string, readonly string[]>>
  /** ISO time after which a group's accounts are partners no longer; groups without an end are absent. */
  readonly partnersUntil?: Readonly<Record<string, string>>
  /** Who answers for knowing them. */
  readonly partnerOwners?: Readonly<Record<string, string>>
}

/** The groups that an account is in now. One whose end has passed counts no longer, whenever it was deployed. */
export function partnerGroupsOf(account: string | null, rules: PartnerRules, now: Date): PartnerGroup[] {
  if (account === null) return []
  return Object.entries(rules.partners)
    .filter(([name, accounts]) => accounts.includes(account) && !isOver(name, rules, now))
    .map(([name]) => {
      const [owner, until] = [rules.partnerOwners?.[name], rules.partnersUntil?.[name]]
      return { name, ...(owner === undefined ? {} : { owner }), ...(until === undefined ? {} : { until }) }
    })
}

function isOver(name: string, { partnersUntil = {} }: PartnerRules, now: Date): boolean {
  const until = partnersUntil[name]
  return until !== undefined && !(now.getTime() <= Date.parse(until))
}

/**
 * What a judging rests on besides the facts, at this time: another digest once a group's end has passed, so that what was
 * judged with that group is judged anew before it is carried out.
 */
export function policyDigestAt(rules: PartnerRules & { policyDigest: string }, now: Date): string {
  const over = Object.keys(rules.partners).filter((name) => isOver(name, rules, now))
  if (over.length === 0) return rules.policyDigest
  return createHash('sha256')
    .update(JSON.stringify([rules.policyDigest, ...over.sort()]))
    .digest('hex')
}

/** The facts with the groups that counted when they were judged, for people to read. */
export function withPartnerGroups(facts: Facts, judged: Pick<Judged, 'partnerGroups'> | undefined): Facts {
  const { partnerGroups = [] } = judged ?? {}
  if (partnerGroups.length === 0) return facts
  return { ...facts, context: { ...facts.context, partnerGroups: partnerGroups.map(wordsForGroup) } }
}

/** `As partner group network, says Jane Doe, until 2027-01-31 23:59 UTC`. */
function wordsForGroup({ name, owner, until }: PartnerGroup): string {
  const details = [
    owner === undefined ? '' : `, says ${owner}`,
    until === undefined ? '' : `, until ${formatUtc(until)}`,
  ]
  return `As partner group ${name}${details.join('')}`
}
