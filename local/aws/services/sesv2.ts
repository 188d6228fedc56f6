import * as z from 'zod'
import type { ConfigurationSetSpec } from '../../assembly/specs.ts'
import type { Mail, Mailbox } from '../../mailbox.ts'
import type { Call, RaiseEvent, Service } from '../service.ts'
import { AwsError } from '../service.ts'
import { simulate } from './ses-simulator.ts'

const addresses = z.array(z.string()).default([])
const content = z.object({ Data: z.string() })
const sendEmailInput = z.object({
  FromEmailAddress: z.string().optional(),
  Destination: z.object({ ToAddresses: addresses, CcAddresses: addresses, BccAddresses: addresses }).optional(),
  ConfigurationSetName: z.string().optional(),
  EmailTags: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
  Content: z.object({
    Simple: z
      .object({
        Subject: content,
        Body: z.object({ Text: content.optional(), Html: content.optional() }),
      })
      .optional(),
  }),
})
type SendEmail = z.infer<typeof sendEmailInput>

export interface Sesv2Options {
  mailbox: Mailbox
  configurationSets: readonly ConfigurationSetSpec[]
  raise: RaiseEvent
  /** Does something a little later: what becomes of a mail is never known at once. */
  later: (work: () => void) => void
}

/**
 * Keeps the mail instead of sending it. Only simple content: nothing else is sent by the app. Mail to SES's mailbox
 * simulator raises the events that its configuration set passes on.
 */
export function createSesv2({ mailbox, configurationSets, raise, later }: Sesv2Options): Service {
  return {
    model: 'sesv2',
    operations: {
      SendEmail: (call) => {
        const input = sendEmailInput.parse(call.input)
        const set = configurationSets.find(({ name }) => name === input.ConfigurationSetName)
        if (input.ConfigurationSetName !== undefined && set === undefined)
          throw new AwsError('NotFoundException', `Configuration set <${input.ConfigurationSetName}> does not exist.`)
        checkTags(input)
        const mail = mailbox.add(mailOf(input, call))
        for (const event of set === undefined ? [] : simulate({ mail, set, call }))
          later(() => {
            raise(event)
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

function mailOf(input: SendEmail, { nowMs }: Call<unknown>): Omit<Mail, 'id' | 'links'> {
  const { FromEmailAddress, Destination, Content, EmailTags } = input
  if (Content.Simple === undefined) throw new AwsError('BadRequestException', 'Content: only Simple is supported here')
  if (FromEmailAddress === undefined) throw new AwsError('BadRequestException', 'FromEmailAddress: expected an address')
  const { ToAddresses = [], CcAddresses = [], BccAddresses = [] } = Destination ?? {}
  const to = [...ToAddresses, ...CcAddresses, ...BccAddresses]
  if (to.length === 0) throw new AwsError('BadRequestException', 'Destination: expected at least one address')
  const { Subject, Body } = Content.Simple
  return {
    at: new Date(nowMs).toISOString(),
    from: FromEmailAddress,
    to,
    subject: Subject.Data,
    text: Body.Text?.Data ?? '',
    html: Body.Html?.Data ?? '',
    tags: Object.fromEntries(EmailTags.map(({ Name, Value }) => [Name, Value])),
  }
}

/** https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_MessageTag.html */
function checkTags({ EmailTags }: SendEmail): void {
  for (const { Name, Value } of EmailTags)
    if (![Name, Value].every((text) => /^[\w-]{1,256}$/.test(text)))
      throw new AwsError('BadRequestException', `Invalid message tag <${Name}>: letters, digits, _ and - only.`)
}
