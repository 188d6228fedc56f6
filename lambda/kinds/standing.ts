import type { Standing } from '../domain/facts.ts'

export interface LookUp {
  /** Asks again even where an answer is kept: an accept rests on no kept one. */
  fresh: boolean
  /** OUs by their names, for people to read; a worker that only compares needs none. */
  named: boolean
}

export type StandingOf = (account: string | null) => Promise<Standing>

export const notLookedUp: Standing = { membership: 'not-configured', path: null, unit: null, accountName: null }
export const unknownStanding: Standing = { ...notLookedUp, membership: 'unknown' }
