import type { Channel } from './channel.ts'
import type { Mailer } from './mailer.ts'
import { renderApprovalMail, renderHandOverMail } from './mails.ts'

/** Everybody has an address. */
export function createMailChannel(mailer: Mailer): Channel {
  return {
    name: 'email',
    reaches: () => true,
    ask: async ({ state, round, facts, approver, byDefault, link }) => {
      const { judged, cause } = round
      if (judged === undefined) throw new TypeError('expected a judged round, got one without a verdict')
      const { deadline } = judged
      const mail = renderApprovalMail({ offer: state, facts, judged, cause, deadline, byDefault, link, approver })
      return { id: (await mailer.send({ to: approver.email, mail })).messageId }
    },
    handOver: async ({ state, facts, approver }) => {
      const mail = renderHandOverMail({ offer: state, facts, approver })
      return { id: (await mailer.send({ to: approver.email, mail })).messageId }
    },
  }
}
