import type { Approver } from '../../contract/settings.ts'
import type { AskInput } from '../../contract/states.ts'
import { electorateOf, votersOf } from '../../domain/electorate.ts'
import { isDelivered } from '../../domain/state.ts'
import { requireRound } from '../current.ts'
import { draftBase, type AskDeps, type Current } from './ask-deps.ts'
import { sendHandOver } from './send.ts'

/** Asks those who accepted to do it at AWS; where policy accepted, those who would have been asked. */
export async function handOver(input: AskInput, deps: AskDeps, current: Current): Promise<void> {
  await deps.ledger.record(input.offerId, (fresh) => {
    const { state, round } = requireRound(fresh, input)
    const approvers = toHandTo({ state, round }, deps).map(({ id }) => id)
    const deadline = round.judged?.deadline ?? { at: round.expiresAt ?? new Date(0).toISOString(), from: 'expiry' }
    const data = { approvers, deadline, purpose: 'hand-over' as const }
    return { ...draftBase(input, round, 'asked:hand-over'), type: 'asked', data }
  })
  const approvers = toHandTo(current, deps).filter(({ id }) => !isDelivered(current.round, 'hand-over', id))
  await sendHandOver(input, deps, { ...current, approvers })
}

function toHandTo({ state, round }: Current, { settings }: AskDeps): Approver[] {
  const accepted = round.decision?.people ?? []
  const people = accepted.length > 0 ? new Set(accepted) : votersOf(electorateOf({ state, round }, settings))
  return settings.approvers.filter(({ id }) => people.has(id))
}
