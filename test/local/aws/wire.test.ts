import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import type { BusEvent } from '../../../local/aws/service.ts'
import { createEvents } from '../../../local/aws/services/events.ts'
import { createLambda } from '../../../local/aws/services/lambda.ts'
import { createSecretsManager } from '../../../local/aws/services/secretsmanager.ts'
import { createSqs } from '../../../local/aws/services/sqs.ts'
import { createSts } from '../../../local/aws/services/sts.ts'
import { createSessions } from '../../../local/aws/sessions.ts'
import { createClock } from '../../../local/clock.ts'
import type { Functions } from '../../../local/functions.ts'
import { createQueues } from '../../../local/queues.ts'
import { startEndpoint, type TestEndpoint } from '../../support/endpoint.ts'

const hub = '111111111111'
const partner = '444455556666'
const reader = `arn:aws:iam::${hub}:role/gatehouse-reader`

const clock = createClock()
const sessions = createSessions()
const raised: BusEvent[] = []
const queue = {
  id: 'Scan',
  name: 'Scan',
  arn: `arn:aws:sqs:us-east-1:${hub}:Scan`,
  url: `http://127.0.0.1/${hub}/Scan`,
  visibilityMs: 30_000,
  delayMs: 0,
  retentionMs: 3_600_000,
}
const echo = {
  id: 'Echo',
  name: 'Echo',
  arn: '',
  dir: '',
  handler: '',
  env: {},
  timeoutMs: 1,
  memoryMb: 1,
  roleArn: '',
}
const functions: Functions = {
  find: (reference) => (reference.endsWith('Echo') ? echo : undefined),
  invoke: async (_id, event) =>
    event.includes('fail')
      ? { ok: false, error: { errorType: 'OfferBusy', errorMessage: 'not now', trace: [] } }
      : { ok: true, payload: event },
  close: async () => undefined,
}
const services = [
  createSts({ sessions }),
  createSqs({ queues: createQueues([queue], clock), clock }),
  createEvents({
    put: (_bus, event) => raised.push(event),
    exists: (busArn) => busArn.includes(`:${partner}:event-bus/default`),
  }),
  createLambda({ functions, account: hub }),
  createSecretsManager({ account: hub, secrets: new Map([['slack', 'xoxb']]) }),
]

let endpoint: TestEndpoint
beforeAll(async () => {
  endpoint = await startEndpoint(services, { resolveCaller: sessions.find })
})
afterAll(() => endpoint.close())

describe('STS', () => {
  test('knows an account by its key', async () => {
    const sts = new STSClient(endpoint.as(partner))
    expect(await sts.send(new GetCallerIdentityCommand())).toMatchObject({
      Account: partner,
      Arn: `arn:aws:iam::${partner}:root`,
    })
  })

  test('gives a session of a role that exists, for an hour of real time', async () => {
    const sts = new STSClient(endpoint.as(hub))
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: reader, RoleSessionName: 'scan' }))
    expect(Credentials!.Expiration!.getTime()).toBeGreaterThan(Date.now() + 3_500_000)
    const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!
    const credentials = { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! }
    const asReader = new STSClient({ ...endpoint.as(hub), credentials })
    expect((await asReader.send(new GetCallerIdentityCommand())).Arn).toBe(
      `arn:aws:sts::${hub}:assumed-role/gatehouse-reader/scan`,
    )
  })

  test('refuses a key that nobody has', async () => {
    const sts = new STSClient(endpoint.as('AKIAUNKNOWN'))
    await expect(sts.send(new GetCallerIdentityCommand())).rejects.toMatchObject({ name: 'InvalidClientTokenId' })
  })
})

describe('SQS', () => {
  test('takes a batch, gives it out, and forgets what is deleted', async () => {
    const sqs = new SQSClient(endpoint.as(hub))
    const QueueUrl = queue.url
    const Entries = ['a', 'b'].map((MessageBody) => ({ Id: MessageBody, MessageBody }))
    expect((await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))).Successful).toHaveLength(2)
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] }),
    )
    expect(Messages.map(({ Body, Attributes }) => [Body, Attributes?.ApproximateReceiveCount])).toEqual([
      ['a', '1'],
      ['b', '1'],
    ])
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0]!.ReceiptHandle! }))
  })

  test('is there for its own account only', async () => {
    const sqs = new SQSClient(endpoint.as(partner))
    const asked = sqs.send(new ReceiveMessageCommand({ QueueUrl: queue.url }))
    await expect(asked).rejects.toMatchObject({ name: 'QueueDoesNotExist' })
  })
})

describe('EventBridge', () => {
  test('raises a custom event on the caller’s own bus', async () => {
    const events = new EventBridgeClient(endpoint.as(partner))
    const entry = { Source: 'my.app', DetailType: 'Thing', Detail: '{"a":1}' }
    expect(await events.send(new PutEventsCommand({ Entries: [entry] }))).toMatchObject({ FailedEntryCount: 0 })
    expect(raised.at(-1)).toMatchObject({ source: 'my.app', account: partner, detail: { a: 1 } })
  })

  test.each([
    ['a source of AWS', { Source: 'aws.ram', DetailType: 'x', Detail: '{}' }, 'NotAuthorizedForSourceException'],
    ['no source', { DetailType: 'x', Detail: '{}' }, 'InvalidArgument'],
    ['a broken detail', { Source: 'my.app', DetailType: 'x', Detail: '{' }, 'MalformedDetail'],
    [
      'a bus of somebody else',
      {
        Source: 'my.app',
        DetailType: 'x',
        Detail: '{}',
        EventBusName: `arn:aws:events:us-east-1:${hub}:event-bus/default`,
      },
      'ResourceNotFoundException',
    ],
  ])('refuses %s', async (_name, entry, code) => {
    const before = raised.length
    const events = new EventBridgeClient(endpoint.as(partner))
    const { FailedEntryCount, Entries } = await events.send(new PutEventsCommand({ Entries: [entry] }))
    expect([FailedEntryCount, Entries?.[0]?.ErrorCode]).toEqual([1, code])
    expect(raised).toHaveLength(before)
  })
})

describe('Lambda', () => {
  const lambda = (account: string): LambdaClient => new LambdaClient(endpoint.as(account))

  test.each(['Echo', `arn:aws:lambda:us-east-1:${hub}:function:Echo`])('invokes %s', async (FunctionName) => {
    const answer = await lambda(hub).send(new InvokeCommand({ FunctionName, Payload: Buffer.from('{"a":1}') }))
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' })
    expect(answer.FunctionError).toBeUndefined()
    expect(answer.Payload!.transformToString()).toBe('{"a":1}')
  })

  test('tells that the function failed, and how', async () => {
    const answer = await lambda(hub).send(new InvokeCommand({ FunctionName: 'Echo', Payload: Buffer.from('"fail"') }))
    expect(answer.FunctionError).toBe('Unhandled')
    expect(JSON.parse(answer.Payload!.transformToString())).toMatchObject({ errorType: 'OfferBusy' })
  })

  test.each([
    {
      what: 'an unknown function',
      account: hub,
      FunctionName: 'Nobody',
      payload: '{}',
      name: 'ResourceNotFoundException',
    },
    {
      what: 'one of another account',
      account: partner,
      FunctionName: 'Echo',
      payload: '{}',
      name: 'ResourceNotFoundException',
    },
    {
      what: 'what is not JSON',
      account: hub,
      FunctionName: 'Echo',
      payload: '{',
      name: 'InvalidRequestContentException',
    },
  ])('refuses $what', async ({ account, FunctionName, payload, name }) => {
    const asked = lambda(account).send(new InvokeCommand({ FunctionName, Payload: Buffer.from(payload) }))
    await expect(asked).rejects.toMatchObject({ name })
  })
})

describe('Secrets Manager', () => {
  test('gives a secret to its own account only', async () => {
    const secrets = (account: string): SecretsManagerClient => new SecretsManagerClient(endpoint.as(account))
    const command = new GetSecretValueCommand({ SecretId: 'slack' })
    expect((await secrets(hub).send(command)).SecretString).toBe('xoxb')
    await expect(secrets(partner).send(command)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})
