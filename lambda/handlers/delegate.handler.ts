import { UnexpectedAnswer } from '../contract/errors.ts'
import { delegateInputSchema, type DelegateInput, type DelegateOutput } from '../contract/states.ts'
import { beliefOf, delegatesIn, holdMsOf, type DelegationStep } from '../domain/delegation.ts'
import type { Cause, EventOf } from '../domain/event.ts'
import { changedFacts } from '../domain/facts.ts'
import { secondsUntil } from '../domain/schedule.ts'
import { delegatorWorker, ledger, settings } from '../deps.ts'
import { requireRound } from './current.ts'
import { mayCarryOut, notSoFast } from './may-carry-out.ts'
import {
  again,
  close,
  draftBase,
  hold,
  type Current,
  type DelegateDeps,
  type Delegating,
  type Taking,
} from './delegate/delegate-deps.ts'
import { preview } from './delegate/preview.ts'
import { attempt, callAndLook, checkPermissions, stepOf } from './delegate/steps.ts'
import { recordUndone, undo } from './delegate/undo.ts'
import { logger, serve } from './serve.ts'

/** Associate, check, accept, confirm, and one look more than that. */
const mostSteps = 6
/** What has no time of its own is looked at again after a day at the latest. */
const longestHoldSeconds = 86_400
const observedSeconds = 3_600

/**
 * Takes a delegation that people or policy accepted as far as it goes now: the delegator role makes it its own, has its
 * permissions checked, accepts, holds, compares and releases, or takes the accept back. Every step is decided anew on
 * ledger and AWS, so that a crash between any two leaves nothing to remember.
 */
export async function delegate(input: DelegateInput, deps: DelegateDeps): Promise<DelegateOutput> {
  for (let turn = 0; turn < mostSteps; turn += 1) {
    const current = requireRound(await deps.ledger.read(input.offerId), input)
    if (input.purpose === 'preview') return await preview(input, deps, current)
    if (!delegatesIn(deps.settings.delegationRole, current.state.ref.account))
      return again(strategyIsOff(current, deps))
    const delegating = { input, deps, delegator: await deps.open(current.state) }
    const { step, seen } = await stepOf(delegating, current)
    const done = hindrance(step, current, deps) ?? (await take(step, { ...delegating, current, seen }))
    if (done !== undefined) return done
  }
  throw new UnexpectedAnswer(`expected the delegation to come to rest after ${mostSteps} steps, got another one`)
}

/** The role has no rights there any more: Inspect says what is left to do. */
function strategyIsOff({ state, round }: Current, { ledger }: DelegateDeps): Cause {
  return notSoFast('mode-changed', { state, round, now: ledger.timeFor(state) })
}

/** Why a call may not be made now. What was accepted has its reason on the ledger; what ends it needs none but enforcing. */
function hindrance(
  { do: what }: DelegationStep,
  { state, round }: Current,
  { ledger, settings }: DelegateDeps,
): DelegateOutput | undefined {
  if (what === 'release' || what === 'undo') return settings.mode === 'observe' ? hold(observedSeconds) : undefined
  if (what !== 'associate' && what !== 'check' && what !== 'accept') return undefined
  const carrying = { state, round, now: ledger.timeFor(state) }
  const may = mayCarryOut('accept', carrying, settings)
  return may === 'go' ? undefined : again(may)
}

/** Undefined where the next step can be taken at once. */
async function take(step: DelegationStep, taking: Taking): Promise<DelegateOutput | undefined> {
  const { input, deps, delegator, current, seen } = taking
  switch (step.do) {
    case 'associate':
      if ((await attempt(taking, 'associate')) === undefined) return again('look')
      await callAndLook(taking, seen, () => delegator.associate())
      return undefined
    case 'check':
      return (await checkPermissions(taking)) === 'allowed' ? undefined : again('not-allowed')
    case 'accept':
      return await accept(taking)
    case 'confirm':
      await recordAccepted(taking, { result: 'already-settled', detail: 'the request reads ACCEPTED', changed: [] })
      return undefined
    case 'hold':
      return hold(secondsOf(current, deps))
    case 'tell-owner':
      return hold(longestHoldSeconds)
    case 'release':
      return await release(taking)
    case 'undo':
      await undo(taking)
      return undefined
    case 'look':
      return again('facts-changed')
    case 'close':
      await recordUndone(step.finding, taking)
      return close(step.finding)
    case 'fail':
      throw new UnexpectedAnswer(
        `expected a state that follows from what \`${input.offerId}\` has on the ledger, got \`${seen.state}\``,
      )
  }
}

function secondsOf({ state }: Current, { ledger }: DelegateDeps): number {
  const until = state.delegation?.heldUntil ?? state.lastAt
  return Math.min(longestHoldSeconds, Math.max(1, secondsUntil(until, ledger.timeFor(state))))
}

async function accept(taking: Taking): Promise<DelegateOutput | undefined> {
  const { delegator, current } = taking
  const attempted = await attempt(taking, 'accept')
  if (attempted === undefined) return again('look')
  // Read again behind the record: whoever accepts accepts what is there now.
  const { step, seen } = await stepOf(taking, { ...attempted, round: current.round })
  if (step.do !== 'accept') return undefined
  const after = await callAndLook(taking, seen, () => delegator.accept())
  if (after.state !== 'ACCEPTED' || after.approvedBy !== 'us') return undefined
  const changed = seen.state === 'gone' ? [] : changedFacts(seen.facts, after.facts.decisive)
  if (changed.length > 0)
    logger.error('the offer changed between compare and call', { offerId: current.state.offerId, changed })
  await recordAccepted(taking, { result: 'settled', detail: 'the request reads ACCEPTED', changed })
  return undefined
}

async function recordAccepted(
  { input, deps }: Delegating,
  data: Pick<EventOf<'settled'>['data'], 'result' | 'detail' | 'changed'>,
): Promise<void> {
  const { ledger, settings } = deps
  // The strategy may have been taken back since: the accept is held all the same.
  const holdMs = holdMsOf(settings.delegationRole)
  await ledger.record(input.offerId, (fresh, now) => {
    const { state, round } = requireRound(fresh, input)
    const { factsHash = round.factsHash } = state.delegation ?? {}
    const heldUntil = new Date(now.getTime() + holdMs).toISOString()
    return {
      ...draftBase(input, { factsHash }, 'settled:accept'),
      type: 'settled',
      data: { action: 'accept', heldUntil, ...data },
    }
  })
}

async function release(taking: Taking): Promise<DelegateOutput | undefined> {
  const { input, deps, delegator } = taking
  const attempted = await attempt(taking, 'send-token')
  if (attempted === undefined) return undefined
  const { step, seen } = await stepOf(taking, attempted)
  // The look took a while, and whoever took it back meanwhile was told so.
  if (step.do !== 'release' || !(await isStillDue(taking))) return undefined
  const after = await callAndLook(taking, seen, () => delegator.sendToken())
  if (after.state !== 'FINALIZED') return undefined
  await deps.ledger.record(input.offerId, (fresh) => {
    const { round } = requireRound(fresh, input)
    const detail = 'the request reads FINALIZED: the time of access begins'
    return { ...draftBase(input, round, 'released'), type: 'released', data: { detail } }
  })
  // One more look ends it, on what the ledger says by now.
  return undefined
}

async function isStillDue({ input, deps: { ledger } }: Delegating): Promise<boolean> {
  const { state } = requireRound(await ledger.read(input.offerId), input)
  return beliefOf(state, ledger.timeFor(state)) === 'due'
}

export const handler = serve({
  input: delegateInputSchema,
  run: (input) => delegate(input, { ledger: ledger(), open: delegatorWorker(), settings: settings() }),
  about: ({ offerId, run, round, purpose }, { next, cause, finding, secondsLeft }) => ({
    offerId,
    run,
    round,
    purpose,
    next,
    cause,
    finding,
    secondsLeft,
  }),
})
