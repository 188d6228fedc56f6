import { nobodyReachable } from '../../contract/log-lines.ts'
import type { AskInput } from '../../contract/states.ts'
import { escalationNeeded, notYetAsked, notYetStandingIn, reminderDue } from '../../domain/asking.ts'
import { electorateOf, isShort } from '../../domain/electorate.ts'
import type { Draft } from '../../domain/event.ts'
import { requireRound } from '../current.ts'
import { logger } from '../serve.ts'
import { askingOf, draftBase, type AskDeps, type Current } from './ask-deps.ts'

/** A step that is due on this fold, or undefined. */
type Due = (current: Current) => Draft | undefined

/**
 * Records a step that is due. Whoever recorded it sends, too: where another attempt was faster, the sending is left to
 * that one, and if it dies, to whoever asks next; scans see to it that somebody does.
 */
async function recordDue(
  { input, deps: { ledger } }: { input: AskInput; deps: AskDeps },
  current: Current,
  due: Due,
): Promise<Current> {
  if (due(current) === undefined) return current
  const recorded = await ledger.record(input.offerId, (fresh) => due(requireRound(fresh, input)))
  if (recorded?.stored === false) return { ...requireRound(recorded.state, input), sends: true }
  return { ...requireRound(await ledger.read(input.offerId), input), sends: current.sends }
}

/** Who is asked in this round, and who of them is not for a conflict. Later only those who came by a deployment. */
export async function recordAsked(input: AskInput, deps: AskDeps, current: Current): Promise<Current> {
  const { state, round } = current
  const isFirst = round.asked === undefined
  if (!isFirst && notYetAsked(askingOf(current, deps)).length === 0) return current
  const digest = isFirst ? !(await deps.takesPersonalAsk(state, round)) : round.asked?.digest === true
  // First, so that a crash in between tells other systems twice rather than never.
  if (isFirst) await deps.messenger.announce('Gatehouse Offer Awaiting Approval', state)
  const asked = await recordDue({ input, deps }, current, (fresh) => draftOfAsked(input, deps, { ...fresh, digest }))
  const { electorate } = askingOf(asked, deps)
  if (isShort(electorate) && electorate.reserve.length === 0)
    logger.error('too few can vote: nothing can be accepted', { offerId: input.offerId, run: input.run })
  return asked
}

function draftOfAsked(
  input: AskInput,
  deps: AskDeps,
  { state, round, digest }: Current & { digest: boolean },
): Draft | undefined {
  const { judged, asked } = round
  if (judged === undefined) throw new TypeError('expected a judged round, got one without a verdict')
  const electorate = electorateOf({ state, round }, deps.settings)
  const approvers = notYetAsked({ round, electorate })
  if (asked !== undefined && approvers.length === 0) return undefined
  const step = asked === undefined ? 'asked:approval' : `asked:approval:${asked.approvers.length}`
  const groups = electorate.groups.map(({ group, quorum, approvers: ids }) => ({ group, quorum, approvers: [...ids] }))
  const conflicts = [...electorate.conflicts]
  const data = { approvers, deadline: judged.deadline, purpose: 'approval' as const, groups, conflicts, digest }
  return { ...draftBase(input, round, step), type: 'asked', data }
}

/** Reminds those who have not voted of the newest stage; stages that were missed are passed over. */
export async function recordReminder(input: AskInput, deps: AskDeps, current: Current): Promise<Current> {
  return await recordDue({ input, deps }, current, (fresh) => {
    const reminder = reminderDue(askingOf(fresh, deps))
    if (reminder === undefined) return undefined
    return { ...draftBase(input, fresh.round, `reminded:${reminder.stage}`), type: 'reminded', data: reminder }
  })
}

/** From here on the escalation group may vote. Later only those of it who came by a deployment are told. */
export async function recordEscalation(input: AskInput, deps: AskDeps, current: Current): Promise<Current> {
  const escalated = await recordDue({ input, deps }, current, (fresh) => draftOfEscalated(input, deps, fresh))
  if (current.round.escalated === undefined && escalated.round.escalated?.why === 'nobody-reachable')
    logger.error(nobodyReachable, { offerId: input.offerId, run: input.run, escalated: true })
  return escalated
}

function draftOfEscalated(input: AskInput, deps: AskDeps, { state, round }: Current): Draft | undefined {
  const asking = askingOf({ state, round }, deps)
  const { escalated } = round
  const why = escalated?.why ?? escalationNeeded(asking)
  const approvers = escalated === undefined ? [...asking.electorate.reserve] : notYetStandingIn(asking)
  if (why === undefined || approvers.length === 0) return undefined
  const step = escalated === undefined ? 'escalated' : `escalated:${escalated.approvers.length}`
  return { ...draftBase(input, round, step), type: 'escalated', data: { approvers, why } }
}
