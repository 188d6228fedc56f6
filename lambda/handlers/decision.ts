import type { Settings } from '../contract/settings.ts'
import { deadlineDefaultOf } from '../domain/kinds.ts'
import { electorateOf } from '../domain/electorate.ts'
import type { Decision } from '../domain/event.ts'
import { askedEnough } from '../domain/limits.ts'
import { secondsToNextCheck, secondsUntil } from '../domain/schedule.ts'
import type { OfferState, Round } from '../domain/state.ts'
import { tally } from '../domain/tally.ts'

/** What the votes and the clock say now, by the settings in force. */
export function decisionOf(
  { state, round, now }: { state: OfferState; round: Round; now: Date },
  settings: Settings,
): Decision | undefined {
  return tally({
    round,
    electorate: electorateOf({ state, round }, settings),
    byDefault: deadlineDefaultOf(state.ref.kind, settings.deadlineDefault),
    due: round.judged !== undefined && secondsUntil(round.judged.deadline.at, now) === 0,
    askedEnough: askedEnough(state),
  })
}

/** Whole seconds until people are reminded, somebody else is asked or the default stands; 0 past the deadline. */
export function secondsToWait({ round, now }: { round: Round; now: Date }, times: Settings): number {
  const { judged, asked } = round
  if (judged === undefined) return 0
  return secondsToNextCheck({ askedAt: asked?.at ?? now.toISOString(), deadlineAt: judged.deadline.at, times, now })
}
