import { RunSuperseded } from '../contract/errors.ts'
import { currentRound } from '../domain/rounds.ts'
import { isCurrent, type OfferState, type Round } from '../domain/state.ts'

/** The fold, if this run may still act on it; else RunSuperseded. */
export function requireCurrent(state: OfferState | undefined, run: number): OfferState {
  if (state !== undefined && isCurrent(state, run)) return state
  throw new RunSuperseded(`expected an open case in run ${run}, got ${describe(state)}`)
}

/** The same, and the round that the step speaks of. */
export function requireRound(
  state: OfferState | undefined,
  step: { run: number; round: number },
): { state: OfferState; round: Round } {
  const current = requireCurrent(state, step.run)
  const round = currentRound(current, step)
  if (round !== undefined) return { state: current, round }
  throw new RunSuperseded(`expected round ${step.round} of run ${step.run}, got ${describe(current)}`)
}

function describe(state: OfferState | undefined): string {
  if (state === undefined) return 'an offer that the ledger does not know'
  return `a case that is ${state.status} in run ${state.run}, round ${state.round?.number ?? 0}`
}
