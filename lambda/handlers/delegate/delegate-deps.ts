import type { Settings } from '../../contract/settings.ts'
import type { DelegateOutput, SettleInput } from '../../contract/states.ts'
import type { Cause, Draft, Finding } from '../../domain/event.ts'
import type { OfferState, Round } from '../../domain/state.ts'
import type { Delegator, Seen } from '../../kinds/delegator.ts'
import type { Ledger } from '../../ledger/ledger.ts'

export interface DelegateDeps {
  ledger: Ledger
  /** Opens a request with the delegator role and session tags that name the offer. */
  open: (state: OfferState) => Promise<Delegator>
  settings: Settings
}

/** The case, its round and the delegator's hand on the request. */
export interface Delegating {
  input: SettleInput
  deps: DelegateDeps
  delegator: Delegator
}

export interface Current {
  state: OfferState
  round: Round
}

/** What the ledger and a look at the request are about to lead to. */
export interface Taking extends Delegating {
  current: Current
  seen: Seen
}

export function draftBase(
  { run, round }: SettleInput,
  { factsHash }: Pick<Round, 'factsHash'>,
  step: string,
): Pick<Draft, 'actor' | 'run' | 'round' | 'factsHash' | 'step'> {
  return { actor: 'workflow', run, round, factsHash, step }
}

export function again(cause: Cause): DelegateOutput {
  return { next: 'inspect', cause, finding: '', secondsLeft: 0 }
}

export function close(finding: Finding): DelegateOutput {
  return { next: 'close', cause: 'look', finding, secondsLeft: 0 }
}

export function hold(secondsLeft: number): DelegateOutput {
  return { next: 'hold', cause: 'look', finding: '', secondsLeft }
}
