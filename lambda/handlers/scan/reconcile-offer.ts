import { consistencySeconds, runBackoffMs } from '../../contract/timing.ts'
import { factsHashOf, type Facts, type Inspection } from '../../domain/facts.ts'
import { specOf } from '../../domain/kinds.ts'
import { offerIdOf, type OfferRef } from '../../domain/offer.ts'
import { policyDigestAt } from '../../domain/partners.ts'
import { afterStart, needsFacts, reconcile } from '../../domain/reconcile.ts'
import { isCurrent, type OfferState } from '../../domain/state.ts'
import type { Kind } from '../../kinds/kind.ts'
import { isOverdue } from '../ask/overdue.ts'
import { logger } from '../serve.ts'
import { decisionOf } from '../decision.ts'
import { tellOfTrouble } from '../trouble.ts'
import { isLately } from './lately.ts'
import type { ScanDeps } from './scan-deps.ts'

/** An offer as this scan saw it at AWS. */
export interface Sighting {
  ref: OfferRef
  pending: boolean
  /** Somebody of ours asked for it. */
  asked?: boolean
  /** What it says now, where this scan has read or listed it. */
  facts?: (() => Promise<Facts>) | undefined
  /** ARN of who began our outgoing transfer, where the hint said so. */
  initiator?: string | undefined
  /** Only what is new matters: a case that somebody wrote to just now is left to them. */
  byEvent?: boolean
}

export interface ScanContext {
  kind: Kind
  deps: ScanDeps
}

/** SQS holds a message back no longer; a start further away is left to the next sweep, which finds the case open. */
const longestDelaySeconds = 900

/** Brings ledger, workflow and AWS together for one offer, by the table of domain/reconcile.ts; gives the fold. */
export async function reconcileOffer(sighting: Sighting, context: ScanContext): Promise<OfferState | undefined> {
  const { deps } = context
  const offerId = offerIdOf(sighting.ref)
  const state = await deps.ledger.read(offerId)
  const now = deps.ledger.timeFor(state)
  if (sighting.byEvent === true && isBusy(state, now)) return state
  const step = reconcile({
    state,
    pending: sighting.pending,
    asked: sighting.asked === true,
    factsHash: await factsHashFor(state, sighting, context),
    mode: deps.settings.mode,
    policyDigest: policyDigestAt(deps.settings, now),
    now,
    consistencyMs: consistencySeconds * 1000,
    backoffMs: runBackoffMs,
  })
  switch (step.do) {
    case 'nothing':
      return state
    case 'open':
      return await start(await open(offerId, sighting, deps), sighting, deps)
    case 'reopen':
      return await start(await reopen(offerId, step, deps), sighting, deps)
    case 'start':
      return await start(state, sighting, deps)
    case 'wait': {
      await deps.queue.later({ offerId }, secondsUntilStart(step.until, deps.ledger.timeFor(state)))
      return await notice(state, sighting, deps)
    }
  }
}

/** Another instance has just opened it, or its run is at work. */
function isBusy(state: OfferState | undefined, now: Date): boolean {
  return state?.status === 'open' && isLately(Date.parse(state.lastAt), now.getTime())
}

function secondsUntilStart(until: string, now: Date): number {
  return Math.ceil((Date.parse(until) - now.getTime()) / 1000)
}

async function factsHashFor(
  state: OfferState | undefined,
  sighting: Sighting,
  context: ScanContext,
): Promise<string | undefined> {
  if (!sighting.pending || !needsFacts(state)) return undefined
  const factsHash = await seenHash(sighting, context.kind)
  if (factsHash === undefined || factsHash === state?.judgedOn?.factsHash) return factsHash
  // A listing may rest on a kept lookup, and an old one must open nothing.
  return pendingHash(await context.deps.lookAfresh(sighting.ref))
}

async function seenHash({ ref, facts }: Sighting, kind: Kind): Promise<string | undefined> {
  return facts === undefined ? pendingHash(await kind.inspect(ref)) : factsHashOf(await facts())
}

function pendingHash(inspection: Inspection): string | undefined {
  return inspection.state === 'pending' ? factsHashOf(inspection.facts) : undefined
}

async function open(offerId: string, { ref }: Sighting, deps: ScanDeps): Promise<OfferState | undefined> {
  // First, so that a crash in between tells other systems twice rather than never.
  await deps.messenger.announce('Gatehouse Offer Opened', { offerId, ref, run: 1, counterparty: null })
  const recorded = await deps.ledger.record(offerId, (state) =>
    state === undefined
      ? {
          type: 'detected',
          actor: 'scan',
          run: 1,
          round: 0,
          factsHash: null,
          step: 'detected',
          data: { ref, counterparty: null },
        }
      : undefined,
  )
  return recorded?.state ?? (await deps.ledger.read(offerId))
}

async function reopen(
  offerId: string,
  { why, alarm }: { why: string; alarm: boolean },
  deps: ScanDeps,
): Promise<OfferState | undefined> {
  const recorded = await deps.ledger.record(offerId, (state) =>
    state?.status === 'closed'
      ? {
          type: 'reopened',
          actor: 'scan',
          run: state.run + 1,
          round: 0,
          factsHash: null,
          step: 'reopened',
          data: { why, alarm },
        }
      : undefined,
  )
  if (recorded?.stored === false && alarm) logger.error('an offer that we answered is still pending', { offerId, why })
  return recorded?.state ?? (await deps.ledger.read(offerId))
}

/** An event that is late tells of an older transfer, and then another one of this; what is forged is bounded. */
const mostInitiators = 10

/** Records who began our outgoing transfer, each once; a closed case has no use for it. */
async function notice(
  state: OfferState | undefined,
  { initiator }: Sighting,
  deps: ScanDeps,
): Promise<OfferState | undefined> {
  if (state === undefined || initiator === undefined) return state
  if (specOf(state.ref.kind).begunBy === undefined) return state
  const { offerId, initiators } = state
  if (initiators.length >= mostInitiators && !initiators.includes(initiator))
    logger.error('too many are said to have begun one transfer: this one is not kept', { offerId, initiator })
  const recorded = await deps.ledger.record(offerId, (fresh) =>
    fresh?.status === 'open' && isNews(initiator, fresh.initiators)
      ? {
          type: 'noticed',
          actor: 'scan',
          run: fresh.run,
          round: 0,
          factsHash: null,
          step: `noticed:${fresh.initiators.length + 1}`,
          data: { initiator },
        }
      : undefined,
  )
  return recorded?.state ?? state
}

function isNews(initiator: string, known: readonly string[]): boolean {
  return known.length < mostInitiators && !known.includes(initiator)
}

/** An open case needs its current run; a run that is over without having said so died. */
async function start(
  found: OfferState | undefined,
  sighting: Sighting,
  deps: ScanDeps,
): Promise<OfferState | undefined> {
  // First, so that who began the transfer is not asked about it.
  const state = await notice(found, sighting, deps)
  if (state?.status !== 'open') return state
  const { offerId, run } = state
  const delay = state.round?.run === run ? 0 : deps.pace(state.ref)
  if (delay > 0) {
    if (delay <= longestDelaySeconds) await deps.queue.later({ offerId }, delay)
    return state
  }
  const started = await deps.workflow.start({ offerId, run })
  await follow(
    afterStart({ start: started, pending: sighting.pending, tallyDue: isTallyDue(state, deps) }),
    state,
    deps,
  )
  return state
}

async function follow(what: ReturnType<typeof afterStart>, state: OfferState, deps: ScanDeps): Promise<void> {
  switch (what) {
    case 'fail-run': {
      await failRun(state, deps)
      return
    }
    case 'look-again':
    case 'tally': {
      await wake(state, what, deps)
      return
    }
    case 'nothing':
      return
  }
}

function isTallyDue(state: OfferState, deps: ScanDeps): boolean {
  const { ledger, settings } = deps
  const { round } = state
  if (round?.run !== state.run || round.judged?.verdict !== 'review' || round.decision !== undefined) return false
  return (
    decisionOf({ state, round, now: ledger.timeFor(state) }, settings) !== undefined ||
    isOverdue({ state, round }, deps)
  )
}

async function failRun({ offerId, run }: OfferState, deps: ScanDeps): Promise<void> {
  const recorded = await deps.ledger.record(offerId, (state) =>
    state !== undefined && isCurrent(state, run)
      ? {
          type: 'failed',
          actor: 'scan',
          run,
          round: 0,
          factsHash: state.round?.factsHash ?? null,
          step: 'failed',
          data: { error: 'RunDied', detail: 'the run ended without closing the case or recording why' },
        }
      : undefined,
  )
  if (recorded === undefined) return
  await deps.queue.later({ offerId }, runBackoffMs(recorded.state.failures) / 1000)
  await tellOfTrouble(recorded.state, 'RunDied', deps)
}

async function wake({ offerId, run }: OfferState, what: 'tally' | 'look-again', deps: ScanDeps): Promise<void> {
  const ask = await deps.approvals.getAsk(offerId)
  if (ask?.run === run) await deps.workflow.wake(ask.token, what)
}
