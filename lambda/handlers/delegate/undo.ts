import { UnexpectedAnswer } from '../../contract/errors.ts'
import type { SettleInput, SettleOutput } from '../../contract/states.ts'
import type { Finding } from '../../domain/event.ts'
import { requireRound } from '../current.ts'
import { notSoFast } from '../may-carry-out.ts'
import { logger } from '../serve.ts'
import { draftBase, type DelegateDeps, type Taking } from './delegate-deps.ts'
import { attempt, callAndLook, stepOf } from './steps.ts'

/** Reject, and a look at what came of it; one more for a change in between. */
const mostSteps = 3

/**
 * Takes an accept back with the rejector role, where the delegator has no rights any more. It releases nothing: what the
 * table says besides is for people.
 */
export async function takeBack(input: SettleInput, deps: DelegateDeps): Promise<SettleOutput> {
  for (let turn = 0; turn < mostSteps; turn += 1) {
    const current = requireRound(await deps.ledger.read(input.offerId), input)
    const carrying = { ...current, now: deps.ledger.timeFor(current.state) }
    if (deps.settings.mode === 'observe') return outputOf('inspect', { cause: notSoFast('mode-changed', carrying) })
    const delegating = { input, deps, delegator: await deps.open(current.state) }
    const { step, seen } = await stepOf(delegating, current)
    const taking = { ...delegating, current, seen }
    if (step.do === 'close') {
      await recordUndone(step.finding, taking)
      return outputOf('close', { finding: step.finding })
    }
    if (step.do !== 'undo') break
    await undo(taking)
  }
  throw new UnexpectedAnswer(`expected \`${input.offerId}\` to be taken back, got a request that stays as it is`)
}

function outputOf(
  next: SettleOutput['next'],
  { cause = 'look', finding = '' }: Partial<Pick<SettleOutput, 'cause' | 'finding'>>,
): SettleOutput {
  return { next, cause, finding, secondsLeft: 0 }
}

/** Before the access is released, rejecting the accepted request takes everything back. */
export async function undo(taking: Taking): Promise<void> {
  const { delegator } = taking
  const attempted = await attempt(taking, 'undo')
  if (attempted === undefined) return
  const { step, seen } = await stepOf(taking, attempted)
  if (step.do === 'undo') await callAndLook(taking, seen, () => delegator.undo())
}

/** What became of taking it back, whoever brought the request to its end; nothing where nobody wanted to. */
export async function recordUndone(finding: Finding, { input, deps, current, seen }: Taking): Promise<void> {
  const { delegation } = current.state
  if (delegation?.undoing !== true && delegation?.revoked === undefined) return
  const rejected = delegation.undoing ? 'settled' : 'already-settled'
  const result = finding === 'rejected' ? rejected : finding === 'accepted' ? 'lost' : 'gone'
  if (result === 'lost') logger.error('too late to take an accept back', { offerId: input.offerId })
  await deps.ledger.record(input.offerId, (fresh) => ({
    ...draftBase(input, requireRound(fresh, input).round, 'settled:undo'),
    type: 'settled',
    data: { action: 'reject', result, detail: `the request reads ${seen.state}`, changed: [] },
  }))
}
