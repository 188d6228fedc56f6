import type { Approver } from '../../contract/settings.ts'
import type { AskInput } from '../../contract/states.ts'
import { beliefOf, holdMsOf, isTakenBack } from '../../domain/delegation.ts'
import { peopleConcerned } from '../../domain/ending.ts'
import { electorateOf, votersOf } from '../../domain/electorate.ts'
import { mayBeSamePrincipal } from '../../domain/principal.ts'
import { isDelivered, type OfferState } from '../../domain/state.ts'
import type { HoldAbout } from '../../notify/hold-words.ts'
import { requireRound } from '../current.ts'
import { deliver, forEachAtLeastTried } from '../deliver.ts'
import { logger } from '../serve.ts'
import { draftBase, type AskDeps, type Current } from './ask-deps.ts'

/**
 * Tells people that the delegator role has accepted, and how to take it back as long as that goes. Where the hold is over
 * and the task waits all the same, only the owner of the request can release it: whoever that may be is told.
 */
export async function holdAccept(input: AskInput, deps: AskDeps, current: Current): Promise<void> {
  const { ledger, workflow, settings } = deps
  const belief = beliefOf(current.state, ledger.timeFor(current.state))
  // Then nothing is released or taken back: what is due waits for the mode, not for people.
  if (settings.mode === 'observe' && belief !== 'held') return
  // It came between the step before and this one.
  if (belief === 'revoked') {
    await workflow.wake(input.token, 'tally')
    return
  }
  const about = belief === 'due' ? 'release' : 'hold'
  const people = about === 'hold' ? peopleOf(current, deps) : await ownersOf(input, deps, current)
  const told = about === 'hold' ? await recordHold(input, deps, people) : current
  await tell(input, deps, { current: told, about, people })
}

/**
 * The delegator role has lost its rights since it accepted: only people can release the access, at AWS, and the rejector
 * role takes it back. Whoever may do either is told.
 */
export async function tellStranded(input: AskInput, deps: AskDeps, current: Current): Promise<void> {
  const { state } = current
  if (state.delegation === undefined) return
  if (isTakenBack(state)) {
    // It came between the step before and this one.
    if (deps.settings.mode === 'enforce') await deps.workflow.wake(input.token, 'tally')
    return
  }
  const people = peopleOf(current, deps)
  const told = await recordStranded(input, deps, people)
  await tell(input, deps, { current: told, about: 'stranded', people })
}

type Told = Pick<Current, 'state' | 'round'>

async function recordStranded(input: AskInput, { ledger }: AskDeps, people: readonly Approver[]): Promise<Told> {
  const recorded = await ledger.record(input.offerId, (fresh) => {
    const { state, round } = requireRound(fresh, input)
    if (state.delegation?.stranded === true) return undefined
    logger.error('an accepted delegation may not be released or undone by its role any more', {
      offerId: input.offerId,
    })
    const deadline = { at: round.expiresAt ?? state.lastAt, from: 'expiry' as const }
    const data = { approvers: people.map(({ id }) => id), deadline, purpose: 'stranded' as const }
    return { ...draftBase(input, round, stepOf('stranded', state)), type: 'asked', data }
  })
  return requireRound(recorded?.state ?? (await ledger.read(input.offerId)), input)
}

async function recordHold(input: AskInput, { ledger, settings }: AskDeps, people: readonly Approver[]): Promise<Told> {
  const recorded = await ledger.record(input.offerId, (fresh, now) => {
    const { state, round } = requireRound(fresh, input)
    if (state.delegation?.told === true) return undefined
    const holdMs = holdMsOf(settings.delegationRole)
    const deadline = { at: endOfHold(state, { now, holdMs }), from: 'window' as const }
    const data = { approvers: people.map(({ id }) => id), deadline, purpose: 'hold' as const }
    return { ...draftBase(input, round, stepOf('hold', state)), type: 'asked', data }
  })
  return requireRound(recorded?.state ?? (await ledger.read(input.offerId)), input)
}

/** Where rights are taken away and given back people are told each time, in the same round, too. */
function stepOf(what: 'hold' | 'stranded', { delegation }: OfferState): string {
  return `asked:${what}:${delegation?.tellings ?? 0}`
}

/** A run that died before anybody was told has used the time up: then it begins anew. */
function endOfHold({ delegation, lastAt }: OfferState, { now, holdMs }: { now: Date; holdMs: number }): string {
  const until = delegation?.heldUntil ?? lastAt
  const isLate = delegation?.told !== true && Date.parse(until) - now.getTime() < holdMs / 2
  return isLate ? new Date(now.getTime() + holdMs).toISOString() : until
}

/** Who was asked, and whoever would be where policy accepted by itself. */
function peopleOf({ state, round }: Current, { settings }: AskDeps): Approver[] {
  const people = new Set([...peopleConcerned(state, settings), ...votersOf(electorateOf({ state, round }, settings))])
  return settings.approvers.filter(({ id }) => people.has(id))
}

/** The one whose identity it is; where nobody is known to have it, everybody. */
async function ownersOf(input: AskInput, deps: AskDeps, current: Current): Promise<Approver[]> {
  const { context } = await deps.facts.get(input.offerId, current.round.factsHash)
  const ownerId = context['ownerId']
  const people = peopleOf(current, deps)
  if (typeof ownerId !== 'string') return people
  const owners = deps.settings.approvers.filter(({ principals = [] }) =>
    principals.some((own) => mayBeSamePrincipal(own, ownerId)),
  )
  return owners.length > 0 ? owners : people
}

interface Telling {
  current: Pick<Current, 'state' | 'round'>
  about: HoldAbout
  people: readonly Approver[]
}

async function tell(input: AskInput, deps: AskDeps, { current, about, people }: Telling): Promise<void> {
  const { ledger, messenger } = deps
  const { offerId, run, round } = input
  const { state } = current
  const missing = people.filter(({ id }) => !isDelivered(current.round, about, id))
  if (missing.length === 0) return
  const facts = await deps.facts.get(offerId, current.round.factsHash)
  await forEachAtLeastTried(missing, async (approver) => {
    const channels = messenger.channelsOf(approver)
    const send: Parameters<typeof deliver>[0]['send'] = (by) =>
      messenger.tellHold({ about, state, facts, approver }, by)
    await deliver({ ledger, offerId, run, round, about, approver: approver.id, channels, send })
  })
}
