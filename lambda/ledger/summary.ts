import * as z from 'zod'
import { outcomeSchema, verdictSchema } from '../domain/event.ts'
import { specOf } from '../domain/kinds.ts'
import type { OfferState } from '../domain/state.ts'
import { openKeyOf } from './keys.ts'

export const offerStatusSchema = z.enum(['open', 'awaiting-approval', 'closed'])
export type OfferStatus = z.infer<typeof offerStatusSchema>

/** One line of the list of offers: a cache of the fold. */
export const summarySchema = z.object({
  offerId: z.string(),
  seq: z.number().int(),
  /** May not be answered any more. */
  kind: z.string(),
  account: z.string(),
  region: z.string(),
  awsId: z.string(),
  counterparty: z.string().nullable(),
  status: offerStatusSchema,
  verdict: verdictSchema.nullable(),
  deadline: z.string().nullable(),
  outcome: outcomeSchema.nullable(),
  detectedAt: z.string(),
  changedAt: z.string(),
})
export type Summary = z.infer<typeof summarySchema>

export function summaryOf(state: OfferState): Summary {
  const { ref, round, closed } = state
  const asking = round?.asked !== undefined && round.decision === undefined
  const judged = isBeingAnswered(state) ? undefined : round?.judged
  return {
    offerId: state.offerId,
    seq: state.seq,
    kind: ref.kind,
    account: ref.account,
    region: ref.region,
    awsId: ref.awsId,
    counterparty: state.counterparty,
    status: closed !== undefined ? 'closed' : asking ? 'awaiting-approval' : 'open',
    verdict: judged?.verdict ?? null,
    deadline: judged?.deadline.at ?? null,
    outcome: closed?.outcome ?? null,
    detectedAt: state.detectedAt,
    changedAt: state.lastAt,
  }
}

/** By policy, at once: what a list shows next is how that ended, or the verdict once it has failed. */
function isBeingAnswered({ ref, round, closed, failures }: OfferState): boolean {
  const { verdict, mode } = round?.judged ?? {}
  if (closed !== undefined || failures > 0 || mode !== 'enforce') return false
  return verdict === 'reject' || (verdict === 'accept' && specOf(ref.kind).acceptedBy === 'acceptors')
}

/** Attributes that the two indexes are made of; an offer is in the open index only while its case is open. */
export function indexKeysOf(summary: Summary): Record<string, string> {
  const keys = { deadlineKey: summary.deadline ?? 'none' }
  return summary.status === 'closed' ? keys : { ...keys, openKey: openKeyOf(summary) }
}

/** Whether a list would show the two alike, so that the write can be spared. The counterparty comes with the verdict. */
export function looksAlike(a: Summary, b: Summary): boolean {
  return a.status === b.status && a.verdict === b.verdict && a.deadline === b.deadline && a.outcome === b.outcome
}
