import { escalationNeeded, notYetAsked, reminderDue } from '../../domain/asking.ts'
import { askingOf, type AskDeps, type Current } from './ask-deps.ts'

/** Whoever asks at this moment is given that long to finish. */
const graceMs = 120_000

/** Whether a reminder, an escalation or an asking should have happened, and has not: the wake-up for it was lost. */
export function isOverdue(current: Current, deps: Pick<AskDeps, 'ledger' | 'messenger' | 'settings'>): boolean {
  const asking = askingOf(current, deps)
  const then = { ...asking, now: new Date(asking.now.getTime() - graceMs) }
  const { asked } = current.round
  if (asked === undefined || Date.parse(asked.at) > then.now.getTime()) return false
  return notYetAsked(then).length > 0 || reminderDue(then) !== undefined || escalationNeeded(then) !== undefined
}
