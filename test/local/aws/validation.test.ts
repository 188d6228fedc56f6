import { IAMClient, RejectDelegationRequestCommand } from '@aws-sdk/client-iam'
import type { Service } from '../../../local/aws/service.ts'
import { startEndpoint, type RawRequest, type RawResponse, type TestEndpoint } from '../../support/endpoint.ts'

let reached: unknown[] = []
const reach = ({ input }: { input: unknown }): unknown => {
  reached.push(input)
  return {}
}
const services: Service[] = [
  {
    model: 'iot',
    operations: {
      RejectCertificateTransfer: reach,
      ListCertificates: reach,
      UpdateCertificate: reach,
      TransferCertificate: reach,
    },
  },
  {
    model: 'ram',
    operations: {
      AcceptResourceShareInvitation: reach,
      GetResourceShareInvitations: reach,
      ListPendingInvitationResources: reach,
      CreateResourceShare: reach,
    },
  },
  { model: 'iam', operations: { RejectDelegationRequest: reach, CreateDelegationRequest: reach } },
  { model: 'stepfunctions', operations: { SendTaskSuccess: reach, StartExecution: reach } },
]

let endpoint: TestEndpoint
beforeAll(async () => {
  endpoint = await startEndpoint(services)
})
afterAll(() => endpoint.close())
beforeEach(() => {
  reached = []
})

const certificateId = 'ab'.repeat(32)
const iot = (method: string, path: string, body = ''): RawRequest => ({
  service: 'iot',
  method,
  path,
  ...(body && { body }),
})
const ram = (operation: string, body: unknown): RawRequest => ({
  service: 'ram',
  path: `/${operation.toLowerCase()}`,
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const iam = (form: Record<string, string>): RawRequest => ({
  service: 'iam',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams({ Version: '2010-05-08', ...form }).toString(),
})
const states = (operation: string, body: string): RawRequest => ({
  service: 'states',
  headers: { 'x-amz-target': `AWSStepFunctions.${operation}`, 'content-type': 'application/x-amz-json-1.0' },
  body,
})

/** Status, error name and message, wherever the protocol has them. */
function errorOf({ status, headers, text }: RawResponse): [number, string, string] {
  expect(headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/)
  if (text.startsWith('<')) {
    const [, code = '', message = ''] = /<Code>(.*)<\/Code><Message>(.*)<\/Message>/.exec(text) ?? []
    return [status, code, message]
  }
  const body = JSON.parse(text) as { __type?: string; message: string }
  return [status, headers.get('x-amzn-errortype') ?? body.__type ?? '', body.message]
}

test.each([
  ['too short an id', iot('PATCH', '/reject-certificate-transfer/abc'), 'length greater than or equal to 64'],
  ['an id with other letters', iot('PATCH', `/reject-certificate-transfer/${'g'.repeat(64)}`), 'regular expression'],
  [
    'too long a reason',
    iot('PATCH', `/reject-certificate-transfer/${certificateId}`, `{"rejectReason":"${'é'.repeat(129)}"}`),
    "at 'rejectReason' failed",
  ],
  [
    'a number for a string',
    iot('PATCH', `/reject-certificate-transfer/${certificateId}`, '{"rejectReason":7}'),
    'NUMBER_VALUE',
  ],
  ['a page size out of range', iot('GET', '/certificates?pageSize=251'), 'value less than or equal to 250'],
  ['a page size that is no number', iot('GET', '/certificates?pageSize=many'), 'an integer'],
  ['a missing query parameter', iot('PUT', `/certificates/${certificateId}`), "Value null at 'newStatus'"],
  ['an unknown status', iot('PUT', `/certificates/${certificateId}?newStatus=GONE`), 'enum value set'],
  [
    'a short account',
    iot('PATCH', `/transfer-certificate/${certificateId}?targetAwsAccount=1234`),
    "at 'targetAwsAccount'",
  ],
])('IoT answers InvalidRequestException to %s', async (_name, request, message) => {
  expect(errorOf(await endpoint.send(request))).toEqual([
    400,
    'InvalidRequestException',
    expect.stringContaining(message),
  ])
  expect(reached).toEqual([])
})

test.each([
  [ram('GetResourceShareInvitations', { maxResults: 501 }), 'InvalidMaxResultsException'],
  [ram('GetResourceShareInvitations', { maxResults: '5' }), 'InvalidMaxResultsException'],
  [ram('GetResourceShareInvitations', { resourceShareArns: 'one' }), 'InvalidParameterException'],
  [ram('ListPendingInvitationResources', {}), 'MissingRequiredParameterException'],
  [
    ram('ListPendingInvitationResources', { resourceShareInvitationArn: 'a', resourceRegionScope: 'x' }),
    'InvalidParameterException',
  ],
  [ram('CreateResourceShare', { name: null }), 'InvalidParameterException'],
  [ram('AcceptResourceShareInvitation', {}), 'ValidationException'],
  [ram('AcceptResourceShareInvitation', '{"resourceShareInvitationArn":'), 'SerializationException'],
  [ram('AcceptResourceShareInvitation', '[]'), 'SerializationException'],
])('RAM answers %j with %s', async (request, code) => {
  expect(errorOf(await endpoint.send(request)).slice(0, 2)).toEqual([400, code])
})

const longId = 'a'.repeat(16)
test.each([
  ['a missing id', { Action: 'RejectDelegationRequest' }, "Value null at 'delegationRequestId'"],
  [
    'a short id',
    { Action: 'RejectDelegationRequest', DelegationRequestId: 'short' },
    'length greater than or equal to 16',
  ],
  [
    'an id with a slash',
    { Action: 'RejectDelegationRequest', DelegationRequestId: `${longId}/` },
    'regular expression',
  ],
  [
    'notes outside Latin-1',
    { Action: 'RejectDelegationRequest', DelegationRequestId: longId, Notes: 'no 🙂' },
    "at 'notes'",
  ],
  [
    'long notes',
    { Action: 'RejectDelegationRequest', DelegationRequestId: longId, Notes: 'x'.repeat(501) },
    'less than or equal to 500',
  ],
])('IAM answers ValidationError to %s', async (_name, form, message) => {
  expect(errorOf(await endpoint.send(iam(form)))).toEqual([400, 'ValidationError', expect.stringContaining(message)])
})

test('IAM reads lists and structures of a form, and names each problem in them', async () => {
  const form = {
    Action: 'CreateDelegationRequest',
    Description: 'd',
    RequestorWorkflowId: 'workflow-1',
    NotificationChannel: 'channel',
    SessionDuration: '300',
    OnlySendByOwner: 'true',
    'Permissions.PolicyTemplateArn': 'arn:aws:iam:::delegation-template/t',
    'Permissions.Parameters.member.2.Name': 'Second',
    'Permissions.Parameters.member.1.Name': 'First',
    'Permissions.Parameters.member.1.Values.member.1': 'one',
    '__proto__.polluted': 'yes',
  }
  await endpoint.send(iam(form))
  const wrong = await endpoint.send(
    iam({ ...form, SessionDuration: '299', 'Permissions.Parameters.member.2.Name': 'x' }),
  )

  expect(reached).toEqual([
    expect.objectContaining({
      SessionDuration: 300,
      OnlySendByOwner: true,
      Permissions: {
        PolicyTemplateArn: 'arn:aws:iam:::delegation-template/t',
        Parameters: [{ Name: 'First', Values: ['one'] }, { Name: 'Second' }],
      },
    }),
  ])
  expect(errorOf(wrong)[2]).toMatch(
    /^2 validation errors detected: .*permissions\.parameters\.2\.member\.name.*sessionDuration/,
  )
  expect({}).not.toHaveProperty('polluted')
})

test.each([
  [states('SendTaskSuccess', '{"output":"{}"}'), 'ValidationException'],
  [states('StartExecution', '{"stateMachineArn":7}'), 'SerializationException'],
  [states('StartExecution', 'nonsense'), 'SerializationException'],
  [states('DropEverything', '{}'), 'UnknownOperationException'],
])('json answers %j with %s in __type', async (request, code) => {
  const answered = await endpoint.send(request)

  expect(errorOf(answered).slice(0, 2)).toEqual([400, code])
  expect(answered.headers.get('content-type')).toBe('application/x-amz-json-1.0')
})

test.each([
  [iot('GET', '/no-such-path'), 404, 'UnknownOperationException'],
  [iot('GET', `/certificates/${certificateId}`), 404, 'UnknownOperationException'],
  [ram('DisassociateResourceShare', {}), 404, 'UnknownOperationException'],
  [iam({ Action: 'DropEverything' }), 400, 'InvalidAction'],
  [iam({ Action: 'RejectDelegationRequest', Version: '2000-01-01' }), 400, 'InvalidAction'],
  [iam({}), 400, 'MissingAction'],
])('an operation that is not there: %j', async (request, status, code) => {
  expect(errorOf(await endpoint.send(request)).slice(0, 2)).toEqual([status, code])
})

test('errors in XML name the service, and escape what they quote', async () => {
  const answered = await endpoint.send(iam({ Action: '<b>&' }))

  expect(answered.headers.get('content-type')).toBe('text/xml')
  expect(answered.text).toMatch(
    /^<ErrorResponse xmlns="https:\/\/iam\.amazonaws\.com\/doc\/2010-05-08\/"><Error><Type>Sender<\/Type>/,
  )
  expect(answered.text).toContain('&lt;b&gt;&amp;')
})

test('an answer without members is an empty response in XML, and an empty body in REST', async () => {
  const client = new IAMClient(endpoint.as('111111111111'))
  const done = await client.send(new RejectDelegationRequestCommand({ DelegationRequestId: longId, Notes: 'tab\tñ' }))
  const rest = await endpoint.send(iot('PATCH', `/reject-certificate-transfer/${certificateId}`))

  expect(done.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/)
  expect(reached[0]).toEqual({ DelegationRequestId: longId, Notes: 'tab\tñ' })
  expect([rest.status, rest.text]).toEqual([200, ''])
})
