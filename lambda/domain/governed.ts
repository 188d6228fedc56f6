import { globalRegion, type OfferKind } from './kinds.ts'
import type { Target } from './offer.ts'

/** What the configuration says of whose offers are answered. */
export interface Governance {
  hubAccount: string
  hubRegion: string
  /** Kinds whose offers live in us-east-1 only. */
  globalKinds: readonly OfferKind[]
  /** Null without an organization: then there is the hub's own account and no other. */
  targets: {
    /** Roots and OUs, with all that is below them. */
    ous: readonly string[]
    only: readonly string[] | null
    except: readonly string[]
    regions: readonly string[]
    managementAccount: string | null
  } | null
  kinds: {
    default: readonly OfferKind[]
    ous: Readonly<Record<string, readonly OfferKind[]>>
    accounts: Readonly<Record<string, readonly OfferKind[]>>
  }
}

/** An active account of the organization, as the last sweep found it. */
export interface CensusEntry {
  account: string
  name: string
  /** The OU it is in, the OU above that one, up to the root. */
  path: readonly string[]
  /** ISO time at which it was first found here. */
  since: string
}

/** What is known of one account: its entry, and when the organization was last listed to its end. */
export interface Sight {
  entry?: CensusEntry | undefined
  censusAt?: string | undefined
}

export interface Census {
  at: string
  entries: readonly CensusEntry[]
}

/** An older census says nothing any more: accounts move, close and leave. */
export const censusLifeMs = 24 * 3_600_000

/** Whether the organization has to be listed to know whose offers are answered. */
export function needsCensus({ targets, kinds }: Pick<Governance, 'targets' | 'kinds'>): boolean {
  if (targets === null) return false
  return targets.ous.length > 0 || targets.managementAccount !== null || Object.keys(kinds.ous).length > 0
}

/** Kinds that are answered in an account: none where it is not governed, or where there is any doubt. */
export function governedKinds(rules: Governance, account: string, entry?: CensusEntry): readonly OfferKind[] {
  if (!isGoverned(rules, account, entry)) return []
  const { kinds } = rules
  const own = valueOf(kinds.accounts, account)
  if (own !== undefined) return own
  // What an OU above it would say is not known.
  if (entry === undefined && Object.keys(kinds.ous).length > 0) return []
  const nearest = entry?.path.find((unit) => Object.hasOwn(kinds.ous, unit))
  return (nearest === undefined ? undefined : valueOf(kinds.ous, nearest)) ?? kinds.default
}

/** Whether offers of this kind, made to this account in this region, are answered. */
export function governs(rules: Governance, { kind, account, region }: Target, sight: Sight & { now: Date }): boolean {
  return (
    governedKinds(rules, account, currentEntry(rules, account, sight)).includes(kind) &&
    regionsOf(rules, kind).includes(region)
  )
}

/** Every account, region and kind that is governed, in the order of accounts. */
export function governedTargets(rules: Governance, census: Census | undefined, now: Date): Target[] {
  const entries = new Map(census?.entries.map((entry) => [entry.account, entry]))
  const accounts = [...new Set([rules.hubAccount, ...entries.keys()])].sort()
  return accounts.flatMap((account) => {
    const entry = currentEntry(rules, account, { entry: entries.get(account), censusAt: census?.at, now })
    return governedKinds(rules, account, entry).flatMap((kind) =>
      regionsOf(rules, kind).map((region) => ({ kind, account, region })),
    )
  })
}

/** The hub's own account is governed always, so what was last known of it goes on. */
function currentEntry(
  { hubAccount }: Governance,
  account: string,
  { entry, censusAt, now }: Sight & { now: Date },
): CensusEntry | undefined {
  const isCurrent = censusAt !== undefined && now.getTime() - Date.parse(censusAt) < censusLifeMs
  return isCurrent || account === hubAccount ? entry : undefined
}

function isGoverned({ hubAccount, targets }: Governance, account: string, entry?: CensusEntry): boolean {
  if (account === hubAccount) return true
  if (targets === null || entry?.account !== account || targets.except.includes(account)) return false
  if (account === targets.managementAccount) return true
  if (targets.only !== null && !targets.only.includes(account)) return false
  return entry.path.some((unit) => targets.ous.includes(unit))
}

function regionsOf({ globalKinds, targets, hubRegion }: Governance, kind: OfferKind): readonly string[] {
  return globalKinds.includes(kind) ? [globalRegion] : (targets?.regions ?? [hubRegion])
}

function valueOf<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
