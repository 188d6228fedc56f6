import type { Approver } from '../../contract/settings.ts'
import type { AskInput } from '../../contract/states.ts'
import { electorateOf, votersOf } from '../../domain/electorate.ts'
import type { About } from '../../domain/event.ts'
import { remindersDue } from '../../domain/schedule.ts'
import { isDelivered, type Round } from '../../domain/state.ts'
import { requireRound } from '../current.ts'
import { draftBase, type AskDeps, type Current } from './ask-deps.ts'
import { sendHandOver } from './send.ts'

/**
 * Asks those who accepted to do it at AWS, and reminds them; where policy accepted, those who would have been asked. The
 * schedule is that of any asking, between the hand-over and the end that AWS sets.
 */
export async function handOver(input: AskInput, deps: AskDeps, current: Current): Promise<void> {
  const recorded = await deps.ledger.record(input.offerId, (fresh) => {
    const { state, round } = requireRound(fresh, input)
    const approvers = toHandTo({ state, round }, deps).map(({ id }) => id)
    const deadline = round.judged?.deadline ?? { at: round.expiresAt ?? new Date(0).toISOString(), from: 'expiry' }
    const data = { approvers, deadline, purpose: 'hand-over' as const }
    return { ...draftBase(input, round, 'asked:hand-over'), type: 'asked', data }
  })
  const about = newestMessage(recorded?.state.round, deps, current)
  const isTold = (id: string): boolean => isDelivered(current.round, about, id)
  const approvers = toHandTo(current, deps).filter(({ id }) => !isTold(id))
  await sendHandOver(input, deps, { ...current, about, approvers })
}

/** The hand-over itself, or the newest reminder of it that is due. */
function newestMessage(told: Round | undefined, deps: AskDeps, { state, round }: Current): About {
  if (told?.handedOverAt === undefined || round.expiresAt === null) return 'hand-over'
  const now = deps.ledger.timeFor(state)
  const stage = remindersDue({ askedAt: told.handedOverAt, deadlineAt: round.expiresAt, times: deps.settings, now })
  return stage === 0 ? 'hand-over' : `hand-over-${stage}`
}

function toHandTo({ state, round }: Current, { settings }: AskDeps): Approver[] {
  const accepted = round.decision?.people ?? []
  const people = accepted.length > 0 ? new Set(accepted) : votersOf(electorateOf({ state, round }, settings))
  return settings.approvers.filter(({ id }) => people.has(id))
}
