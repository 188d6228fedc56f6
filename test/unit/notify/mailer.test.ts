import {
  MessageRejected,
  SESv2ServiceException,
  TooManyRequestsException,
  type SendEmailCommand,
} from '@aws-sdk/client-sesv2'
import { DeliveryFailed, ServiceThrottled, ServiceUnavailable } from '../../../lambda/contract/errors.ts'
import { createMailer } from '../../../lambda/notify/mailer.ts'

const mail = { subject: 'Subject', text: 'text', html: '<p>html</p>' }
const message = { to: 'ada@example.com', mail, tags: { offer: 'ram-invitation-1', about: 'reminder-1' } }
const $metadata = {}

function aMailer(answer: () => unknown): { sent: SendEmailCommand[]; send: () => Promise<{ messageId: string }> } {
  const sent: SendEmailCommand[] = []
  const ses = {
    send: async (command: SendEmailCommand) => {
      sent.push(command)
      return answer()
    },
  }
  const mailer = createMailer({ ses: ses as never, from: 'gatehouse@example.com', configurationSet: 'mails' })
  return { sent, send: () => mailer.send(message) }
}

test('sends text and HTML to one address', async () => {
  const { sent, send } = aMailer(() => ({ MessageId: 'm-1' }))

  expect(await send()).toEqual({ messageId: 'm-1' })
  expect(sent.map(({ input }) => input)).toEqual([
    {
      FromEmailAddress: 'gatehouse@example.com',
      ConfigurationSetName: 'mails',
      EmailTags: [
        { Name: 'offer', Value: 'ram-invitation-1' },
        { Name: 'about', Value: 'reminder-1' },
      ],
      Destination: { ToAddresses: ['ada@example.com'] },
      Content: {
        Simple: {
          Subject: { Data: 'Subject', Charset: 'UTF-8' },
          Body: { Text: { Data: 'text', Charset: 'UTF-8' }, Html: { Data: '<p>html</p>', Charset: 'UTF-8' } },
          Headers: [{ Name: 'Auto-Submitted', Value: 'auto-generated' }],
        },
      },
    },
  ])
})

const internal = new SESv2ServiceException({ name: 'InternalFailure', $fault: 'server', message: '', $metadata })
test.each([
  ['a throttle', new TooManyRequestsException({ message: '', $metadata }), ServiceThrottled],
  ['a failure of SES', internal, ServiceUnavailable],
  [
    'a refusal',
    new MessageRejected({ message: 'Address is not verified: ada@example.com', $metadata }),
    DeliveryFailed,
  ],
])('%s becomes an error somebody reacts to', async (_what, error, expected) => {
  const { send } = aMailer(() => {
    throw error
  })

  await expect(send()).rejects.toBeInstanceOf(expected)
  await expect(send()).rejects.toMatchObject({ cause: error, message: expect.not.stringContaining('@') })
})

test('what is not from SES stays what it is', async () => {
  const error = new TypeError('fetch failed')
  const { send } = aMailer(() => {
    throw error
  })

  await expect(send()).rejects.toBe(error)
})
