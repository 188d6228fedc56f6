import { failuresBeforeTelling } from '../contract/timing.ts'
import { recordFailureInputSchema, type RecordFailureInput } from '../contract/states.ts'
import type { Settings } from '../contract/settings.ts'
import { isCurrent } from '../domain/state.ts'
import { ledger, messenger, settings } from '../deps.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Messenger } from '../notify/messenger.ts'
import { deliver } from './deliver.ts'
import { serve } from './serve.ts'

export interface FailureDeps {
  ledger: Ledger
  messenger: Messenger
  settings: Settings
}

/** Ends the run, not the case: the next scan starts the next run. After five in a row a person is told. */
export async function recordFailure(
  input: RecordFailureInput,
  { ledger, messenger, settings }: FailureDeps,
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
  if (recorded === undefined || recorded.state.failures === 0 || recorded.state.failures % failuresBeforeTelling !== 0)
    return {}
  for (const approver of settings.approvers) {
    const send = (): Promise<string> => messenger.tellTrouble({ state: recorded.state, error: input.error, approver })
    await deliver({ ledger, offerId, run, round: 0, about: 'trouble', approver: approver.id, send })
  }
  return {}
}

export const handler = serve({
  input: recordFailureInputSchema,
  run: (input) => recordFailure(input, { ledger: ledger(), messenger: messenger(), settings: settings() }),
  about: ({ offerId, run, error }) => ({ offerId, run, error }),
})
