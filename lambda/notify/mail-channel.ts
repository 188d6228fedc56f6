import { mailTagsOf, type MailMark } from '../contract/mail-tags.ts'
import type { Approver } from '../contract/settings.ts'
import { electorateOf, type ApprovalRules } from '../domain/electorate.ts'
import type { OfferState } from '../domain/state.ts'
import type { Channel, SentMessage } from './channel.ts'
import type { Mail } from './mail.ts'
import type { Mailer } from './mailer.ts'
import { renderApprovalMail } from './mails/approval-mail.ts'
import { renderHoldMail } from './mails/hold-mail.ts'
import { renderHandOverMail } from './mails/hand-over-mail.ts'

export interface MailChannelDeps {
  mailer: Mailer
  rules: ApprovalRules
  /** The clock at the edge; what a mail says of time is never before the last event. */
  now: () => Date
}

/** Everybody has an address. */
export function createMailChannel({ mailer, rules, now }: MailChannelDeps): Channel {
  const send = async (approver: Approver, mail: Mail, mark: MailMark): Promise<SentMessage> => {
    return { id: (await mailer.send({ to: approver.email, mail, tags: mailTagsOf(mark) })).messageId }
  }
  return {
    name: 'email',
    ask: async ({ about, state, round, approver, ...asking }) => {
      const { judged } = round
      if (judged === undefined) throw new TypeError('expected a judged round, got one without a verdict')
      const { groups } = electorateOf({ state, round }, rules)
      const timed = { judged, groups, now: timeFor(state, now()) }
      const mail = renderApprovalMail({ ...asking, ...timed, about, offer: state, round, approver })
      return await send(approver, mail, { ...markOf(state, approver), round: round.number, about })
    },
    handOver: async ({ state, facts, approver, about }) => {
      const mail = renderHandOverMail({ offer: state, facts, approver, isReminder: about !== 'hand-over' })
      return await send(approver, mail, { ...markOf(state, approver), about })
    },
    tellHold: async ({ state, about, ...telling }) => {
      const mail = renderHoldMail({ ...telling, about, offer: state })
      return await send(telling.approver, mail, { ...markOf(state, telling.approver), about })
    },
  }
}

function timeFor({ lastAt }: OfferState, now: Date): Date {
  return new Date(Math.max(Date.parse(lastAt), now.getTime()))
}

function markOf({ offerId, run, round }: OfferState, { id }: Approver): Omit<MailMark, 'about'> {
  return { offerId, run, round: round?.number ?? 0, approver: id }
}
