import type { Mode } from './event.ts'
import type { OfferState } from './state.ts'

export interface ReconcileInput {
  /** The fold, read consistently; undefined when the ledger does not know the offer. */
  state: OfferState | undefined
  /** Whether the offer itself, not a list, is pending at AWS. */
  pending: boolean
  /** Somebody of ours asked for it: it has a case, also where it is over before a scan has seen it. */
  asked?: boolean
  /** Of the facts now; needed only where `needsFacts` says so. */
  factsHash?: string | undefined
  mode: Mode
  policyDigest: string
  now: Date
  /** How long AWS's answers may lag behind ours. */
  consistencyMs: number
  /** Wait before the next run after this many failures in a row; never shorter than a settling attempt can live. */
  backoffMs: (failures: number) => number
}

/** What a scan does about one offer. `start` is StartExecution with the current run; then `afterStart` decides. */
export type ScanStep =
  | { do: 'nothing'; why: string }
  | { do: 'open' }
  | { do: 'start' }
  | { do: 'wait'; until: string }
  | { do: 'reopen'; why: string; alarm: boolean }

/** The table: ledger state by AWS state. */
export function reconcile(input: ReconcileInput): ScanStep {
  const { state, pending, asked = false } = input
  if (state === undefined)
    return pending || asked ? { do: 'open' } : { do: 'nothing', why: 'never seen and not pending' }
  if (state.status === 'open') return reconcileOpen(state, input)
  if (!pending) return { do: 'nothing', why: 'closed and not pending' }
  return reconcileClosed(state, input)
}

/** Pending or not, an open case needs its run; only the workflow closes it. */
function reconcileOpen(state: OfferState, { now, backoffMs }: ReconcileInput): ScanStep {
  if (state.failedAt === undefined) return { do: 'start' }
  const notBefore = Date.parse(state.failedAt) + backoffMs(state.failures)
  return now.getTime() >= notBefore ? { do: 'start' } : { do: 'wait', until: new Date(notBefore).toISOString() }
}

function reconcileClosed(state: OfferState, input: ReconcileInput): ScanStep {
  const { closed, judgedOn } = state
  if (closed === undefined) return { do: 'nothing', why: 'closed' }
  switch (closed.outcome) {
    case 'OBSERVED':
    case 'LEFT': {
      const changed = [
        judgedOn?.mode !== input.mode && 'mode',
        judgedOn?.policyDigest !== input.policyDigest && 'policy',
        input.factsHash !== undefined && judgedOn?.factsHash !== input.factsHash && 'facts',
      ].filter((name) => name !== false)
      if (changed.length === 0) return { do: 'nothing', why: 'left as judged' }
      return { do: 'reopen', why: `${changed.join(', ')} changed since it was judged`, alarm: false }
    }
    case 'ACCEPTED':
    case 'REJECTED':
      return reopenWhenSettled(closed.at, input, { why: 'still pending after our answer', alarm: true })
    case 'SUPERSEDED':
    case 'LAPSED':
    case 'WITHDRAWN':
      return reopenWhenSettled(closed.at, input, { why: 'pending again', alarm: false })
  }
}

function reopenWhenSettled(
  closedAt: string,
  { now, consistencyMs }: ReconcileInput,
  reason: { why: string; alarm: boolean },
): ScanStep {
  if (now.getTime() - Date.parse(closedAt) <= consistencyMs) return { do: 'nothing', why: 'AWS may still lag behind' }
  return { do: 'reopen', ...reason }
}

/** Whether the scan has to read the facts of a pending offer before it can reconcile. */
export function needsFacts(state: OfferState | undefined): boolean {
  return state?.closed?.outcome === 'OBSERVED' || state?.closed?.outcome === 'LEFT'
}

export interface AfterStartInput {
  /** `answered`: started now or running already, AWS answers both alike. `ended`: ExecutionAlreadyExists. */
  start: 'answered' | 'ended'
  pending: boolean
  /** Votes are enough, or it is time for the default, a reminder or an escalation, and nothing was done: a wake-up was lost. */
  tallyDue: boolean
}

/** After StartExecution: wake the run, or record that it died. */
export function afterStart({
  start,
  pending,
  tallyDue,
}: AfterStartInput): 'fail-run' | 'look-again' | 'tally' | 'nothing' {
  if (start === 'ended') return 'fail-run'
  if (!pending) return 'look-again'
  return tallyDue ? 'tally' : 'nothing'
}
