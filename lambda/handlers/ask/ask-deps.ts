import type { Settings } from '../../contract/settings.ts'
import type { AskInput } from '../../contract/states.ts'
import type { Asking } from '../../domain/asking.ts'
import { electorateOf } from '../../domain/electorate.ts'
import type { Draft } from '../../domain/event.ts'
import type { OfferState, Round } from '../../domain/state.ts'
import type { DigestStore } from '../../ledger/digest-store.ts'
import type { ApprovalsStore } from '../../ledger/approvals-store.ts'
import type { FactsStore } from '../../ledger/facts-store.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { Messenger } from '../../notify/messenger.ts'
import type { Workflow } from '../../notify/workflow.ts'

export interface AskDeps {
  ledger: Ledger
  facts: FactsStore
  approvals: ApprovalsStore
  messenger: Messenger
  workflow: Workflow
  settings: Settings
  /** Where the asks wait that are told of in a digest. */
  digests: Pick<DigestStore, 'put'>
  /** Whether people get messages of their own about this offer, or are told of it in a digest. */
  takesPersonalAsk: (state: OfferState, round: Round) => Promise<boolean>
}

/** What it takes to know who is to be asked, and by what way. */
export interface AskingDeps extends Pick<AskDeps, 'ledger' | 'settings'> {
  messenger: Pick<Messenger, 'channelsOf'>
}

/** The case and the round that people are asked in, as last read or written. */
export interface Current {
  state: OfferState
  round: Round
  /** True for who sends what is due: who recorded it, or tries again after an attempt that died. */
  sends?: boolean | undefined
}

export function askingOf({ state, round }: Current, { ledger, messenger, settings }: AskingDeps): Asking {
  const people = new Map(settings.approvers.map((approver) => [approver.id, approver]))
  return {
    round,
    electorate: electorateOf({ state, round }, settings),
    times: settings,
    now: ledger.timeFor(state),
    channelsOf: (id) => {
      const approver = people.get(id)
      if (approver === undefined) return []
      return round.asked?.digest === true ? ['email'] : messenger.channelsOf(approver)
    },
  }
}

export function draftBase(
  { run, round }: AskInput,
  { factsHash }: Round,
  step: string,
): Pick<Draft, 'actor' | 'run' | 'round' | 'factsHash' | 'step'> {
  return { actor: 'workflow', run, round, factsHash, step }
}
