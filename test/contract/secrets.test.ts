import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { createSecrets, type ReadSecret } from '../../lambda/secrets.ts'
import { createSecretsManager } from '../../local/aws/services/secretsmanager.ts'
import { startEndpoint, type TestEndpoint } from '../support/endpoint.ts'

const hub = '111111111111'
const stored = new Map<string, string>()
let endpoint: TestEndpoint

beforeAll(async () => {
  endpoint = await startEndpoint([createSecretsManager({ account: hub, secrets: stored })])
})
afterAll(() => endpoint.close())

function reader(clock: { ms: number }): ReadSecret {
  return createSecrets({ client: new SecretsManagerClient(endpoint.as(hub)), now: () => new Date(clock.ms) })
}

test('a secret is read by name and by ARN', async () => {
  stored.set('gatehouse/one', 'first')
  const read = reader({ ms: 0 })

  expect(await read('gatehouse/one')).toBe('first')
  expect(await read(`arn:aws:secretsmanager:us-east-1:${hub}:secret:gatehouse/one`)).toBe('first')
})

test('a replaced one is used after five minutes', async () => {
  const clock = { ms: 0 }
  const read = reader(clock)
  stored.set('gatehouse/two', 'old')
  await read('gatehouse/two')
  stored.set('gatehouse/two', 'new')

  clock.ms = 299_999
  expect(await read('gatehouse/two')).toBe('old')
  clock.ms = 300_000
  expect(await read('gatehouse/two')).toBe('new')
})

test('one that could not be read is asked for again', async () => {
  const read = reader({ ms: 0 })

  await expect(read('gatehouse/three')).rejects.toThrow("can't find")
  stored.set('gatehouse/three', 'there')
  expect(await read('gatehouse/three')).toBe('there')
})

test('an empty one is refused by name', async () => {
  stored.set('gatehouse/empty', '')

  await expect(reader({ ms: 0 })('gatehouse/empty')).rejects.toThrow('expected the secret `gatehouse/empty`')
})
