import { censusFailed } from '../../contract/log-lines.ts'
import { needsCensus, type Census, type CensusEntry, type Governance } from '../../domain/governed.ts'
import type { CensusStore } from '../../ledger/census-store.ts'
import { logger } from '../serve.ts'

export interface CensusDeps {
  rules: Governance
  census: CensusStore
  /** Lists the organization to its end, or throws. */
  list: (known: readonly string[]) => Promise<Omit<CensusEntry, 'since'>[]>
  now: () => Date
}

export interface Taken {
  census: Census | undefined
  /** False where it is the last one: an account that is not in it may be governed all the same. */
  isNew: boolean
}

/**
 * Lists the organization, and writes what changed. Where that fails the last census stands, until it is too old to
 * say anything.
 */
export async function takeCensus(deps: CensusDeps): Promise<Taken> {
  if (!needsCensus(deps.rules)) return { census: undefined, isNew: true }
  const before = await deps.census.read()
  try {
    const after = await listed(before, deps)
    await deps.census.replace(before, after)
    return { census: after, isNew: true }
  } catch (error) {
    logger.error(censusFailed, { lastAt: before?.at ?? 'never', error: error instanceof Error ? error : String(error) })
    return { census: before, isNew: false }
  }
}

async function listed(before: Census | undefined, { list, now }: CensusDeps): Promise<Census> {
  const at = now().toISOString()
  const since = new Map(before?.entries.map((entry) => [entry.account, entry.since]))
  const found = await list([...since.keys()])
  return { at, entries: found.map((entry) => ({ ...entry, since: since.get(entry.account) ?? at })) }
}
