import { ServiceThrottled, ServiceUnavailable } from '../../contract/errors.ts'
import { askLeaseSeconds, triesPerAsk } from '../../contract/timing.ts'
import type { Approver } from '../../contract/settings.ts'
import type { AskInput } from '../../contract/states.ts'
import { deadlineDefaultOf } from '../../domain/kinds.ts'
import { groupsToTell, messagesDue, stageOf, type DueMessage } from '../../domain/asking.ts'
import { electorateOf } from '../../domain/electorate.ts'
import type { About } from '../../domain/event.ts'
import type { Facts } from '../../domain/facts.ts'
import { shownFacts } from '../../domain/shown-facts.ts'
import { currentRound } from '../../domain/rounds.ts'
import { isCurrent, isDelivered, type OfferState } from '../../domain/state.ts'
import { decisionOf } from '../decision.ts'
import { deliver, forEachAtLeastTried } from '../deliver.ts'
import { logger } from '../serve.ts'
import { askingOf, type AskDeps, type Current } from './ask-deps.ts'

/** Sends whatever is due and not on its way; false when somebody could not be reached by any channel. */
export async function sendDue(input: AskInput, deps: AskDeps, current: Current): Promise<boolean> {
  const isOthers = isBeingSent(current, deps)
  const outstanding = messagesDue(askingOf(current, deps))
  if (current.round.asked?.digest === true) return await leaveToDigest(outstanding, deps, current)
  const due = outstanding.filter(({ tried }) => tried || !isOthers)
  const channel = isOthers ? undefined : channelToPostTo(deps, current)
  if (due.length === 0 && channel === undefined) return true
  const facts = await factsOf(current, input, deps)
  let reached = true
  await forEachAtLeastTried(due, async (message) => {
    reached = (await sendOne({ input, deps, current, facts, message })) && reached
  })
  if (channel !== undefined) await post({ input, deps, current, facts, channel })
  return reached
}

async function factsOf({ state, round }: Current, { offerId }: AskInput, deps: AskDeps): Promise<Facts> {
  return shownFacts(await deps.facts.get(offerId, round.factsHash), state)
}

/** Whether another attempt recorded what is due so lately that it may still be sending. */
function isBeingSent({ state, round, sends }: Current, { ledger }: AskDeps): boolean {
  if (sends === true || round.steppedAt === undefined) return false
  return ledger.timeFor(state).getTime() - Date.parse(round.steppedAt) < askLeaseSeconds * 1000
}

/** The ledger says what is due; an entry only says of which offer. */
async function leaveToDigest(due: readonly DueMessage[], deps: AskDeps, { state, round }: Current): Promise<boolean> {
  const deadlineAt = round.judged?.deadline.at
  if (deadlineAt === undefined) throw new TypeError('expected a judged round, got one without a verdict')
  const electorate = electorateOf({ state, round }, deps.settings)
  for (const group of groupsToTell(due, electorate, deps.settings.escalationGroup))
    await deps.digests.put(group, { offerId: state.offerId, deadlineAt, stage: stageOf(round) })
  return true
}

interface Sending {
  input: AskInput
  deps: AskDeps
  current: Current
  facts: Facts
}

async function sendOne({ message, ...sending }: Sending & { message: DueMessage }): Promise<boolean> {
  const { input, deps, current, facts } = sending
  const { about } = message
  const { messenger, settings, ledger } = deps
  const approver = settings.approvers.find(({ id }) => id === message.approver)
  if (approver === undefined) return false
  const byDefault = deadlineDefaultOf(current.state.ref.kind, settings.deadlineDefault)
  return await deliver({
    ledger,
    ...placeOf(input),
    about,
    approver: approver.id,
    channels: messenger.channelsOf(approver),
    isMoot: mootFor(approver.id, input, deps),
    isImpatient: input.try % triesPerAsk >= patientTries,
    send: (by) => messenger.askForApproval({ ...current, about, facts, approver, byDefault }, by),
  })
}

/** So many tries wait for a throttle, half a minute on average, before another channel is used. */
const patientTries = 6

/** Others were faster while the first were told: a vote, an answer by hand, another round. */
function mootFor(
  approver: string,
  input: AskInput,
  { ledger, settings }: AskDeps,
): (state: OfferState | undefined) => boolean {
  return (state) => {
    const round = state === undefined || !isCurrent(state, input.run) ? undefined : currentRound(state, input)
    if (state === undefined || round === undefined || round.votes.has(approver)) return true
    return (round.decision ?? decisionOf({ state, round, now: ledger.timeFor(state) }, settings)) !== undefined
  }
}

/** One post in each round; a round that is told of in a digest has none. */
function channelToPostTo({ messenger, settings }: AskDeps, { round }: Current): string | undefined {
  const channel = settings.slack?.channel
  if (channel === undefined || messenger.post === undefined || round.asked?.digest === true) return undefined
  return isDelivered(round, 'approval', readersOf(channel)) ? undefined : channel
}

/** All who read a channel, where an approver's id stands otherwise. */
function readersOf(channel: string): string {
  return `channel:${channel}`
}

/** Nobody's vote hangs on it: what passes holds up no asking, and is tried again when people are asked again. */
async function post({ channel, ...sending }: Sending & { channel: string }): Promise<void> {
  const { input, deps, current, facts } = sending
  const { ledger, messenger, settings } = deps
  const { post: send } = messenger
  if (send === undefined) return
  const byDefault = deadlineDefaultOf(current.state.ref.kind, settings.deadlineDefault)
  try {
    await deliver({
      ledger,
      ...placeOf(input),
      about: 'approval',
      approver: readersOf(channel),
      channels: ['slack'],
      isMoot: mootFor(readersOf(channel), input, deps),
      send: () => send({ ...current, facts, byDefault }),
    })
  } catch (error) {
    if (!(error instanceof ServiceUnavailable) && !(error instanceof ServiceThrottled)) throw error
    logger.warn('the channel was not told', { offerId: input.offerId, error: error.name })
  }
}

/** Tells these approvers to accept at AWS under their own identity, or reminds them. */
export async function sendHandOver(
  input: AskInput,
  deps: AskDeps,
  { about, approvers, ...current }: Current & { about: About; approvers: readonly Approver[] },
): Promise<void> {
  const { ledger, messenger } = deps
  const { state } = current
  const facts = await factsOf(current, input, deps)
  await forEachAtLeastTried(approvers, async (approver) => {
    const channels = messenger.channelsOf(approver)
    const send: Parameters<typeof deliver>[0]['send'] = (by) =>
      messenger.handOver({ state, facts, approver, about }, by)
    await deliver({ ledger, ...placeOf(input), about, approver: approver.id, channels, send })
  })
}

function placeOf({ offerId, run, round }: AskInput): { offerId: string; run: number; round: number } {
  return { offerId, run, round }
}
