import * as z from 'zod'
import type { Mailbox } from '../../mailbox.ts'
import type { Service } from '../service.ts'
import { AwsError } from '../service.ts'

const addresses = z.array(z.string()).default([])
const content = z.object({ Data: z.string() })
const sendEmailInput = z.object({
  FromEmailAddress: z.string().optional(),
  Destination: z.object({ ToAddresses: addresses, CcAddresses: addresses, BccAddresses: addresses }).optional(),
  Content: z.object({
    Simple: z
      .object({
        Subject: content,
        Body: z.object({ Text: content.optional(), Html: content.optional() }),
      })
      .optional(),
  }),
})

/** Keeps the mail instead of sending it. Only simple content: nothing else is sent by the app. */
export function createSesv2(mailbox: Mailbox): Service {
  return {
    model: 'sesv2',
    operations: {
      SendEmail: ({ input, nowMs }) => {
        const { FromEmailAddress, Destination, Content } = sendEmailInput.parse(input)
        if (Content.Simple === undefined)
          throw new AwsError('BadRequestException', 'Content: only Simple is supported here')
        if (FromEmailAddress === undefined)
          throw new AwsError('BadRequestException', 'FromEmailAddress: expected an address')
        const to = [
          ...(Destination?.ToAddresses ?? []),
          ...(Destination?.CcAddresses ?? []),
          ...(Destination?.BccAddresses ?? []),
        ]
        if (to.length === 0) throw new AwsError('BadRequestException', 'Destination: expected at least one address')
        const { Subject, Body } = Content.Simple
        const mail = mailbox.add({
          at: new Date(nowMs).toISOString(),
          from: FromEmailAddress,
          to,
          subject: Subject.Data,
          text: Body.Text?.Data ?? '',
          html: Body.Html?.Data ?? '',
        })
        return { MessageId: mail.id }
      },
    },
    snapshot: () => mailbox.all(),
    restore: (state) => {
      mailbox.restore(state)
    },
    reset: () => {
      mailbox.clear()
    },
  }
}
