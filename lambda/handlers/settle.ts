import { AccessRefused, UnexpectedAnswer } from '../contract/errors.ts'
import type { Settings } from '../contract/settings.ts'
import type { SettleInput, SettleOutput } from '../contract/states.ts'
import { acceptsAsActive, findingOfSettlement, settlementOfFinding } from '../domain/attempt.ts'
import type { Cause, Choice, Draft, EventOf, Finding, Received } from '../domain/event.ts'
import { changedFacts, factsHashOf, type Facts, type Inspection, type Receipt } from '../domain/facts.ts'
import { findingOf } from '../domain/outcome.ts'
import { receivedOf } from '../domain/received.ts'
import { secondsToNextCheck } from '../domain/schedule.ts'
import type { OfferState, Round } from '../domain/state.ts'
import type { Kind, Settled } from '../kinds/kind.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { requireRound } from './current.ts'
import { mayCarryOut } from './may-carry-out.ts'
import { recordEnding } from './record-ending.ts'
import { logger } from './serve.ts'

export interface SettleDeps {
  ledger: Ledger
  /** Opens the kind of an offer with the role of this function and session tags that name the offer. */
  open: (state: OfferState) => Promise<Kind>
  settings: Settings
  /** True for the role that is bounded to partners: refused access then means asking people. */
  bounded: boolean
  /** Waits between readings after a call; AWS's answers may lag. */
  pause: (attempt: number) => Promise<void>
}

interface Settling {
  input: SettleInput
  action: Choice
  deps: SettleDeps
}

const readsAfterCall = 4
/** A hand-over with no known end is looked at again after a day; one past its end that AWS still shows, after 5 minutes. */
const longestHandOverSeconds = 86_400
const shortestHandOverSeconds = 300

/**
 * Carries a decision out at AWS. Reads the fold, appends `attempted`, reads the offer, compares and calls, in this
 * order: whoever dies in between leaves a record that says an answer may be ours.
 */
export async function settle(input: SettleInput, action: Choice, deps: SettleDeps): Promise<SettleOutput> {
  const settling: Settling = { input, action, deps }
  const before = requireRound(await deps.ledger.read(input.offerId), input)
  const may = check(settling, before)
  if (may !== 'go') return again(may)
  const kind = await deps.open(before.state)
  if (action === 'accept' && kind.handsOver) return await handOver(settling, kind, before)
  const attempted = await recordAttempt(settling)
  if (attempted.may !== 'go') return again(attempted.may)
  const inspection = await kind.inspect(before.state.ref)
  if (inspection.state === 'under-way') {
    const begun = await kind.noteUnderWay?.(before.state.ref)
    const result = action === 'accept' ? 'already-settled' : 'lost'
    await recordSettled(settling, before.round, { result, detail: 'read as under way', changed: [], begun })
    return again('look')
  }
  if (inspection.state !== 'pending') {
    const finding = findingOf(inspection, attempted.first ? before.state : attempted.state)
    const result = settlementOfFinding(action, finding)
    await recordEnding(input, inspection, deps.ledger)
    await recordSettled(settling, before.round, { result, detail: `read as ${inspection.state}`, changed: [] })
    return close(finding)
  }
  if (action === 'accept' && factsHashOf(inspection.facts) !== before.round.factsHash) return again('facts-changed')
  return await call(settling, kind, { ...before, facts: inspection.facts })
}

function check({ action, deps }: Settling, { state, round }: { state: OfferState; round: Round }): 'go' | Cause {
  return mayCarryOut(action, { state, round, now: deps.ledger.timeFor(state) }, deps.settings)
}

/** `attempted` is decided on the fold it is appended to: a changed case is not attempted. */
async function recordAttempt(
  settling: Settling,
): Promise<{ may: 'go'; first: boolean; state: OfferState } | { may: Cause }> {
  const { input, action, deps } = settling
  const seen: { may: 'go' | Cause } = { may: 'go' }
  const recorded = await deps.ledger.record(input.offerId, (fresh) => {
    const { state, round } = requireRound(fresh, input)
    seen.may = check(settling, { state, round })
    return seen.may === 'go'
      ? { ...draftBase(input, round, `attempted:${action}`), type: 'attempted', data: { action } }
      : undefined
  })
  if (recorded === undefined) return { may: seen.may === 'go' ? 'look' : seen.may }
  return { may: 'go', first: !recorded.stored, state: recorded.state }
}

async function call(
  settling: Settling,
  kind: Kind,
  { state, round, facts }: { state: OfferState; round: Round; facts: Facts },
): Promise<SettleOutput> {
  const { action, deps } = settling
  const settled = await settleAtAws(settling, kind, { state, round })
  if (settled === 'refused') return again('out-of-bound')
  if (settled.result === 'handed-over') throw new UnexpectedAnswer('expected an answer to a call, got a hand-over')
  const after = await readBack({ kind, state, settled, deps })
  const ours = action === 'accept' && settled.result === 'settled'
  const changed = ours ? changedByThen(after, facts) : []
  if (changed.length > 0)
    logger.error('the offer changed between compare and call', { offerId: state.offerId, changed })
  await recordSettled(settling, round, {
    result: settled.result,
    detail: `${settled.detail}; then read as ${after.state}`,
    changed,
    ...(action === 'accept' && after.state === 'accepted' ? receivedIn(after, facts) : {}),
    begun: settled.begun,
  })
  // An accept that only began something is looked after until that ends; what was read just now may lag behind.
  if (action === 'accept' && kind.watches === true && settled.result !== 'gone') return again('look')
  await recordEnding(settling.input, after, deps.ledger)
  if (settled.result === 'gone' && after.state === 'expired') return close('expired')
  if (changed.includes('identity') && after.state !== 'pending' && after.state !== 'under-way')
    return close(after.state)
  return close(findingOfSettlement(action, settled.result))
}

/** What the accept gave us, where reading the offer back has shown it: nobody has to look again. */
function receivedIn({ receipt }: { receipt?: Receipt }, decided: Facts): { received?: Received } {
  return receipt?.visible === true ? { received: receivedOf(receipt, decided) } : {}
}

/** After the call: decisive facts that differ from those decided on, or `identity` where it was another offer. */
function changedByThen(after: Inspection, decided: Facts): string[] {
  if (after.state === 'pending' || after.state === 'under-way') return []
  if (after.state !== 'accepted') return ['identity']
  return after.seen === undefined ? [] : changedFacts(decided, after.seen)
}

async function settleAtAws(
  { input, action, deps }: Settling,
  kind: Kind,
  { state, round }: { state: OfferState; round: Round },
): Promise<Settled | 'refused'> {
  try {
    const setAsActive = action === 'accept' && acceptsAsActive(round, deps.settings.setAsActive)
    return await kind.settle({ ref: state.ref, action, reason: reasonOf(round), setAsActive })
  } catch (error) {
    if (!(error instanceof AccessRefused) || !deps.bounded) throw error
    logger.error('the auto-acceptor may not accept this offer: people are asked', {
      offerId: input.offerId,
      reason: error.message,
    })
    return 'refused'
  }
}

/** For the counterparty: never our policies' texts or people's comments. */
function reasonOf(round: Round): string {
  return round.decision?.by === 'people'
    ? 'Rejected by the receiving account'
    : 'Rejected by policy of the receiving account'
}

async function readBack({
  kind,
  state,
  settled,
  deps,
}: {
  kind: Kind
  state: OfferState
  settled: Settled
  deps: SettleDeps
}): Promise<Inspection> {
  for (let attempt = 1; ; attempt += 1) {
    const inspection = await kind.inspect(state.ref)
    if (inspection.state !== 'pending' || settled.result === 'gone' || attempt === readsAfterCall) return inspection
    await deps.pause(attempt)
  }
}

/** A person accepts at AWS under their own identity: nothing is called, the case waits for what AWS says. */
async function handOver(
  { deps }: Settling,
  kind: Kind,
  { state, round }: { state: OfferState; round: Round },
): Promise<SettleOutput> {
  const inspection = await kind.inspect(state.ref)
  if (inspection.state === 'under-way') return again('look')
  if (inspection.state !== 'pending') return close(findingOf(inspection, state))
  if (factsHashOf(inspection.facts) !== round.factsHash) return again('facts-changed')
  const now = deps.ledger.timeFor(state)
  const secondsLeft = secondsToRemind(round, { deadlineAt: inspection.facts.expiresAt, now, times: deps.settings })
  return { next: 'hand-over', cause: 'look', finding: '', secondsLeft }
}

/** Until whoever was told is reminded, or AWS ends it. */
function secondsToRemind(
  { handedOverAt }: Round,
  { deadlineAt, now, times }: { deadlineAt: string | null; now: Date; times: Pick<Settings, 'remindAt'> },
): number {
  if (deadlineAt === null) return longestHandOverSeconds
  const askedAt = handedOverAt ?? now.toISOString()
  const next = secondsToNextCheck({ askedAt, deadlineAt, times: { remindAt: times.remindAt, escalateAt: 1 }, now })
  return Math.min(longestHandOverSeconds, Math.max(shortestHandOverSeconds, next))
}

async function recordSettled(
  { input, action, deps }: Settling,
  round: Round,
  { begun, ...data }: Omit<EventOf<'settled'>['data'], 'action'>,
): Promise<void> {
  const known = { action, ...data, ...(begun === undefined ? {} : { begun }) }
  await deps.ledger.record(input.offerId, (fresh) => {
    requireRound(fresh, input)
    return { ...draftBase(input, round, `settled:${action}`), type: 'settled', data: known }
  })
}

function draftBase(
  input: SettleInput,
  round: Round,
  step: string,
): Pick<Draft, 'actor' | 'run' | 'round' | 'factsHash' | 'step'> {
  return { actor: 'workflow', run: input.run, round: input.round, factsHash: round.factsHash, step }
}

function again(cause: Cause): SettleOutput {
  return { next: 'inspect', cause, finding: '', secondsLeft: 0 }
}

function close(finding: Finding): SettleOutput {
  return { next: 'close', cause: 'look', finding, secondsLeft: 0 }
}
