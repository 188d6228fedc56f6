import { GetDelegationRequestCommand, IAMClient, RejectDelegationRequestCommand } from '@aws-sdk/client-iam'
import { DescribeCertificateCommand, IoTClient, ListCertificatesCommand } from '@aws-sdk/client-iot'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn'
import { AwsError, type Call, type Operation, type Service } from '../../../local/aws/service.ts'
import { startEndpoint, type TestEndpoint } from '../../support/endpoint.ts'

const certificateId = 'ab'.repeat(32)
let calls: Call<Record<string, unknown>>[] = []
let answer: Operation = () => ({})
const record: Operation = (call) => {
  calls.push(call)
  return answer(call)
}

const services: Service[] = [
  { model: 'iot', operations: { ListCertificates: record, DescribeCertificate: record, TransferCertificate: record } },
  { model: 'iam', operations: { GetDelegationRequest: record, RejectDelegationRequest: record } },
  { model: 'stepfunctions', operations: { DescribeExecution: record } },
  { model: 'lambda', operations: { Invoke: record } },
]

let endpoint: TestEndpoint
beforeAll(async () => {
  endpoint = await startEndpoint(services, { onUnexpected: () => undefined })
})
afterAll(() => endpoint.close())
beforeEach(() => {
  calls = []
  answer = () => ({})
})

describe('through the SDK', () => {
  test('rest-json reads path and query string, and answers times as epoch seconds', async () => {
    answer = () => ({ certificates: [{ certificateId, creationDate: new Date(1_500) }] })
    const client = new IoTClient(endpoint.as('111111111111', 'eu-west-1'))

    const list = await client.send(new ListCertificatesCommand({ pageSize: 250, ascendingOrder: true }))
    await client.send(new DescribeCertificateCommand({ certificateId }))

    expect(list.certificates).toEqual([{ certificateId, creationDate: new Date(1_500) }])
    expect(calls[0]).toMatchObject({
      input: { pageSize: 250, ascendingOrder: true },
      caller: { account: '111111111111' },
      region: 'eu-west-1',
      nowMs: endpoint.nowMs(),
    })
    expect(calls[1]?.input).toEqual({ certificateId })
  })

  test('query reads a form, and answers XML', async () => {
    const Description = 'R&D <"quoted">\r\nnext line'
    answer = () => ({ DelegationRequest: { Description, SessionDuration: 300, OnlySendByOwner: true, CreateDate: 0 } })
    const client = new IAMClient(endpoint.as('111111111111'))

    const got = await client.send(
      new GetDelegationRequestCommand({ DelegationRequestId: 'a'.repeat(16), DelegationPermissionCheck: true }),
    )

    expect(calls[0]?.input).toEqual({ DelegationRequestId: 'a'.repeat(16), DelegationPermissionCheck: true })
    expect(got.DelegationRequest).toEqual({
      Description,
      SessionDuration: 300,
      OnlySendByOwner: true,
      CreateDate: new Date(0),
    })
  })

  test('json answers by X-Amz-Target', async () => {
    answer = () => ({ name: 'run', status: 'RUNNING', startDate: new Date(5_250), notModelled: 1 })

    const got = await new SFNClient(endpoint.as('111111111111')).send(
      new DescribeExecutionCommand({ executionArn: 'arn:aws:states:us-east-1:111111111111:execution:m:run' }),
    )

    expect(got).toMatchObject({ name: 'run', status: 'RUNNING', startDate: new Date(5_250) })
    expect(got).not.toHaveProperty('notModelled')
  })

  test('Invoke carries its payload as the body, both ways', async () => {
    answer = ({ input }) => ({ StatusCode: 200, FunctionError: 'Unhandled', Payload: input['Payload'] })

    const got = await new LambdaClient(endpoint.as('111111111111')).send(
      new InvokeCommand({
        FunctionName: 'arn:aws:lambda:us-east-1:111111111111:function:Judge',
        InvocationType: 'RequestResponse',
        Payload: Buffer.from('{"a":1}'),
      }),
    )

    expect(calls[0]?.input).toMatchObject({
      FunctionName: 'arn:aws:lambda:us-east-1:111111111111:function:Judge',
      InvocationType: 'RequestResponse',
    })
    expect(got).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' })
    expect(Buffer.from(got.Payload ?? []).toString()).toBe('{"a":1}')
  })

  test('a modelled error arrives as its typed exception', async () => {
    answer = () => {
      throw new AwsError('NoSuchEntityException', 'not <here>')
    }
    const client = new IAMClient(endpoint.as('111111111111'))

    const call = client.send(new RejectDelegationRequestCommand({ DelegationRequestId: 'a'.repeat(16) }))

    await expect(call).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: 'not <here>',
      $metadata: { httpStatusCode: 404 },
    })
  })
})

describe('refusals', () => {
  test.each([
    ['iot', 403, 'UnrecognizedClientException'],
    ['states', 403, 'UnrecognizedClientException'],
    ['iam', 403, 'InvalidClientTokenId'],
  ])('an unknown key at %s', async (service, status, code) => {
    const answered = await endpoint.send({ service, accessKeyId: 'AKIDUNKNOWN', body: '' })

    expect(answered.status).toBe(status)
    expect(answered.text + (answered.headers.get('x-amzn-errortype') ?? '')).toContain(code)
    expect(calls).toEqual([])
  })

  test.each([
    [{ path: '/certificates', method: 'GET' }, 'MissingAuthenticationTokenException'],
    [{ headers: { 'x-amz-target': 'AWSStepFunctions.DescribeExecution' } }, 'MissingAuthenticationTokenException'],
    [{ headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 'MissingAuthenticationToken'],
  ])('an unsigned call: %j', async (request, code) => {
    const answered = await endpoint.send(request)

    expect(answered.status).toBe(403)
    expect(answered.text + (answered.headers.get('x-amzn-errortype') ?? '')).toContain(code)
    expect(answered.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/)
  })

  test.each([
    [{ method: 'GET', path: '/_local/health' }],
    [{ service: 'dynamodb', headers: { 'x-amz-target': 'DynamoDB_20120810.GetItem' }, body: '{}' }],
    [{ method: 'HEAD', path: '/certificates' }],
    [{ path: '/', body: '{}', headers: { 'content-type': 'application/json' } }],
  ])('what is for no service is left alone: %j', async (request) => {
    expect((await endpoint.send(request)).status).toBe(599)
  })

  test('an operation that fails unexpectedly answers 500 in its protocol', async () => {
    answer = () => {
      throw new TypeError('a bug')
    }

    const rest = await endpoint.send({ service: 'iot', method: 'GET', path: '/certificates' })
    const query = await endpoint.send({
      service: 'iam',
      body: `Action=GetDelegationRequest&Version=2010-05-08&DelegationRequestId=${'a'.repeat(16)}`,
    })

    expect([rest.status, query.status]).toEqual([500, 500])
    expect(rest.headers.get('x-amzn-errortype')).toBe('InternalFailure')
    expect(query.text).toContain('<Type>Receiver</Type><Code>InternalFailure</Code>')
    expect(rest.text + query.text).not.toContain('a bug')
  })

  test('a body beyond the limit is read to its end and refused', async () => {
    const answered = await endpoint.send({
      service: 'states',
      headers: { 'x-amz-target': 'AWSStepFunctions.DescribeExecution' },
      body: 'x'.repeat(7 * 1024 * 1024),
    })

    expect(answered.status).toBe(413)
    expect(JSON.parse(answered.text)).toEqual({
      __type: 'RequestEntityTooLargeException',
      message: 'Request is too large.',
    })
  })
})
