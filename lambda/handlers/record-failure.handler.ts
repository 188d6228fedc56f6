import { recordFailureInputSchema, type RecordFailureInput } from '../contract/states.ts'
import { isCurrent } from '../domain/state.ts'
import { ledger, seldomMessenger, settings } from '../deps.ts'
import { serve } from './serve.ts'
import { tellOfTrouble, type TroubleDeps } from './trouble.ts'

/** Ends the run, not the case: the next scan starts the next run. After five in a row a person is told. */
export async function recordFailure(
  input: RecordFailureInput,
  { ledger, messenger, settings }: TroubleDeps,
): Promise<Record<string, never>> {
  const { offerId, run } = input
  const step = { run, round: 0, step: 'failed' }
  const recorded = await ledger.record(offerId, (state, _now, stored) => {
    if (state === undefined || (!isCurrent(state, run) && !stored(step))) return undefined
    return {
      ...step,
      type: 'failed',
      actor: 'workflow',
      factsHash: state.round?.factsHash ?? null,
      data: { error: input.error.slice(0, 256), detail: input.detail.slice(0, 2_000) },
    }
  })
  if (recorded !== undefined) await tellOfTrouble(recorded.state, input.error, { ledger, messenger, settings })
  return {}
}

export const handler = serve({
  input: recordFailureInputSchema,
  run: (input) => recordFailure(input, { ledger: ledger(), messenger: seldomMessenger(), settings: settings() }),
  about: ({ offerId, run, error }) => ({ offerId, run, error }),
})
