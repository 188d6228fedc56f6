import { mailTagsOf } from '../contract/mail-tags.ts'
import type { Approver } from '../contract/settings.ts'
import type { OfferState } from '../domain/state.ts'
import type { SentMessage } from './channel.ts'
import type { Mailer } from './mailer.ts'
import { renderTroubleMail } from './mails/trouble-mail.ts'

export interface TroubleTelling {
  state: OfferState
  error: string
  approver: Approver
}

/** Tells a person by mail that the runs of an offer keep failing. */
export async function tellTrouble({ state, error, approver }: TroubleTelling, mailer: Mailer): Promise<SentMessage> {
  const { offerId, run, failures } = state
  const mail = renderTroubleMail({ offer: state, failures, error, approver })
  const tags = mailTagsOf({ offerId, run, round: 0, about: 'trouble', approver: approver.id })
  return { id: (await mailer.send({ to: approver.email, mail, tags })).messageId }
}
