import { CheckRunning } from '../../contract/errors.ts'
import type { DelegateInput, DelegateOutput } from '../../contract/states.ts'
import type { PermissionCheck } from '../../domain/event.ts'
import { requireRound } from '../current.ts'
import { secondsToWait } from '../decision.ts'
import { draftBase, type Current, type DelegateDeps } from './delegate-deps.ts'

/** So long people wait for the check before they are asked without it. */
const previewMs = 2 * 60_000

/** Lets those who are about to be asked know whether the delegator role may give what is asked for. Changes nothing. */
export async function preview(input: DelegateInput, deps: DelegateDeps, current: Current): Promise<DelegateOutput> {
  const result = current.round.check?.result ?? (await resultWithin(deps, current))
  const recorded = await deps.ledger.record(input.offerId, (fresh) => ({
    ...draftBase(input, requireRound(fresh, input).round, 'checked:asking'),
    type: 'checked',
    data: { result, before: 'asking' },
  }))
  const { state, round } = requireRound(recorded?.state, input)
  const secondsLeft = secondsToWait({ round, now: deps.ledger.timeFor(state) }, deps.settings)
  return { next: 'ask', cause: 'look', finding: '', secondsLeft }
}

async function resultWithin({ ledger, open }: DelegateDeps, { state, round }: Current): Promise<PermissionCheck> {
  const delegator = await open(state)
  const result = await delegator.check()
  if (result !== 'IN_PROGRESS') return result
  const waitedMs = ledger.timeFor(state).getTime() - Date.parse(round.inspectedAt)
  if (waitedMs < previewMs) throw new CheckRunning('IAM still checks what the delegator role may do')
  return 'TIMED_OUT'
}
