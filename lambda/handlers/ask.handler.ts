import { askInputSchema, type AskInput } from '../contract/states.ts'
import type { Approver, Settings } from '../contract/settings.ts'
import type { Draft } from '../domain/event.ts'
import type { Facts } from '../domain/facts.ts'
import { isDelivered, type OfferState, type Round } from '../domain/state.ts'
import { approvalsStore, factsStore, ledger, messenger, settings, workflow } from '../deps.ts'
import type { ApprovalsStore } from '../ledger/approvals-store.ts'
import type { FactsStore } from '../ledger/facts-store.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Messenger } from '../notify/messenger.ts'
import type { Workflow } from '../notify/workflow.ts'
import { requireRound } from './current.ts'
import { deliver, forEachAtLeastTried } from './deliver.ts'
import { serve } from './serve.ts'
import { decisionOf } from './decision.ts'

export interface AskDeps {
  ledger: Ledger
  facts: FactsStore
  approvals: ApprovalsStore
  messenger: Messenger
  workflow: Workflow
  settings: Settings
}

/**
 * Asks people and leaves the task waiting. The new token is written before the fold is read: a vote either finds the
 * token and wakes the task, or is in the fold that is read here.
 */
export async function askPeople(input: AskInput, deps: AskDeps): Promise<Record<string, never>> {
  const { offerId, run, round: number, token } = input
  if (!(await deps.approvals.putAsk(offerId, { token, run, try: input.try, round: number }))) return {}
  const { state, round } = requireRound(await deps.ledger.read(offerId), input)
  const now = deps.ledger.timeFor(state)
  if (
    input.purpose === 'approval' &&
    (round.decision ?? decisionOf({ state, round, now }, deps.settings)) !== undefined
  ) {
    await deps.workflow.wake(token, 'tally')
    return {}
  }
  await recordAsked(input, deps, state)
  const facts = await deps.facts.get(offerId, round.factsHash)
  await forEachAtLeastTried(toAsk(input, deps.settings, round), async (approver) => {
    await askOne({ input, deps, state, round, facts, approver })
  })
  return {}
}

/** Of a hand-over, only those who accepted hear; where policy accepted, everybody does. */
function toAsk({ purpose }: AskInput, { approvers }: Settings, round: Round): Approver[] {
  const people = round.decision?.people ?? []
  const asked =
    purpose === 'hand-over' && people.length > 0 ? approvers.filter(({ id }) => people.includes(id)) : approvers
  return asked.filter(({ id }) => !isDelivered(round, purpose, id))
}

async function recordAsked(input: AskInput, deps: AskDeps, state: OfferState): Promise<void> {
  if (input.purpose === 'approval') {
    if (state.round?.asked !== undefined) return
    // First, so that a crash in between tells other systems twice rather than never.
    await deps.messenger.announce('Gatehouse Offer Awaiting Approval', state)
  }
  await deps.ledger.record(input.offerId, (fresh) => {
    const { round } = requireRound(fresh, input)
    const approvers = toAsk(input, deps.settings, { ...round, deliveries: new Map() }).map(({ id }) => id)
    const deadline = round.judged?.deadline ?? {
      at: round.expiresAt ?? new Date(0).toISOString(),
      from: 'expiry' as const,
    }
    return { ...draftBase(input, round), type: 'asked', data: { approvers, deadline, purpose: input.purpose } }
  })
}

function draftBase(input: AskInput, round: Round): Pick<Draft, 'actor' | 'run' | 'round' | 'factsHash' | 'step'> {
  return {
    actor: 'workflow',
    run: input.run,
    round: input.round,
    factsHash: round.factsHash,
    step: `asked:${input.purpose}`,
  }
}

interface AskOne {
  input: AskInput
  deps: AskDeps
  state: OfferState
  round: Round
  facts: Facts
  approver: Approver
}

async function askOne({ input, deps, state, round, facts, approver }: AskOne): Promise<void> {
  const { ledger, messenger } = deps
  await deliver({
    ledger,
    offerId: input.offerId,
    run: input.run,
    round: input.round,
    about: input.purpose,
    approver: approver.id,
    channels: messenger.channelsOf(approver),
    send: (by) =>
      input.purpose === 'approval'
        ? messenger.askForApproval(
            {
              about: 'approval',
              state,
              round,
              facts,
              approver,
              byDefault: deps.settings.deadlineDefault[state.ref.kind],
            },
            by,
          )
        : messenger.handOver({ state, facts, approver }, by),
  })
}

export const handler = serve({
  input: askInputSchema,
  run: (input) =>
    askPeople(input, {
      ledger: ledger(),
      facts: factsStore(),
      approvals: approvalsStore(),
      messenger: messenger(),
      workflow: workflow(),
      settings: settings(),
    }),
  about: ({ offerId, run, round, purpose }) => ({ offerId, run, round, purpose }),
})
