import { RunSuperseded, ServiceUnavailable } from '../contract/errors.ts'
import { closeInputSchema, type CloseInput, type CloseOutput } from '../contract/states.ts'
import type { Approver, Settings } from '../contract/settings.ts'
import { electorateOf, votersOf } from '../domain/electorate.ts'
import type { LedgerEvent, Outcome, SlackMessage } from '../domain/event.ts'
import { outcomeOf } from '../domain/outcome.ts'
import { isCurrent, type OfferState } from '../domain/state.ts'
import { floodStore, ledger, messenger, now, settings } from '../deps.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { SentMessage } from '../notify/channel.ts'
import type { Messenger } from '../notify/messenger.ts'
import { createRelease } from './ask/personal-asks.ts'
import { deliver, forEachAtLeastTried } from './deliver.ts'
import { logger, serve } from './serve.ts'

export interface CloseDeps {
  ledger: Ledger
  messenger: Messenger
  settings: Settings
  /** Gives back the place for personal messages that the case may hold. */
  releasePersonalAsk: (state: OfferState) => Promise<void>
}

/** Appends the outcome, then tells everybody who was asked and every system that listens. */
export async function closeCase(input: CloseInput, deps: CloseDeps): Promise<CloseOutput> {
  const { ledger, messenger } = deps
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
  await deps.releasePersonalAsk(recorded.state)
  await messenger.announce('Gatehouse Offer Closed', recorded.state)
  await forEachAtLeastTried([tellPeople, editMessages], (tell) => tell(input, { ...recorded, outcome }, deps))
  return { outcome }
}

interface Closed {
  state: OfferState
  events: readonly LedgerEvent[]
  outcome: Outcome
}

/** By mail, whatever way they were asked. */
async function tellPeople({ offerId, run }: CloseInput, { state, outcome }: Closed, deps: CloseDeps): Promise<void> {
  // The round that the mail bears: a run that found the offer gone at once has none of its own.
  const round = state.round?.number ?? 0
  const message = { ledger: deps.ledger, offerId, run, round, about: 'outcome' as const, channels: ['email' as const] }
  await forEachAtLeastTried(concerned(state, deps.settings), async (approver) => {
    const send = (): Promise<SentMessage> => deps.messenger.tellOutcome({ state, outcome, approver })
    await deliver({ ...message, approver: approver.id, send })
  })
}

/** Whoever was asked since the last opening; and where there was no time to ask, whoever would have been. */
function concerned(state: OfferState, settings: Settings): Approver[] {
  const { round, askedPeople } = state
  const unasked = round?.decision?.reason === 'found-too-late' ? votersOf(electorateOf({ state, round }, settings)) : []
  const people = new Set([...askedPeople, ...unasked])
  return settings.approvers.filter(({ id }) => people.has(id))
}

/** Each edit may wait for Slack: where it cannot be reached, the others are not tried, and the mail says it, too. */
const mostFailedEdits = 3

/** What Slack shows of this case now says how it ended. An edit that fails holds nobody up. */
async function editMessages(
  { offerId }: CloseInput,
  { state, events, outcome }: Closed,
  { messenger }: CloseDeps,
): Promise<void> {
  let failed = 0
  for (const message of slackMessagesOf(events, state)) {
    await messenger.edit(message, { state, outcome }).catch((error: unknown) => {
      failed += error instanceof ServiceUnavailable ? 1 : 0
      const name = error instanceof Error ? error.name : 'unknown'
      logger.warn('a message in Slack was not edited', { offerId, error: name })
    })
    if (failed >= mostFailedEdits) return
  }
}

function slackMessagesOf(events: readonly LedgerEvent[], { openedSeq }: OfferState): SlackMessage[] {
  return events.flatMap((event) => {
    if (event.seq <= openedSeq || event.type !== 'delivered' || event.data.slack === undefined) return []
    return [event.data.slack]
  })
}

export const handler = serve({
  input: closeInputSchema,
  run: (input) =>
    closeCase(input, {
      ledger: ledger(),
      messenger: messenger(),
      settings: settings(),
      releasePersonalAsk: createRelease({ floods: floodStore(), now }),
    }),
  about: ({ offerId, run, round, finding }, { outcome }) => ({ offerId, run, round, finding, outcome }),
})
