import { SendEmailCommand, SESv2Client, type SendEmailCommandInput } from '@aws-sdk/client-sesv2'
import { reportIn } from '../../../lambda/handlers/delivery.handler.ts'
import { mailTagsOf } from '../../../lambda/contract/mail-tags.ts'
import type { BusEvent } from '../../../local/aws/service.ts'
import { createSesv2 } from '../../../local/aws/services/sesv2.ts'
import { createMailbox } from '../../../local/mailbox.ts'
import { startEndpoint, type TestEndpoint } from '../../support/endpoint.ts'

const hub = '111111111111'
const mailbox = createMailbox()
const raised: BusEvent[] = []
const set = { name: 'mails', events: ['bounce', 'complaint', 'reject', 'deliverydelay'] }
const mark = {
  offerId: `ram-invitation-${'a'.repeat(32)}`,
  run: 2,
  round: 3,
  about: 'reminder-1' as const,
  approver: 'ada.l-1_x',
}

let endpoint: TestEndpoint
beforeAll(async () => {
  const configurationSets = [set, { name: 'silent', events: [] }]
  const later = (work: () => void): void => {
    work()
  }
  endpoint = await startEndpoint([
    createSesv2({ mailbox, configurationSets, raise: (event) => raised.push(event), later }),
  ])
})
afterAll(() => endpoint.close())
beforeEach(() => {
  raised.length = 0
  mailbox.clear()
})

async function send(to: string, overrides: Partial<SendEmailCommandInput> = {}): Promise<void> {
  const ses = new SESv2Client(endpoint.as(hub))
  await ses.send(
    new SendEmailCommand({
      FromEmailAddress: 'gatehouse@example.com',
      ConfigurationSetName: 'mails',
      EmailTags: Object.entries(mailTagsOf(mark)).map(([Name, Value]) => ({ Name, Value })),
      Destination: { ToAddresses: [to] },
      Content: {
        Simple: {
          Subject: { Data: 'An offer waits' },
          Body: { Text: { Data: 'Open http://127.0.0.1:8787/a/x1. Thanks' }, Html: { Data: '<p>hi</p>' } },
        },
      },
      ...overrides,
    }),
  )
}

test('keeps a mail with its links and tags', async () => {
  await send('alice@example.com')

  expect(mailbox.all()).toMatchObject([
    {
      from: 'gatehouse@example.com',
      to: ['alice@example.com'],
      subject: 'An offer waits',
      html: '<p>hi</p>',
      links: ['http://127.0.0.1:8787/a/x1'],
      tags: { offer: mark.offerId, about: 'reminder-1' },
    },
  ])
  expect(raised).toEqual([])
})

test('refuses a configuration set that is not there, and tags that SES does not take', async () => {
  await expect(send('a@example.com', { ConfigurationSetName: 'other' })).rejects.toMatchObject({
    name: 'NotFoundException',
  })
  await expect(send('a@example.com', { EmailTags: [{ Name: 'approver', Value: 'ada.l' }] })).rejects.toMatchObject({
    name: 'BadRequestException',
  })
  expect(mailbox.all()).toEqual([])
})

describe('the mailbox simulator', () => {
  test.each([
    ['bounce', 'Email Bounced', 'bounced', 'Permanent, General, smtp; 550 5[.]1[.]1 user unknown'],
    ['bounce+alice', 'Email Bounced', 'bounced', 'Permanent, General, smtp; 550 5[.]1[.]1 user unknown'],
    ['suppressionlist', 'Email Bounced', 'bounced', 'Permanent, Suppressed, Amazon SES has suppressed'],
    ['softbounce', 'Email Bounced', 'bounced', 'Transient, MailboxFull, smtp; 452 4[.]2[.]2 mailbox full'],
    ['complaint', 'Email Complaint Received', 'complained', 'abuse'],
    ['reject', 'Email Rejected', 'rejected', 'Bad content'],
    ['delay', 'Email Delivery Delayed', 'delayed', 'TransientCommunicationFailure'],
  ])('%s raises %s, which is read as %s', async (name, ...[detailType, status, detail]) => {
    await send(`${name}@simulator.amazonses.com`)

    expect(raised).toMatchObject([{ source: 'aws.ses', 'detail-type': detailType, account: hub }])
    expect(raised[0]!.detail).toMatchObject({
      mail: { messageId: mailbox.all()[0]!.id, tags: { 'ses:configuration-set': ['mails'], run: ['2'] } },
    })
    expect(reportIn(raised[0])).toEqual({ mark, status, detail })
  })

  test('an out-of-office answer comes as a bounce and is none', async () => {
    await send('ooto@simulator.amazonses.com')

    expect(raised).toMatchObject([{ 'detail-type': 'Email Bounced' }])
    expect(reportIn(raised[0])).toBeUndefined()
  })

  test.each(['success@simulator.amazonses.com', 'bounce@example.com', 'bounce@simulator.amazonses.com.example.com'])(
    'nothing happens to mail for %s',
    async (to) => {
      await send(to)

      expect(raised).toEqual([])
    },
  )

  test('a set passes on only what it names, and without a set nothing is told', async () => {
    await send('bounce@simulator.amazonses.com', { ConfigurationSetName: 'silent' })
    await send('bounce@simulator.amazonses.com', { ConfigurationSetName: undefined })

    expect(raised).toEqual([])
  })
})

describe('what is no report of ours', () => {
  const event = (tags: Record<string, unknown>): unknown => ({
    'detail-type': 'Email Bounced',
    detail: { mail: { tags }, bounce: { bounceType: 'Permanent', bounceSubType: 'General', bouncedRecipients: [] } },
  })
  const tags = Object.fromEntries(Object.entries(mailTagsOf(mark)).map(([name, value]) => [name, [value]]))

  test('the tags as they were sent are', () => {
    expect(reportIn(event(tags))).toMatchObject({ mark })
  })

  test.each([
    ['no tags', {}],
    ['an offer id of another form', { ...tags, offer: ['../x'] }],
    ['two offers', { ...tags, offer: [mark.offerId, mark.offerId] }],
    ['a round that is no number', { ...tags, round: ['1e3'] }],
    ['something it cannot be about', { ...tags, about: ['lunch'] }],
  ])('%s', (_what, odd) => {
    expect(reportIn(event(odd))).toBeUndefined()
  })

  test.each([null, 'text', { 'detail-type': 'Email Opened', detail: {} }])('%j', (odd) => {
    expect(reportIn(odd)).toBeUndefined()
  })
})
