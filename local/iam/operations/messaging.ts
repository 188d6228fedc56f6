import * as z from 'zod'
import { reading, type Access, type Describe } from './access.ts'

const queueUrl = z.object({ QueueUrl: z.string() })

function onQueue(action: string): Describe {
  return reading(queueUrl, ({ QueueUrl }, { region }) => {
    const [account = '', name = ''] = new URL(QueueUrl, 'http://local').pathname.split('/').slice(-2)
    return [{ action, resource: `arn:aws:sqs:${region}:${account}:${name}` }]
  })
}

/** Batches have no action of their own. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html */
export const sqs: Readonly<Record<string, Describe>> = {
  SendMessage: onQueue('sqs:SendMessage'),
  SendMessageBatch: onQueue('sqs:SendMessage'),
  ReceiveMessage: onQueue('sqs:ReceiveMessage'),
  DeleteMessage: onQueue('sqs:DeleteMessage'),
  GetQueueAttributes: onQueue('sqs:GetQueueAttributes'),
}

const putEvents = z.object({
  Entries: z.array(
    z.object({
      EventBusName: z.string().default('default'),
      Source: z.string().optional(),
      DetailType: z.string().optional(),
    }),
  ),
})

export const events: Readonly<Record<string, Describe>> = {
  PutEvents: reading(putEvents, ({ Entries }, { account, region }) =>
    Entries.map(({ EventBusName: bus, Source, DetailType }) => ({
      action: 'events:PutEvents',
      resource: bus.startsWith('arn:') ? bus : `arn:aws:events:${region}:${account}:event-bus/${bus}`,
      context: { 'events:source': Source, 'events:detail-type': DetailType },
    })),
  ),
}

const addresses = z.array(z.string()).default([])
const sendEmail = z.object({
  FromEmailAddress: z.string(),
  ConfigurationSetName: z.string().optional(),
  Destination: z.object({ ToAddresses: addresses, CcAddresses: addresses, BccAddresses: addresses }).optional(),
})

/** Either the address or its domain is verified, and the right has to be on that one: here it has to be on both. */
export const sesv2: Readonly<Record<string, Describe>> = {
  SendEmail: reading(sendEmail, ({ FromEmailAddress, ConfigurationSetName, Destination }, { account, region }) => {
    const from = /<([^>]+)>\s*$/.exec(FromEmailAddress)?.[1] ?? FromEmailAddress
    const { ToAddresses = [], CcAddresses = [], BccAddresses = [] } = Destination ?? {}
    const context = { 'ses:FromAddress': from, 'ses:Recipients': [...ToAddresses, ...CcAddresses, ...BccAddresses] }
    const ofSes = (resource: string): Access => {
      return { action: 'ses:SendEmail', resource: `arn:aws:ses:${region}:${account}:${resource}`, context }
    }
    const identities = [from, from.slice(from.lastIndexOf('@') + 1)].map((name) => ofSes(`identity/${name}`))
    return ConfigurationSetName === undefined
      ? identities
      : [...identities, ofSes(`configuration-set/${ConfigurationSetName}`)]
  }),
}

const secret = z.object({ SecretId: z.string() })

/** The ARN of a secret ends in six characters of AWS's making, which a name does not tell. */
export const secretsmanager: Readonly<Record<string, Describe>> = {
  GetSecretValue: reading(secret, ({ SecretId }, { account, region }) => {
    const arn = SecretId.startsWith('arn:')
      ? SecretId
      : `arn:aws:secretsmanager:${region}:${account}:secret:${SecretId}`
    return [{ action: 'secretsmanager:GetSecretValue', resource: SecretId.startsWith('arn:') ? arn : `${arn}-local1` }]
  }),
}
