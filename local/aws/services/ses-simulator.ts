import type { ConfigurationSetSpec } from '../../assembly/specs.ts'
import type { Mail } from '../../mailbox.ts'
import type { BusEvent, Call } from '../service.ts'
import { isoSeconds } from './events.ts'

interface Answer {
  /** As a configuration set names it, lower case. */
  event: string
  detailType: string
  /** The part of the detail that tells of this kind of event. */
  part: (address: string, at: string) => Record<string, unknown>
}

/**
 * What happens to mail for SES's mailbox simulator, by mailbox name; a label (`bounce+alice@`) is passed over. The first
 * four are SES's own: https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html. `softbounce`, `delay`
 * and `reject` are ours, for what SES cannot be asked to simulate.
 *
 * Verified in AWS's documentation: detail types, names of the parts, tags as lists. Not verified on a live account: that
 * an out-of-office answer comes without `action` and `status`, and the words in `diagnosticCode`.
 */
const answers: Readonly<Partial<Record<string, Answer>>> = {
  bounce: bounceOf('Permanent', 'General', { status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' }),
  suppressionlist: bounceOf('Permanent', 'Suppressed', {
    status: '5.1.1',
    diagnosticCode: 'Amazon SES has suppressed',
  }),
  softbounce: bounceOf('Transient', 'MailboxFull', { status: '4.2.2', diagnosticCode: 'smtp; 452 4.2.2 mailbox full' }),
  ooto: bounceOf('Transient', 'General'),
  complaint: {
    event: 'complaint',
    detailType: 'Email Complaint Received',
    part: (emailAddress, timestamp) => ({
      eventType: 'Complaint',
      complaint: { complainedRecipients: [{ emailAddress }], timestamp, complaintFeedbackType: 'abuse' },
    }),
  },
  reject: {
    event: 'reject',
    detailType: 'Email Rejected',
    part: () => ({ eventType: 'Reject', reject: { reason: 'Bad content' } }),
  },
  delay: {
    event: 'deliverydelay',
    detailType: 'Email Delivery Delayed',
    part: (emailAddress, timestamp) => ({
      eventType: 'DeliveryDelay',
      deliveryDelay: { delayType: 'TransientCommunicationFailure', delayedRecipients: [{ emailAddress }], timestamp },
    }),
  },
}

function bounceOf(
  bounceType: string,
  bounceSubType: string,
  failed?: { status: string; diagnosticCode: string },
): Answer {
  return {
    event: 'bounce',
    detailType: 'Email Bounced',
    part: (emailAddress, timestamp) => {
      const recipient = failed === undefined ? { emailAddress } : { emailAddress, action: 'failed', ...failed }
      return { eventType: 'Bounce', bounce: { bounceType, bounceSubType, bouncedRecipients: [recipient], timestamp } }
    },
  }
}

interface Sent {
  mail: Mail
  set: ConfigurationSetSpec
  call: Call<unknown>
}

/** The events that a mail raises. https://docs.aws.amazon.com/ses/latest/dg/monitoring-eventbridge.html */
export function simulate({ mail, set, call }: Sent): BusEvent[] {
  return mail.to.flatMap((address) => {
    const answer = answers[/^([a-z]+)(\+.*)?@simulator\.amazonses\.com$/.exec(address)?.[1] ?? '']
    if (answer === undefined || !set.events.includes(answer.event)) return []
    return [eventOf(answer, address, { mail, set, call })]
  })
}

function eventOf({ detailType, part }: Answer, address: string, { mail, set, call }: Sent): BusEvent {
  const { account } = call.caller
  const arn = `arn:aws:ses:${call.region}:${account}:`
  const tags = Object.entries({ 'ses:configuration-set': set.name, ...mail.tags })
  return {
    source: 'aws.ses',
    'detail-type': detailType,
    account,
    region: call.region,
    time: isoSeconds(call.nowMs),
    resources: [`${arn}configuration-set/${set.name}`],
    detail: {
      ...part(address, mail.at),
      mail: {
        timestamp: mail.at,
        source: mail.from,
        sourceArn: `${arn}identity/${mail.from}`,
        sendingAccountId: account,
        messageId: mail.id,
        destination: mail.to,
        headersTruncated: false,
        commonHeaders: { from: [mail.from], to: mail.to, messageId: mail.id, subject: mail.subject },
        tags: Object.fromEntries(tags.map(([name, value]) => [name, [value]])),
      },
    },
  }
}
