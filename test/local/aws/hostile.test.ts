import { createConnection } from 'node:net'
import type { Service } from '../../../local/aws/service.ts'
import { startEndpoint, type TestEndpoint } from '../../support/endpoint.ts'

const answer = (): unknown => ({})
const services: Service[] = [
  { model: 'iot', operations: { DescribeCertificate: answer } },
  { model: 'iam', operations: { RejectDelegationRequest: answer, CreateDelegationRequest: answer } },
  { model: 'stepfunctions', operations: { SendTaskSuccess: answer } },
]

let endpoint: TestEndpoint
const unexpected: unknown[] = []
beforeAll(async () => {
  endpoint = await startEndpoint(services, { onUnexpected: (error) => unexpected.push(error) })
})
afterAll(() => endpoint.close())

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const target = { 'x-amz-target': 'AWSStepFunctions.SendTaskSuccess' }
const create = 'Action=CreateDelegationRequest&Version=2010-05-08'

test.each([
  ['a broken escape in the path', { service: 'iot', method: 'GET', path: '/certificates/%E0%A4%A' }],
  ['a deep form', { service: 'iam', headers: form, body: `${create}&${'a.'.repeat(50_000)}b=c` }],
  ['names of prototypes', { service: 'iam', headers: form, body: `${create}&constructor.prototype=1&__proto__=2` }],
  ['a list that is no list', { service: 'iam', headers: form, body: `${create}&Permissions.Parameters=1` }],
  [
    'a list without numbers',
    { service: 'iam', headers: form, body: `${create}&Permissions.Parameters.member.x.Name=1` },
  ],
  ['deep JSON', { service: 'states', headers: target, body: '['.repeat(200_000) }],
  ['JSON that is null', { service: 'states', headers: target, body: 'null' }],
  ['bytes that are no text', { service: 'states', headers: target, body: '\u0000\ud800' }],
  [
    'a target of another service',
    { service: 'states', headers: { 'x-amz-target': 'AWSEvents.PutEvents' }, body: '{}' },
  ],
])('%s gets an error of the caller', async (_name, request) => {
  const answered = await endpoint.send(request)

  expect([400, 404]).toContain(answered.status)
  expect(unexpected).toEqual([])
})

test.each([
  'AWS4-HMAC-SHA256',
  'AWS4-HMAC-SHA256 Credential=a/b',
  'AWS4-ECDSA-P256-SHA256 Credential=a/20261120/iot/aws4_request',
])('an authorization that cannot be read is refused: %s', async (authorization) => {
  const answered = await endpoint.send({
    method: 'GET',
    path: `/certificates/${'ab'.repeat(32)}`,
    headers: { authorization },
  })

  expect(answered.status).toBe(403)
  expect(answered.headers.get('x-amzn-errortype')).toBe('IncompleteSignatureException')
})

test('a client that leaves in the middle of its body harms nobody', async () => {
  const { hostname, port } = new URL(endpoint.url)
  const socket = createConnection(Number(port), hostname)
  const lines = [
    'POST / HTTP/1.1',
    'host: x',
    'x-amz-target: AWSStepFunctions.SendTaskSuccess',
    'content-length: 9',
    '',
    '{"a"',
  ]
  await new Promise<void>((resolve) =>
    socket.write(lines.join('\r\n'), () => {
      resolve()
    }),
  )
  await new Promise<void>((resolve) =>
    socket.destroy().once('close', () => {
      resolve()
    }),
  )

  expect((await endpoint.send({ service: 'states', headers: target, body: '{}' })).status).toBe(400)
})

test('a form may come in the URL', async () => {
  const path = `/?Action=RejectDelegationRequest&Version=2010-05-08&DelegationRequestId=${'a'.repeat(16)}`

  expect((await endpoint.send({ service: 'iam', method: 'GET', path })).text).toContain(
    'RejectDelegationRequestResponse',
  )
})
