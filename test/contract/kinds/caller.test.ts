import { createIdentify } from '../../../lambda/kinds/caller.ts'
import { digestOfTransfer } from '../../../lambda/contract/transfer.ts'
import { createSessions } from '../../../local/aws/sessions.ts'
import { createSts } from '../../../local/aws/services/sts.ts'
import { proveCaller } from '../../../local/transfer-client.ts'
import { startEndpoint, type TestEndpoint } from '../../support/endpoint.ts'
import { partner, us } from '../../support/kinds.ts'

const asked = { account: us, region: 'us-east-1', certificateId: '7d2e'.repeat(16), to: partner, message: 'as agreed' }
const digest = digestOfTransfer(asked)
const sessions = createSessions()
const olaf = sessions.start({ account: us, role: 'Operators', arn: `arn:aws:sts::${us}:assumed-role/Operators/olaf` })

let endpoint: TestEndpoint
beforeAll(async () => {
  endpoint = await startEndpoint([createSts({ sessions })], { resolveCaller: sessions.find })
})
afterAll(() => endpoint.close())

function config(): Parameters<typeof proveCaller>[0] {
  return { endpoint: endpoint.url, region: 'us-east-1', credentials: olaf }
}

test('STS says who signed, session and all', async () => {
  const proof = await proveCaller(config(), digest)
  expect(proof.authorization).toContain('x-gatehouse-request')
  expect(await createIdentify(endpoint.url)(proof, digest)).toBe(`arn:aws:sts::${us}:assumed-role/Operators/olaf`)
})

test('a proof for one request is none for another', async () => {
  const proof = await proveCaller(config(), digest)
  const other = digestOfTransfer({ ...asked, to: '555566667777' })
  expect(await createIdentify(endpoint.url)(proof, other)).toBeUndefined()
  expect(await createIdentify(endpoint.url)({ ...proof, 'x-gatehouse-request': other }, digest)).toBeUndefined()
})

test('a header that is not signed proves nothing', async () => {
  const { authorization = '', ...proof } = await proveCaller(config(), digest)
  const unsigned = authorization.replace(';x-gatehouse-request', '')
  expect(await createIdentify(endpoint.url)({ ...proof, authorization: unsigned }, digest)).toBeUndefined()
})

test('a header that is said to be signed in a second list proves nothing', async () => {
  const { authorization = '', ...proof } = await proveCaller(config(), digest)
  const unsigned = authorization.replace(';x-gatehouse-request', '')
  for (const forged of [
    unsigned.replace('SignedHeaders=', 'SignedHeaders=host;x-gatehouse-request, SignedHeaders='),
    `SignedHeaders=x-gatehouse-request ${unsigned}`,
    unsigned.replace('Credential=', 'Credential=SignedHeaders=x-gatehouse-request;'),
  ])
    expect(await createIdentify(endpoint.url)({ ...proof, authorization: forged }, digest)).toBeUndefined()
})

test('nobody is known by keys that nobody has, and nothing else is passed on', async () => {
  const proof = await proveCaller({ ...config(), credentials: { ...olaf, accessKeyId: 'AKIANOBODY' } }, digest)
  expect(await createIdentify(endpoint.url)(proof, digest)).toBeUndefined()
  const fetched = jest.spyOn(globalThis, 'fetch')
  await createIdentify(endpoint.url)({ ...proof, 'x-forwarded-for': '10.0.0.1' }, digest)
  expect(fetched.mock.calls[0]?.[1]?.headers).not.toHaveProperty('x-forwarded-for')
  fetched.mockRestore()
})

test('a STS that does not answer is no answer', async () => {
  const proof = await proveCaller(config(), digest)
  const identify = createIdentify('http://127.0.0.1:9')
  await expect(identify(proof, digest)).rejects.toMatchObject({ name: 'ServiceUnavailable' })
})
