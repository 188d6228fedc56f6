import type { Cause } from './event.ts'
import type { OfferState, Round } from './state.ts'

export interface RoundInput {
  run: number
  /** The round the run is in; 0 before its first inspection. */
  round: number
  cause: Cause
  /** Of the facts that AWS gives now. */
  factsHash: string
}

/** `same`: nothing to append. `stored`: this inspection was appended before. `next`: append it under this number. */
export type RoundStep = { step: 'same' | 'stored'; round: number } | { step: 'next'; round: number; cause: Cause }

/**
 * Which round an inspection belongs to. Only a transition that says so, or other facts, begins the next round; a new
 * run that finds the last round's facts continues that round and its votes.
 */
export function roundOf(state: OfferState, input: RoundInput): RoundStep {
  const { round } = state
  const mine = round?.run === input.run ? round : undefined
  if (mine !== undefined && mine.number > input.round) return { step: 'stored', round: mine.number }
  if (mine === undefined) return firstOfRun(state, input)
  if (input.cause !== 'look' && input.cause !== 'first')
    return { step: 'next', round: input.round + 1, cause: input.cause }
  if (mine.factsHash === input.factsHash) return { step: 'same', round: mine.number }
  return { step: 'next', round: input.round + 1, cause: 'facts-changed' }
}

function firstOfRun(state: OfferState, { factsHash }: RoundInput): RoundStep {
  const { round, lastRound } = state
  if (round === undefined) return { step: 'next', round: lastRound + 1, cause: 'first' }
  if (round.factsHash === factsHash) {
    // What the bounded role was refused once is not tried by the next run.
    return { step: 'next', round: round.number, cause: round.cause === 'out-of-bound' ? 'out-of-bound' : 'look' }
  }
  return { step: 'next', round: lastRound + 1, cause: 'facts-changed' }
}

/** The round a step speaks of, if it is still the current one of this run. */
export function currentRound(state: OfferState, step: { run: number; round: number }): Round | undefined {
  const { round } = state
  return round?.run === step.run && round.number === step.round ? round : undefined
}
