import type { LedgerEvent } from '../domain/event.ts'
import type { OfferState } from '../domain/state.ts'

/** The facts that this person was last asked to decide on in an earlier round; undefined for who was not. */
export function lastAskedOn(
  approver: string,
  { state, events }: { state: OfferState; events: readonly LedgerEvent[] },
): string | undefined {
  const current = state.round?.number
  const asking = events.findLast((event) => event.round !== current && asks(event, approver))
  return asking?.factsHash ?? undefined
}

function asks(event: LedgerEvent, approver: string): boolean {
  switch (event.type) {
    case 'asked':
      return event.data.purpose === 'approval' && event.data.approvers.includes(approver)
    case 'escalated':
      return event.data.approvers.includes(approver)
    default:
      return false
  }
}
