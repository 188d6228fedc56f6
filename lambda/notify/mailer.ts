import { SendEmailCommand, SESv2ServiceException, type SESv2Client } from '@aws-sdk/client-sesv2'
import { DeliveryFailed, ServiceThrottled, ServiceUnavailable, throttleErrors } from '../contract/errors.ts'
import type { MailTags } from '../contract/mail-tags.ts'
import type { Mail } from './mail.ts'

export interface Message {
  to: string
  mail: Mail
  tags: MailTags
}

export interface Mailer {
  /** Throws `ServiceThrottled` or `ServiceUnavailable` to be retried, `DeliveryFailed` when SES will not take it. */
  send(message: Message): Promise<{ messageId: string }>
}

export interface MailerDeps {
  ses: Pick<SESv2Client, 'send'>
  from: string
  /** Tracks neither opening nor clicks, and tells of bounces and complaints. */
  configurationSet: string
}

/** Sends by SES v2. */
export function createMailer({ ses, ...sender }: MailerDeps): Mailer {
  return {
    send: async (message) => {
      try {
        const reply = await ses.send(new SendEmailCommand(requestOf(sender, message)))
        return { messageId: reply.MessageId ?? '' }
      } catch (error) {
        throw asOurs(error)
      }
    },
  }
}

function requestOf(
  { from, configurationSet }: Omit<MailerDeps, 'ses'>,
  { to, mail, tags }: Message,
): ConstructorParameters<typeof SendEmailCommand>[0] {
  const content = (data: string): { Data: string; Charset: string } => ({ Data: data, Charset: 'UTF-8' })
  return {
    FromEmailAddress: from,
    ConfigurationSetName: configurationSet,
    EmailTags: Object.entries(tags).map(([Name, Value]) => ({ Name, Value })),
    Destination: { ToAddresses: [to] },
    Content: {
      Simple: {
        Subject: content(mail.subject),
        Body: { Text: content(mail.text), Html: content(mail.html) },
        // Keeps out-of-office programs from answering: https://www.rfc-editor.org/rfc/rfc3834#section-5
        Headers: [{ Name: 'Auto-Submitted', Value: 'auto-generated' }],
      },
    },
  }
}

/** A refused address is the caller's to record; anything that passes is retried; the rest stays what it is. */
function asOurs(error: unknown): unknown {
  if (!(error instanceof SESv2ServiceException)) return error
  if (throttleErrors.includes(error.name)) return new ServiceThrottled('sending mail was throttled', { cause: error })
  if (error.$fault === 'server') return new ServiceUnavailable('sending mail failed at SES', { cause: error })
  return new DeliveryFailed(`SES refused the mail: \`${error.name}\``, { cause: error })
}
