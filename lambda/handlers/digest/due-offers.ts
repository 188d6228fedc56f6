import { messagesDue } from '../../domain/asking.ts'
import { electorateOf } from '../../domain/electorate.ts'
import type { About } from '../../domain/event.ts'
import type { OfferState, Round } from '../../domain/state.ts'
import type { AskEntry } from '../../ledger/digest-store.ts'
import { inParallel } from '../parallel.ts'
import { digestWidth, type DigestDeps } from './digest-deps.ts'

/** An offer of a digest, and what there is to tell each approver. */
export interface DueOffer {
  state: OfferState
  round: Round
  deadlineAt: string
  abouts: ReadonlyMap<string, readonly About[]>
}

/** Reads every offer again: only what is still being asked counts, and only who has not voted, as in any message. */
export async function readDueOffers(
  entries: readonly AskEntry[],
  members: readonly string[],
  deps: DigestDeps,
): Promise<DueOffer[]> {
  const ids = [...new Set(entries.map(({ offerId }) => offerId))]
  const found: DueOffer[] = []
  await inParallel(ids, { width: digestWidth, makeWorker: deps.openLedger }, async (offerId, ledger) => {
    const state = await ledger.read(offerId)
    const due = state === undefined ? undefined : dueOf(state, members, { deps, now: ledger.timeFor(state) })
    if (due !== undefined) found.push(due)
  })
  return found.sort((a, b) => Date.parse(a.deadlineAt) - Date.parse(b.deadlineAt))
}

function dueOf(
  state: OfferState,
  members: readonly string[],
  { deps, now }: { deps: DigestDeps; now: Date },
): DueOffer | undefined {
  const { round } = state
  if (state.status !== 'open' || round?.run !== state.run || round.decision !== undefined) return undefined
  const deadlineAt = round.judged?.deadline.at
  if (round.asked?.digest !== true || deadlineAt === undefined || Date.parse(deadlineAt) <= now.getTime())
    return undefined
  const electorate = electorateOf({ state, round }, deps.settings)
  const asking = { round, electorate, times: deps.settings, now, channelsOf: () => ['email' as const] }
  const abouts = new Map<string, About[]>()
  for (const { about, approver } of messagesDue(asking))
    if (members.includes(approver)) abouts.set(approver, [...(abouts.get(approver) ?? []), about])
  return abouts.size === 0 ? undefined : { state, round, deadlineAt, abouts }
}
