import type { LedgerEvent, EventOf } from '../../domain/event.ts'
import { peopleConcerned } from '../../domain/ending.ts'
import type { OfferState } from '../../domain/state.ts'
import type { EndingEntry } from '../../ledger/digest-store.ts'
import { inParallel } from '../parallel.ts'
import { digestWidth, type DigestDeps } from './digest-deps.ts'

/** A case that ended, and whom of the group to tell. */
export interface Ending {
  state: OfferState
  closed: EventOf<'closed'>
  /** That of the messages about it, as Close counts. */
  round: number
  approvers: ReadonlySet<string>
}

/** Reads every case again: only its last ending counts, and only who was not told of that one. In order of their ends. */
export async function readEndings(
  entries: readonly EndingEntry[],
  members: readonly string[],
  deps: DigestDeps,
): Promise<Ending[]> {
  const found: Ending[] = []
  await inParallel(entries, { width: digestWidth, makeWorker: deps.openLedger }, async ({ offerId, run }, ledger) => {
    const { state, events } = await ledger.history(offerId)
    const closed = events.findLast((event) => event.type === 'closed')
    if (state?.status !== 'closed' || closed?.run !== run) return
    const concerned = peopleConcerned(state, deps.settings)
    const told = toldOf(closed, events)
    const approvers = new Set(members.filter((id) => concerned.has(id) && !told.has(id)))
    if (approvers.size > 0) found.push({ state, closed, round: state.round?.number ?? 0, approvers })
  })
  return found.sort((a, b) => Date.parse(a.closed.at) - Date.parse(b.closed.at))
}

/** Whatever became of the message: an ending is told by mail only, and once. */
function toldOf({ run }: EventOf<'closed'>, events: readonly LedgerEvent[]): ReadonlySet<string> {
  return new Set(
    events.flatMap((event) => {
      if (event.type !== 'delivered' || event.data.about !== 'outcome') return []
      return event.run === run ? [event.data.approver] : []
    }),
  )
}
