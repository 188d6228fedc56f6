import type { Settings } from '../../contract/settings.ts'
import { CheckRunning, ServiceUnavailable, UnexpectedAnswer } from '../../contract/errors.ts'
import { mayAttempt } from '../../domain/attempt.ts'
import {
  factsHashDecidedOn,
  nextStep,
  beliefOf,
  isTakenBack,
  type DelegationStep,
  type Sight,
} from '../../domain/delegation.ts'
import type { EventOf } from '../../domain/event.ts'
import { factsHashOf } from '../../domain/facts.ts'
import { policyDigestAt } from '../../domain/partners.ts'
import type { Seen } from '../../kinds/delegator.ts'
import type { Answer } from '../../kinds/reactions.ts'
import { requireRound } from '../current.ts'
import { logger } from '../serve.ts'
import { draftBase, type Current, type Delegating } from './delegate-deps.ts'

/** Reads the request, and says what follows from it and the ledger. */
export async function stepOf(delegating: Delegating, current: Current): Promise<{ step: DelegationStep; seen: Seen }> {
  const { deps, delegator } = delegating
  const seen = await delegator.look()
  const now = deps.ledger.timeFor(current.state)
  const allowed = current.round.check?.before === 'accepting' && current.round.check.result === 'ALLOWED'
  const step = nextStep(beliefOf(current.state, now), sightOf(seen, current), { allowed })
  // A lookup that failed is no change: nothing is undone, and nothing released, because of it.
  if ((step.do === 'undo' || step.do === 'look') && isLookupLost(seen, current))
    throw new ServiceUnavailable('expected to look the counterparty up, got no answer from Organizations')
  return { step, seen }
}

function sightOf(seen: Seen, { state, round }: Current): Sight {
  if (seen.state === 'gone') return { state: 'gone', approvedBy: 'unknown', sameFacts: false, mayRelease: false }
  const sameFacts = factsHashOf(seen.facts) === factsHashDecidedOn(state, round)
  return { state: seen.state, approvedBy: seen.approvedBy, sameFacts, mayRelease: seen.mayRelease }
}

function isLookupLost(seen: Seen, { state }: Current): boolean {
  return (
    seen.state !== 'gone' &&
    seen.facts.unknown.some((name) => name.startsWith('organization')) &&
    // That ends it, whatever its facts.
    !isTakenBack(state)
  )
}

type Call = NonNullable<EventOf<'attempted'>['data']['call']>

/**
 * `attempted` is on the ledger before the call, and only on a fold that still wants the call: a revocation that came in
 * between ends it. Gives back the fold, or undefined where there is nothing to do any more.
 */
export async function attempt(delegating: Delegating, call: Call): Promise<Current | undefined> {
  const { input, deps } = delegating
  const recorded = await deps.ledger.record(input.offerId, (fresh, now) => {
    const current = requireRound(fresh, input)
    if (!isStillWanted(call, current, { now, settings: deps.settings })) return undefined
    const action = call === 'undo' ? 'reject' : 'accept'
    const factsHash = factsHashDecidedOn(current.state, current.round)
    const base = draftBase(input, { factsHash }, `attempted:${call}`)
    return { ...base, type: 'attempted', data: { action, call } }
  })
  return recorded === undefined ? undefined : requireRound(recorded.state, input)
}

function isStillWanted(
  call: Call,
  { state, round }: Current,
  { now, settings }: { now: Date; settings: Settings },
): boolean {
  const belief = beliefOf(state, now)
  const policyDigest = policyDigestAt(settings, now)
  switch (call) {
    case 'associate':
    case 'accept':
      return (
        (belief === 'decided' || belief === 'attempted') &&
        mayAttempt({ state, round, action: 'accept', mode: settings.mode, policyDigest }) === 'go'
      )
    case 'send-token':
      return belief === 'due'
    case 'undo':
      return belief !== 'decided' && belief !== 'attempted'
  }
}

/** Makes one call, and reads what came of it. A refusal that left everything as it was is loud. */
export async function callAndLook(
  { delegator }: Delegating,
  before: Seen,
  send: () => Promise<Answer<unknown>>,
): Promise<Seen> {
  let refusal: unknown
  try {
    const answer = await send()
    if (!answer.ok) refusal = new UnexpectedAnswer(answer.detail)
  } catch (error) {
    // Accept models no error for a request in the wrong state, so the state says what happened.
    if (!(error instanceof UnexpectedAnswer)) throw error
    refusal = error
  }
  const after = await delegator.look()
  if (after.state !== before.state) return after
  if (refusal instanceof Error) throw refusal
  throw new ServiceUnavailable(`expected the request to move on after the call, but it still reads ${after.state}`)
}

/** Whether IAM says that the delegator may; recorded once in a round of a run. */
export async function checkPermissions({ input, deps, delegator }: Delegating): Promise<'allowed' | 'not-allowed'> {
  const result = await delegator.check()
  if (result === 'IN_PROGRESS') throw new CheckRunning('IAM still checks what the delegator role may do')
  await deps.ledger.record(input.offerId, (fresh) => ({
    ...draftBase(input, requireRound(fresh, input).round, 'checked:accepting'),
    type: 'checked',
    data: { result, before: 'accepting' },
  }))
  if (result !== 'ALLOWED') logger.warn('the delegator role may not give this', { offerId: input.offerId, result })
  return result === 'ALLOWED' ? 'allowed' : 'not-allowed'
}
