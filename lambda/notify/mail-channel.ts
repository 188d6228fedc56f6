import { mailTagsOf } from '../contract/mail-tags.ts'
import type { Channel } from './channel.ts'
import type { Mailer } from './mailer.ts'
import { renderApprovalMail, renderHandOverMail } from './mails.ts'

/** Everybody has an address. */
export function createMailChannel(mailer: Mailer): Channel {
  return {
    name: 'email',
    reaches: () => true,
    ask: async ({ about, state, round, facts, approver, byDefault, link }) => {
      const { judged, cause } = round
      if (judged === undefined) throw new TypeError('expected a judged round, got one without a verdict')
      const { deadline } = judged
      const mail = renderApprovalMail({ offer: state, facts, judged, cause, deadline, byDefault, link, approver })
      const mark = { offerId: state.offerId, run: state.run, round: round.number, about, approver: approver.id }
      return { id: (await mailer.send({ to: approver.email, mail, tags: mailTagsOf(mark) })).messageId }
    },
    handOver: async ({ state, facts, approver }) => {
      const mail = renderHandOverMail({ offer: state, facts, approver })
      const { offerId, run, round } = state
      const mark = { offerId, run, round: round?.number ?? 0, about: 'hand-over' as const, approver: approver.id }
      return { id: (await mailer.send({ to: approver.email, mail, tags: mailTagsOf(mark) })).messageId }
    },
  }
}
