import { consistencySeconds, runBackoffMs } from '../../contract/timing.ts'
import { factsHashOf, type Facts } from '../../domain/facts.ts'
import { offerIdOf, type OfferRef } from '../../domain/offer.ts'
import { afterStart, needsFacts, reconcile } from '../../domain/reconcile.ts'
import { isCurrent, type OfferState } from '../../domain/state.ts'
import type { Kind } from '../../kinds/kind.ts'
import { logger } from '../serve.ts'
import { decisionOf } from '../decision.ts'
import type { ScanDeps } from './scan-deps.ts'

/** An offer as this scan saw it at AWS. */
export interface Sighting {
  ref: OfferRef
  pending: boolean
  facts?: Facts
}

export interface ScanContext {
  kind: Kind
  deps: ScanDeps
  pace: Pace
}

/** How many seconds a start has to wait so that not more than `perSecond` begin in any second of this scan. */
export type Pace = () => number

export function createPace(perSecond: number): Pace {
  let starts = 0
  return () => Math.floor(starts++ / perSecond)
}

/** Brings ledger, workflow and AWS together for one offer, by the table of domain/reconcile.ts. */
export async function reconcileOffer(sighting: Sighting, context: ScanContext): Promise<void> {
  const { deps } = context
  const offerId = offerIdOf(sighting.ref)
  const state = await deps.ledger.read(offerId)
  const step = reconcile({
    state,
    pending: sighting.pending,
    factsHash: await factsHashFor(state, sighting, context.kind),
    mode: deps.settings.mode,
    policyDigest: deps.settings.policyDigest,
    now: deps.ledger.timeFor(state),
    consistencyMs: consistencySeconds * 1000,
    backoffMs: runBackoffMs,
  })
  switch (step.do) {
    case 'nothing':
      return
    case 'open': {
      await start(await open(offerId, sighting, deps), sighting, context)
      return
    }
    case 'reopen': {
      await start(await reopen(offerId, step, deps), sighting, context)
      return
    }
    case 'start': {
      await start(state, sighting, context)
      return
    }
    case 'wait': {
      await deps.queue.later({ offerId }, secondsUntilStart(step.until, deps.ledger.timeFor(state)))
      return
    }
  }
}

function secondsUntilStart(until: string, now: Date): number {
  return Math.ceil((Date.parse(until) - now.getTime()) / 1000)
}

async function factsHashFor(
  state: OfferState | undefined,
  { ref, facts, pending }: Sighting,
  kind: Kind,
): Promise<string | undefined> {
  if (!pending || !needsFacts(state)) return undefined
  if (facts !== undefined) return factsHashOf(facts)
  const inspection = await kind.inspect(ref)
  return inspection.state === 'pending' ? factsHashOf(inspection.facts) : undefined
}

async function open(offerId: string, { ref }: Sighting, deps: ScanDeps): Promise<OfferState | undefined> {
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
  if (recorded === undefined) return await deps.ledger.read(offerId)
  if (!recorded.stored) await deps.messenger.announce('Gatehouse Offer Opened', recorded.state)
  return recorded.state
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

/** An open case needs its current run; a run that is over without having said so died. */
async function start(state: OfferState | undefined, sighting: Sighting, context: ScanContext): Promise<void> {
  if (state?.status !== 'open') return
  const { deps, pace } = context
  const { offerId, run } = state
  const delay = state.round?.run === run ? 0 : pace()
  if (delay > 0) {
    await deps.queue.later({ offerId }, delay)
    return
  }
  const started = await deps.workflow.start({ offerId, run })
  switch (afterStart({ start: started, pending: sighting.pending, tallyDue: isTallyDue(state, deps) })) {
    case 'fail-run': {
      await failRun(state, deps)
      return
    }
    case 'look-again': {
      await wake(state, 'look-again', deps)
      return
    }
    case 'tally': {
      await wake(state, 'tally', deps)
      return
    }
    case 'nothing':
      return
  }
}

function isTallyDue(state: OfferState, { ledger, settings }: ScanDeps): boolean {
  const { round } = state
  if (round?.run !== state.run || round.judged === undefined || round.decision !== undefined) return false
  return decisionOf({ state, round, now: ledger.timeFor(state) }, settings) !== undefined
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
  if (recorded !== undefined) await deps.queue.later({ offerId }, runBackoffMs(recorded.state.failures) / 1000)
}

async function wake({ offerId, run }: OfferState, what: 'tally' | 'look-again', deps: ScanDeps): Promise<void> {
  const ask = await deps.approvals.getAsk(offerId)
  if (ask?.run === run) await deps.workflow.wake(ask.token, what)
}
