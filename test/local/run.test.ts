import { mkdtempSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { startLocal, type LocalRun } from '../../local/server.ts'
import { permission, queuePolicy, roleOf, writeAssembly } from '../support/assembly.ts'

const hub = '111111111111'
const table = { TableName: 'Ledger', ConsistentRead: true }

/** A function that counts in memory what it was called with, and answers it to whoever asks. */
const recorder = `const seen = []
export const handler = async (event) => {
  if (event === 'seen') return seen
  for (const record of event.Records) seen.push({ body: JSON.parse(record.body), count: record.attributes.ApproximateReceiveCount })
  const failed = event.Records.filter((record) => record.body.includes('poison'))
  return { batchItemFailures: failed.map((record) => ({ itemIdentifier: record.messageId })) }
}`
const sweeper = `let sweeps = 0
export const handler = async (event) => event === 'count' ? sweeps : (sweeps += 1, { targets: 4, hints: 4 })`
const page = `export const handler = async (event) => ({
  statusCode: 201, headers: { 'content-type': 'text/plain' }, cookies: ['a=1'],
  body: [event.routeKey, event.pathParameters.token, event.isBase64Encoded ? Buffer.from(event.body, 'base64') : ''].join(' '),
})`
const clockReader = `export const handler = async () => Date.now() + Number(process.env.GATEHOUSE_CLOCK_OFFSET_MS)`

const assemblyDir = writeAssembly({
  functions: {
    Recorder: { code: recorder },
    Sweep: { code: sweeper },
    Page: { code: page },
    Clock: { code: clockReader },
  },
  resources: {
    Hints: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 60 } },
    Source: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: { 'Fn::GetAtt': ['Hints', 'Arn'] },
        FunctionName: { Ref: 'Recorder' },
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      },
    },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: ['my.app', 'aws.states'] },
        Targets: [{ Id: 'a', Arn: { 'Fn::GetAtt': ['Hints', 'Arn'] } }],
      },
    },
    Schedule: {
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        ScheduleExpression: 'rate(1 hour)',
        Target: { Arn: { 'Fn::GetAtt': ['Sweep', 'Arn'] }, RoleArn: { 'Fn::GetAtt': ['ScheduleRole', 'Arn'] } },
      },
    },
    ScheduleRole: roleOf('scheduler.amazonaws.com'),
    MachineRole: roleOf('states.amazonaws.com'),
    HintsPolicy: queuePolicy('Hints', 'events.amazonaws.com'),
    PagePermission: permission('Page', 'apigateway.amazonaws.com'),
    Ledger: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      },
    },
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        StateMachineName: 'waiter',
        RoleArn: { 'Fn::GetAtt': ['MachineRole', 'Arn'] },
        DefinitionString: JSON.stringify({
          QueryLanguage: 'JSONata',
          StartAt: 'Wait a day',
          States: {
            'Wait a day': { Type: 'Wait', Seconds: 86_400, Next: 'Give up' },
            'Give up': { Type: 'Fail', Error: 'Late' },
          },
        }),
      },
    },
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: {} },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: { 'Fn::GetAtt': ['Page', 'Arn'] },
        PayloadFormatVersion: '2.0',
      },
    },
    ...Object.fromEntries(
      ['GET', 'POST'].map((method) => [
        method,
        {
          Type: 'AWS::ApiGatewayV2::Route',
          Properties: {
            ApiId: { Ref: 'Api' },
            RouteKey: `${method} /a/{token}`,
            Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
          },
        },
      ]),
    ),
  },
})

let run: LocalRun
let dataDir: string
const machine = `arn:aws:states:us-east-1:${hub}:stateMachine:waiter`

async function start(): Promise<LocalRun> {
  return await startLocal({
    ...{ assembly: assemblyDir, dataDir, account: hub, region: 'us-east-1', port: 0, consolePort: 0 },
  })
}

const client = (accessKeyId = hub): { endpoint: string; region: string; credentials: never } => ({
  endpoint: run.endpointUrl,
  region: 'us-east-1',
  credentials: { accessKeyId, secretAccessKey: 'secret' } as never,
})

async function ask(path: string, body?: unknown): Promise<{ status: number; body: Record<string, string> }> {
  const init =
    body === undefined ? {} : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }
  const response = await fetch(`${run.endpointUrl}/_local/${path}`, init)
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}

interface Seen {
  count: string
  body: { detail: Record<string, string> }
}

async function invoke<Result = unknown>(name: string, event: unknown = {}): Promise<Result> {
  const outcome = await run.functions.invoke(name, JSON.stringify(event))
  if (!outcome.ok) throw new Error(outcome.error.errorMessage)
  return JSON.parse(outcome.payload) as Result
}

async function putEvent(detail: unknown): Promise<void> {
  const entry = { Source: 'my.app', DetailType: 'x', Detail: JSON.stringify(detail) }
  await new EventBridgeClient(client()).send(new PutEventsCommand({ Entries: [entry] }))
}

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-data-'))
  run = await start()
})
afterEach(() => run.close())

describe('the local run', () => {
  test('says that it is ready, and where', async () => {
    expect(await ask('health')).toEqual({
      status: 200,
      body: {
        ok: true,
        now: expect.stringMatching(/^\d{4}-.*Z$/),
        account: hub,
        region: 'us-east-1',
        stateMachineArn: machine,
        tableName: 'Ledger',
        consoleUrl: run.consoleUrl,
        approvalUrl: run.consoleUrl,
      },
    })
  })

  test('passes an event through rule and queue to the function', async () => {
    await putEvent({ a: 1 })
    await run.idle()
    expect(await invoke('Recorder', 'seen')).toMatchObject([{ body: { source: 'my.app', detail: { a: 1 } } }])
  })

  test('gives a failed message again after its visibility timeout', async () => {
    await putEvent({ what: 'poison' })
    await putEvent({ what: 'food' })
    await run.idle()
    expect((await ask('clock', { advance: '61s' })).status).toBe(200)
    const seen = await invoke<Seen[]>('Recorder', 'seen')
    expect(seen.map(({ body, count }) => [body.detail.what, count])).toEqual([
      ['poison', '1'],
      ['food', '1'],
      ['poison', '2'],
    ])
  })

  test('moves its clock, and fires each schedule that comes due', async () => {
    const before = Date.now()
    const { body } = await ask('clock', { advance: '6h' })
    expect(Date.parse(body.now!) - before).toBeGreaterThanOrEqual(6 * 3_600_000)
    expect(await invoke('Sweep', 'count')).toBe(6)
    expect(await invoke('Clock')).toBeGreaterThanOrEqual(before + 6 * 3_600_000)
  })

  test('sweeps when told', async () => {
    expect(await ask('sweep', {})).toEqual({ status: 200, body: { targets: 4, hints: 4 } })
  })

  test('raises an event when an execution fails', async () => {
    run.engine.startExecution({ stateMachineArn: machine, name: 'one', input: '{"offerId":"x"}' })
    await ask('clock', { advance: '1d' })
    const seen = await invoke<Seen[]>('Recorder', 'seen')
    expect(seen[0]!.body).toMatchObject({
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      detail: { name: 'one', status: 'FAILED', input: '{"offerId":"x"}', error: 'Late' },
    })
  })

  test('serves the app’s HTTP API', async () => {
    const url = `${run.consoleUrl}/a/t%20k`
    const got = await fetch(url)
    expect([got.status, await got.text(), got.headers.get('set-cookie')]).toEqual([201, 'GET /a/{token} t k ', 'a=1'])
    const posted = await fetch(url, { method: 'POST', body: new URLSearchParams({ choice: 'accept' }) })
    expect(await posted.text()).toBe('POST /a/{token} t k choice=accept')
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(404)
    expect((await fetch(`${run.consoleUrl}/b`)).status).toBe(404)
  })

  test('keeps tables behind the same keys', async () => {
    const Item = { pk: { S: 'a' } }
    await new DynamoDBClient(client()).send(new PutItemCommand({ ...table, Item }))
    const get = new GetItemCommand({ ...table, Key: Item })
    expect((await new DynamoDBClient(client()).send(get)).Item).toEqual(Item)
    await expect(new DynamoDBClient(client('444455556666')).send(get)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
    await expect(new DynamoDBClient(client('nobody')).send(get)).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    })
  })
})

describe('a control route', () => {
  test.each<[string, unknown, string]>([
    ['clock', {}, 'advance: expected a time such as "6h"'],
    ['clock', { advance: '6w' }, 'advance: expected a number and one of s m h d'],
    ['clock', { advance: '1h', back: true }, 'back'],
    ['clock', '{', 'the body is not JSON'],
    ['behaviour', { ram: { emptyPages: 1 } }, 'emptyPages'],
  ])('refuses a bad body: %s %j', async (path, body, message) => {
    const answer = await ask(path, body)
    expect(answer.status).toBe(400)
    expect(answer.body.error).toContain(message)
  })

  test('switches misbehaviour on', async () => {
    expect(await ask('behaviour', { ram: { emptyPages: true, staleReads: 2 } })).toMatchObject({ status: 200 })
    expect(run.behaviour.ram).toEqual({ emptyPages: true, staleReads: 2, hiddenReads: 0 })
  })

  test.each(['nothing', 'mail/x', 'constructor', '__proto__'])('is not there: %s', async (path) => {
    expect((await ask(path, {})).status).toBe(404)
  })
})

describe('the endpoint', () => {
  async function statusFor(path: string, headers: Record<string, string>): Promise<unknown> {
    return await new Promise((resolve, reject) => {
      const sent = request(run.endpointUrl + path, { method: 'POST', headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      sent.on('error', reject).end('{}')
    })
  }
  const signed = {
    'x-amz-target': 'DynamoDB_20120810.ListTables',
    'content-type': 'application/x-amz-json-1.0',
    authorization: `AWS4-HMAC-SHA256 Credential=${hub}/20261120/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00`,
  }

  test.each<[string, Record<string, string>]>([
    ['a name that somebody made point here', { host: 'evil.example:4566' }],
    ['a name that only begins as ours', { host: '127.0.0.1.evil.example:4566' }],
    ['a page of another site', { origin: 'https://evil.example' }],
    ['a page of another port', { origin: 'http://localhost:3000' }],
    ['a page without an origin of its own', { origin: 'null' }],
  ])('is closed to %s', async (_name, headers) => {
    expect(await statusFor('/_local/sweep', headers)).toBe(403)
    expect(await statusFor('/', { ...signed, ...headers })).toBe(403)
  })

  test('is open to programs under any name of this machine, and to its own pages', async () => {
    for (const host of ['localhost:4566', 'LOCALHOST', '[::1]:1', '127.0.0.1'])
      expect(await statusFor('/', { ...signed, host })).toBe(200)
    expect(await statusFor('/_local/sweep', { origin: run.consoleUrl })).toBe(200)
  })
})

describe('a restart', () => {
  test('finds table, executions, queue and clock as they were left', async () => {
    await new DynamoDBClient(client()).send(new PutItemCommand({ ...table, Item: { pk: { S: 'a' } } }))
    await putEvent({ what: 'poison' })
    await ask('clock', { advance: '10s' })
    const { executionArn } = run.engine.startExecution({ stateMachineArn: machine, name: 'one', input: '{}' })
    await run.close()
    run = await start()
    expect(run.clock.now() - Date.now()).toBeGreaterThanOrEqual(9_990)
    expect(run.engine.describe(executionArn).status).toBe('RUNNING')
    const kept = await new DynamoDBClient(client()).send(new GetItemCommand({ ...table, Key: { pk: { S: 'a' } } }))
    expect(kept.Item).toEqual({ pk: { S: 'a' } })
    await ask('clock', { advance: '1d' })
    expect(run.engine.describe(executionArn).status).toBe('FAILED')
    const seen = await invoke<Seen[]>('Recorder', 'seen')
    expect(seen[0]).toMatchObject({ count: '2', body: { detail: { what: 'poison' } } })
  })

  test('is refused while folder or port is in use, before the app is made', async () => {
    const assembly = jest.fn<Promise<string>, []>()
    const place = { dataDir, account: hub, region: 'us-east-1', consolePort: 0 }
    await expect(startLocal({ ...place, assembly, port: 0 })).rejects.toThrow('is in use by process')
    const port = Number(new URL(run.endpointUrl).port)
    await expect(startLocal({ ...place, assembly, port, dataDir: undefined })).rejects.toThrow(`port ${port} is in use`)
    expect(assembly).not.toHaveBeenCalled()
  })

  test('after a reset finds nothing', async () => {
    await new DynamoDBClient(client()).send(new PutItemCommand({ ...table, Item: { pk: { S: 'a' } } }))
    run.engine.startExecution({ stateMachineArn: machine, name: 'one', input: '{}' })
    await ask('clock', { advance: '6h' })
    expect(await ask('reset', {})).toEqual({ status: 200, body: {} })
    expect(run.clock.offsetMs).toBe(0)
    expect(run.engine.list(machine)).toEqual([])
    const kept = await new DynamoDBClient(client()).send(new GetItemCommand({ ...table, Key: { pk: { S: 'a' } } }))
    expect(kept.Item).toBeUndefined()
  })
})
