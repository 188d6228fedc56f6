import { RunSuperseded } from '../contract/errors.ts'
import { closeInputSchema, type CloseInput, type CloseOutput } from '../contract/states.ts'
import type { Settings } from '../contract/settings.ts'
import { outcomeOf } from '../domain/outcome.ts'
import { isCurrent } from '../domain/state.ts'
import { ledger, messenger, settings } from '../deps.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { SentMessage } from '../notify/channel.ts'
import type { Messenger } from '../notify/messenger.ts'
import { deliver, forEachAtLeastTried } from './deliver.ts'
import { serve } from './serve.ts'

export interface CloseDeps {
  ledger: Ledger
  messenger: Messenger
  settings: Settings
}

/** Appends the outcome, then tells everybody who was asked and every system that listens. */
export async function closeCase(input: CloseInput, { ledger, messenger, settings }: CloseDeps): Promise<CloseOutput> {
  const { offerId, run, round, finding } = input
  const step = { run, round, step: 'closed' }
  const recorded = await ledger.record(offerId, (state, now, stored) => {
    if (state === undefined || (!isCurrent(state, run) && !stored(step))) {
      throw new RunSuperseded(`expected an open case in run ${run}, got one that is ${state?.status ?? 'unknown'}`)
    }
    const data = { outcome: outcomeOf(state, finding, now), finding }
    return { ...step, type: 'closed', actor: 'workflow', factsHash: state.round?.factsHash ?? null, data }
  })
  if (recorded?.event.type !== 'closed') throw new TypeError('expected the event `closed`')
  const { outcome } = recorded.event.data
  await messenger.announce('Gatehouse Offer Closed', recorded.state)
  const asked = settings.approvers.filter(({ id }) => recorded.state.askedPeople.has(id))
  await forEachAtLeastTried(asked, async (approver) => {
    const send = (): Promise<SentMessage> => messenger.tellOutcome({ state: recorded.state, outcome, approver })
    await deliver({ ledger, offerId, run, round, about: 'outcome', approver: approver.id, send })
  })
  return { outcome }
}

export const handler = serve({
  input: closeInputSchema,
  run: (input) => closeCase(input, { ledger: ledger(), messenger: messenger(), settings: settings() }),
  about: ({ offerId, run, round, finding }, { outcome }) => ({ offerId, run, round, finding, outcome }),
})
