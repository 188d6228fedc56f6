import { inspectInputSchema, type InspectInput, type InspectOutput } from '../contract/states.ts'
import type { Settings } from '../contract/settings.ts'
import { delegatesIn, isTakenBack } from '../domain/delegation.ts'
import type { Draft } from '../domain/event.ts'
import { factsHashOf, type Facts, type Inspection } from '../domain/facts.ts'
import type { JsonObject } from '../domain/json.ts'
import type { OfferRef } from '../domain/offer.ts'
import { findingOf } from '../domain/outcome.ts'
import { roundOf } from '../domain/rounds.ts'
import type { OfferState } from '../domain/state.ts'
import { factsStore, kindDescriber, kindReader, ledger, settings } from '../deps.ts'
import type { FactsStore } from '../ledger/facts-store.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { requireCurrent } from './current.ts'
import { recordEnding } from './record-ending.ts'
import { serve } from './serve.ts'

export interface InspectDeps {
  ledger: Ledger
  facts: FactsStore
  /** `fresh`: rests on no lookup that is kept. */
  inspect: (ref: OfferRef, how: { fresh: boolean }) => Promise<Inspection>
  /** What helps people to read it: asked for once in a round. */
  describe: (ref: OfferRef) => Promise<JsonObject>
  settings: Pick<Settings, 'mode' | 'delegationRole'>
}

/** Reads the offer at AWS and begins a round on its facts, or goes on with the round it is in. */
export async function inspectOffer(input: InspectInput, deps: InspectDeps): Promise<InspectOutput> {
  const state = requireCurrent(await deps.ledger.read(input.offerId), input.run)
  // A later look follows people's accept or a worker's, which found other facts: a kept lookup would undo it.
  const seen = await deps.inspect(state.ref, { fresh: input.round > 0 })
  const inspection = toGoOnWith(seen, state)
  if (inspection.state === 'under-way') return { next: 'watch', round: input.round, step: input.step, finding: '' }
  if (inspection.state !== 'pending') {
    await recordEnding(input, inspection, deps.ledger)
    return { next: 'close', round: input.round, step: input.step, finding: findingOf(inspection, state) }
  }
  const factsHash = factsHashOf(inspection.facts)
  const next = seen.state === 'pending' ? 'judge' : nextOfAccepted(state, deps.settings)
  const at = roundOf(state, { ...input, factsHash })
  if (at.step === 'same') return { next, round: at.round, step: input.step, finding: '' }
  const facts = { ...inspection.facts, context: { ...inspection.facts.context, ...(await deps.describe(state.ref)) } }
  // Before the event that names them, so that no round is without its facts.
  await deps.facts.put(input.offerId, factsHash, facts)
  const recorded = await deps.ledger.record(input.offerId, (fresh) => {
    const step = roundOf(requireCurrent(fresh, input.run), { ...input, factsHash })
    return draftOf(input, inspection.facts, {
      factsHash,
      round: step.round,
      cause: step.step === 'next' ? step.cause : input.cause,
    })
  })
  return { next, round: recorded?.event.round ?? input.round, step: 'judged', finding: '' }
}

/** What our delegator role has accepted, and not released, is not at its end: a later run takes it up. */
function toGoOnWith(seen: Inspection, { delegation }: OfferState): Inspection {
  if (seen.state !== 'accepted' || seen.unreleased === undefined || delegation === undefined) return seen
  return { state: 'pending', facts: seen.unreleased }
}

/** A role that may work there no more can neither release it nor take it back: people do the one, the rejector the other. */
function nextOfAccepted(state: OfferState, { mode, delegationRole }: InspectDeps['settings']): InspectOutput['next'] {
  if (delegatesIn(delegationRole, state.ref.account)) return 'delegate'
  return mode === 'enforce' && isTakenBack(state) ? 'reject' : 'watch'
}

function draftOf(
  input: InspectInput,
  facts: Facts,
  round: Pick<Draft, 'round' | 'factsHash'> & { cause: InspectInput['cause'] },
): Draft {
  const { counterparty, offeredAt, expiresAt, unknown, initiator } = facts
  return {
    type: 'inspected',
    actor: 'workflow',
    run: input.run,
    round: round.round,
    factsHash: round.factsHash,
    step: 'inspected',
    data: {
      ...{ cause: round.cause, counterparty, offeredAt, expiresAt, unknown },
      ...(initiator === undefined ? {} : { initiator }),
    },
  }
}

export const handler = serve({
  input: inspectInputSchema,
  run: (input) =>
    inspectOffer(input, {
      ledger: ledger(),
      facts: factsStore(),
      inspect: (ref, { fresh }) => kindReader()(ref, { fresh, named: true }),
      describe: kindDescriber(),
      settings: settings(),
    }),
  about: ({ offerId, run }, { next, round, finding }) => ({ offerId, run, next, round, finding }),
})
