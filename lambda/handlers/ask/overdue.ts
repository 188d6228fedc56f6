import { escalationNeeded, messagesDue, notYetAsked, notYetStandingIn, reminderDue } from '../../domain/asking.ts'
import { askingOf, type AskingDeps, type Current } from './ask-deps.ts'

/** Whoever asks at this moment is given that long to finish... */
const graceMs = 120_000
/** ...and a digest, which goes out each hour, that long. */
const digestGraceMs = 2 * 3_600_000

/** Whether a message, a reminder or an escalation is due and nobody sees to it: a wake-up was lost, or an attempt died. */
export function isOverdue(current: Current, deps: AskingDeps): boolean {
  const asking = askingOf(current, deps)
  const { steppedAt, asked } = current.round
  const sinceMs = asking.now.getTime() - Date.parse(steppedAt ?? '')
  if (!(sinceMs >= graceMs)) return false
  const then = { ...asking, now: new Date(asking.now.getTime() - graceMs) }
  const isLeftToDigest = asked?.digest === true && sinceMs < digestGraceMs
  return (
    (!isLeftToDigest && messagesDue(then).length > 0) ||
    notYetAsked(then).length > 0 ||
    notYetStandingIn(then).length > 0 ||
    reminderDue(then) !== undefined ||
    escalationNeeded(then) !== undefined
  )
}
