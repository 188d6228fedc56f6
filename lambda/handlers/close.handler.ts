import { RunSuperseded, ServiceUnavailable } from '../contract/errors.ts'
import { cancelLost } from '../contract/log-lines.ts'
import { closeInputSchema, type CloseInput, type CloseOutput } from '../contract/states.ts'
import type { Settings } from '../contract/settings.ts'
import { peopleConcerned, tellEndingTo } from '../domain/ending.ts'
import type { EventOf, LedgerEvent, SlackMessage } from '../domain/event.ts'
import type { OfferRef } from '../domain/offer.ts'
import { kindOfOffer, specOf } from '../domain/kinds.ts'
import { isLost, outcomeOf } from '../domain/outcome.ts'
import { isCurrent, type OfferState } from '../domain/state.ts'
import {
  digestStore,
  factsStore,
  floodStore,
  ledger,
  lookAtReceived,
  messenger,
  now,
  settings,
  tellAccepted,
  transferStore,
} from '../deps.ts'
import type { DigestStore } from '../ledger/digest-store.ts'
import type { FactsStore } from '../ledger/facts-store.ts'
import type { Recorded } from '../ledger/ledger.ts'
import type { SentMessage } from '../notify/channel.ts'
import type { TellAccepted } from '../notify/accepted-event.ts'
import type { Messenger } from '../notify/messenger.ts'
import { createRelease } from './ask/personal-asks.ts'
import { seeReceived, type SeeDeps } from './close/see-received.ts'
import { deliver, forEachAtLeastTried } from './deliver.ts'
import { logger, serve } from './serve.ts'

export interface CloseDeps extends SeeDeps {
  messenger: Messenger
  settings: Settings
  facts: Pick<FactsStore, 'get'>
  /** Where endings wait that are told of in a digest. */
  digests: Pick<DigestStore, 'putEnding'>
  /** Only where other systems are to hear of accepts, with all facts. */
  tellAccepted?: TellAccepted | undefined
  /** Gives back the place for personal messages that the case may hold. */
  releasePersonalAsk: (state: OfferState) => Promise<void>
  /** Another transfer of the certificate may be asked for. */
  endRequest: (ref: OfferRef) => Promise<void>
}

/** Records what an accept gave us, appends the outcome, then tells everybody who was asked and every system that listens. */
export async function closeCase(input: CloseInput, deps: CloseDeps): Promise<CloseOutput> {
  const { ledger, messenger } = deps
  const { offerId, run, round, finding } = input
  await seeReceived(input, deps)
  const step = { run, round, step: 'closed' }
  await endRequest(input, deps)
  const recorded = await ledger.record(offerId, (state, now, stored) => {
    if (state === undefined || (!isCurrent(state, run) && !stored(step))) {
      throw new RunSuperseded(`expected an open case in run ${run}, got one that is ${state?.status ?? 'unknown'}`)
    }
    const data = { outcome: outcomeOf(state, finding, now), finding }
    return { ...step, type: 'closed', actor: 'workflow', factsHash: state.round?.factsHash ?? null, data }
  })
  if (recorded?.event.type !== 'closed') throw new TypeError('expected the event `closed`')
  const { event } = recorded
  const { outcome } = event.data
  tellIfLost(recorded.state)
  await deps.releasePersonalAsk(recorded.state)
  await messenger.announce('Gatehouse Offer Closed', recorded.state)
  await forEachAtLeastTried([tellPeople, editMessages, tellSystems], (tell) =>
    tell(input, { ...recorded, event }, deps),
  )
  return { outcome }
}

/** Before the outcome is recorded: a request that was listed longer than its case would open it again. */
async function endRequest({ offerId, run }: CloseInput, { ledger, endRequest: end }: CloseDeps): Promise<void> {
  const kind = kindOfOffer(offerId)
  if (kind === undefined || specOf(kind).isAskedFor !== true) return
  const state = await ledger.read(offerId)
  if (state !== undefined && isCurrent(state, run)) await end(state.ref)
}

/** Our device belongs to another account although we wanted to keep it: somebody has to know, whoever found it out. */
function tellIfLost(state: OfferState): void {
  if (!isLost(state)) return
  const { offerId, ref, counterparty } = state
  logger.error(cancelLost, {
    offerId,
    account: ref.account,
    region: ref.region,
    certificateId: ref.awsId,
    counterparty,
  })
}

type Closed = Recorded & { event: EventOf<'closed'> }

/** Other systems that act on what was accepted, by Gatehouse or by hand. */
async function tellSystems(_input: CloseInput, { state }: Closed, { facts, tellAccepted }: CloseDeps): Promise<void> {
  if (tellAccepted === undefined || state.closed?.finding !== 'accepted') return
  const factsHash = state.round?.factsHash
  await tellAccepted(state, factsHash === undefined ? undefined : await facts.get(state.offerId, factsHash))
}

/** Who was asked by digest hears by digest; all others by mail, whatever way they were asked. */
async function tellPeople(input: CloseInput, closed: Closed, deps: CloseDeps): Promise<void> {
  const people = peopleConcerned(closed.state, deps.settings)
  const others = closed.state.askedByDigest ? await leaveToDigest(people, closed, deps) : people
  await mailTo(others, { input, closed, deps })
}

/** Gives back whom no digest reaches. A retry writes the same entries; whoever was told is not told again. */
async function leaveToDigest(
  people: ReadonlySet<string>,
  { state, event: { offerId, run, at }, now }: Closed,
  { digests, settings }: CloseDeps,
): Promise<ReadonlySet<string>> {
  const { groups, others } = tellEndingTo(people, state, settings)
  const entry = { about: 'outcome' as const, offerId, run, closedAt: at }
  for (const group of groups) await digests.putEnding(group, entry, now)
  return others
}

async function mailTo(
  people: ReadonlySet<string>,
  { input, closed, deps }: { input: CloseInput; closed: Closed; deps: CloseDeps },
): Promise<void> {
  const { ledger, messenger, settings } = deps
  const { offerId, run } = input
  const { state, event } = closed
  // The round that the mail bears: a run that found the offer gone at once has none of its own.
  const round = state.round?.number ?? 0
  const message = { ledger, offerId, run, round, about: 'outcome' as const, channels: ['email' as const] }
  const approvers = settings.approvers.filter(({ id }) => people.has(id))
  await forEachAtLeastTried(approvers, async (approver) => {
    const send = (): Promise<SentMessage> => messenger.tellOutcome({ state, outcome: event.data.outcome, approver })
    await deliver({ ...message, approver: approver.id, send })
  })
}

/** Each edit may wait for Slack: where it cannot be reached, the others are not tried, and the mail says it, too. */
const mostFailedEdits = 3

/** What Slack shows of this case now says how it ended. An edit that fails holds nobody up. */
async function editMessages(
  { offerId }: CloseInput,
  { state, events, event }: Closed,
  { messenger }: CloseDeps,
): Promise<void> {
  let failed = 0
  for (const message of slackMessagesOf(events, state)) {
    await messenger.edit(message, { state, outcome: event.data.outcome }).catch((error: unknown) => {
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
      facts: factsStore(),
      look: lookAtReceived(),
      tellAccepted: tellAccepted(),
      digests: digestStore(),
      releasePersonalAsk: createRelease({ floods: floodStore(), now }),
      endRequest: (ref) => transferStore().end(ref),
    }),
  about: ({ offerId, run, round, finding }, { outcome }) => ({ offerId, run, round, finding, outcome }),
})
