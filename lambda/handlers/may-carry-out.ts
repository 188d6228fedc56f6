import { OfferBusy, UnexpectedAnswer } from '../contract/errors.ts'
import type { Settings } from '../contract/settings.ts'
import { mayAttempt } from '../domain/attempt.ts'
import type { Cause, Choice } from '../domain/event.ts'
import { policyDigestAt } from '../domain/partners.ts'
import type { OfferState, Round } from '../domain/state.ts'

interface Carrying {
  state: OfferState
  round: Round
  now: Date
}

/** Functions that hold different settings would send an offer round and round: after some rounds, not so fast. */
const quickRestarts = 3
const restartPauseMs = 120_000

/** Whether a worker may carry a decision out now, by the settings that it holds; else why a new round begins. */
export function mayCarryOut(action: Choice, carrying: Carrying, settings: Settings): 'go' | Cause {
  const { state, round, now } = carrying
  const may = mayAttempt({ state, round, action, mode: settings.mode, policyDigest: policyDigestAt(settings, now) })
  if (may === 'no-basis')
    throw new UnexpectedAnswer(`expected a reason to ${action} on the ledger, got none in round ${round.number}`)
  return may === 'go' ? may : notSoFast(may, carrying)
}

/** The cause of a new round, unless one began just now and others before it. */
export function notSoFast(cause: Cause, { state, round, now }: Carrying): Cause {
  const roundAgeMs = now.getTime() - Date.parse(round.inspectedAt)
  if (state.restarts >= quickRestarts && roundAgeMs < restartPauseMs)
    throw new OfferBusy(`${cause} again and again: waiting until every function has the same settings`)
  return cause
}
