import type { LedgerEvent, Outcome, PolicyReason, Verdict, Vote } from '../../lambda/domain/event.ts'
import type { Ending, Facts } from '../../lambda/domain/facts.ts'
import { endingOfCase } from '../../lambda/domain/linked-offer.ts'
import type { OfferKind } from '../../lambda/domain/offer.ts'
import type { OfferState } from '../../lambda/domain/state.ts'
import { summaryOf, type OfferStatus, type Summary } from '../../lambda/ledger/summary.ts'
import type { OfferRecord } from './offer-reader.ts'

/** One offer as `gatehouse offers list --json` prints it; times are ISO, null when absent. */
export interface OfferJson {
  id: string
  kind: OfferKind
  account: string
  region: string
  counterparty: string | null
  status: OfferStatus
  verdict: Verdict | null
  deadline: string | null
  outcome: Outcome | null
}

/** What `gatehouse offers show --json` adds. */
export interface OfferDetailsJson extends OfferJson {
  facts: Facts | null
  /** Those that decided the round in progress, or the last one. */
  policies: PolicyReason[]
  votes: (Vote & { at: string })[]
  /** How it ended at AWS, where that is known. */
  ending: Ending | null
  /** The request that it was begun for, or what was begun for the request. */
  linked: Pick<OfferJson, 'id' | 'kind' | 'status' | 'outcome'> | null
  events: readonly LedgerEvent[]
}

export function offerJsonOf(summary: Summary): OfferJson {
  const { offerId, kind, account, region, counterparty, status, verdict, deadline, outcome } = summary
  return { id: offerId, kind, account, region, counterparty, status, verdict, deadline, outcome }
}

export function detailsOf({ state, events, facts, linked }: OfferRecord): OfferDetailsJson {
  return {
    ...offerJsonOf(summaryOf(state)),
    facts: facts ?? null,
    policies: decidingPolicies({ state }),
    votes: events.flatMap((event) => (event.type === 'voted' ? [{ ...event.data, at: event.at }] : [])),
    ending: endingOfCase(state, linked) ?? null,
    linked: linked === undefined ? null : linkOf(linked),
    events,
  }
}

function linkOf(state: OfferState): OfferDetailsJson['linked'] {
  const { id, kind, status, outcome } = offerJsonOf(summaryOf(state))
  return { id, kind, status, outcome }
}

/** What Judge went by; after people accepted, what let them as well. */
function decidingPolicies({ state: { round } }: Pick<OfferRecord, 'state'>): PolicyReason[] {
  const found = [...(round?.judged?.policies ?? []), ...(round?.approved?.policies ?? [])]
  return [...new Map(found.map((policy) => [policy.id, policy])).values()]
}
