import { delegationIdSchema, intakeHints, type IntakeForm } from '../../contract/intake.ts'
import type { VoteReply } from '../../contract/states.ts'
import { accountIdSchema } from '../../domain/offer.ts'
import type { Settings } from '../../contract/settings.ts'
import type { ApprovalsStore } from '../../ledger/approvals-store.ts'
import type { HintQueue } from '../../notify/hint-queue.ts'
import { mayUse, type LinkVoteDeps } from './link-vote.ts'

export interface IntakeDeps extends Pick<LinkVoteDeps, 'isSignedIn'> {
  approvals: Pick<ApprovalsStore, 'getIntakeLink'>
  queue: HintQueue
  settings: Settings
  now: () => Date
}

/** A named person says that there is a delegation request. That makes Gatehouse look, and no more. */
export async function takeIn(form: IntakeForm, deps: IntakeDeps): Promise<VoteReply> {
  const { approvals, queue, settings, now } = deps
  const link = await approvals.getIntakeLink(form.token)
  const isKnown = link !== undefined && settings.approvers.some(({ id }) => id === link.approver)
  if (!isKnown) return { result: 'unknown-link' }
  if (link.expiresAtMs <= now().getTime()) return { result: 'expired' }
  if (!(await mayUse(link, form, deps))) return { result: 'sign-in' }
  const account = accountIdSchema.safeParse(form.account.trim())
  if (!account.success) return { result: 'not-taken', problem: 'Type the 12 digits of our account.' }
  const awsId = delegationIdSchema.safeParse(form.awsId.trim())
  if (!awsId.success) return { result: 'not-taken', problem: 'This is no id of a delegation request.' }
  if (form.digits.trim() !== awsId.data.slice(-4))
    return { result: 'not-taken', problem: 'These are not the last four characters of the id.' }
  await queue.send(intakeHints({ account: account.data, awsId: awsId.data }))
  return { result: 'taken' }
}
