import { escalationNeeded, messagesDue, notYetAsked, reminderDue } from '../../domain/asking.ts'
import { askingOf, type AskDeps, type Current } from './ask-deps.ts'

/** Whoever asks at this moment is given that long to finish. */
const graceMs = 120_000

/** Whether a message, a reminder or an escalation is due and nobody sees to it: a wake-up was lost, or an attempt died. */
export function isOverdue(current: Current, deps: Pick<AskDeps, 'ledger' | 'messenger' | 'settings'>): boolean {
  const asking = askingOf(current, deps)
  const then = { ...asking, now: new Date(asking.now.getTime() - graceMs) }
  const { steppedAt } = current.round
  if (steppedAt === undefined || Date.parse(steppedAt) > then.now.getTime()) return false
  return (
    messagesDue(then).length > 0 ||
    notYetAsked(then).length > 0 ||
    reminderDue(then) !== undefined ||
    escalationNeeded(then) !== undefined
  )
}
