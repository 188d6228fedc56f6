import { tallyInputSchema, type TallyInput, type TallyOutput } from '../contract/states.ts'
import type { Settings } from '../contract/settings.ts'
import type { Decision } from '../domain/event.ts'
import { ledger, settings } from '../deps.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { requireRound } from './current.ts'
import { decisionOf, secondsToWait } from './decision.ts'
import { serve } from './serve.ts'

export interface TallyDeps {
  ledger: Ledger
  settings: Settings
}

/** Counts the votes of the round and decides, or says how long to wait until there is something to do. */
export async function tallyVotes(input: TallyInput, { ledger, settings }: TallyDeps): Promise<TallyOutput> {
  const recorded = await ledger.record(input.offerId, (fresh, now) => {
    const { state, round } = requireRound(fresh, input)
    const decision = round.decision ?? decisionOf({ state, round, now }, settings)
    if (decision === undefined) return undefined
    return {
      type: 'decided',
      actor: 'workflow',
      run: input.run,
      round: input.round,
      factsHash: round.factsHash,
      step: 'decided',
      data: decision,
    }
  })
  if (recorded?.event.type === 'decided') return routeOf(recorded.event.data)
  const { state, round } = requireRound(await ledger.read(input.offerId), input)
  const left = secondsToWait({ round, now: ledger.timeFor(state) }, settings)
  return { next: 'ask', finding: '', secondsLeft: Math.max(1, left) }
}

function routeOf(decision: Decision): TallyOutput {
  switch (decision.choice) {
    case 'accept':
      return { next: 'inspect', finding: '', secondsLeft: 0 }
    case 'reject':
      return { next: 'reject', finding: '', secondsLeft: 0 }
    case 'leave':
      return { next: 'close', finding: 'left', secondsLeft: 0 }
  }
}

export const handler = serve({
  input: tallyInputSchema,
  run: (input) => tallyVotes(input, { ledger: ledger(), settings: settings() }),
  about: ({ offerId, run, round }, { next, finding }) => ({ offerId, run, round, next, finding }),
})
