import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { createBehaviour } from '../../../local/aws/behaviour.ts'
import { startEndpoint } from '../../support/endpoint.ts'

test('only what is named changes', () => {
  const behaviour = createBehaviour()

  behaviour.set({ ram: { emptyPages: true } })
  behaviour.set({ ram: { staleReads: 2 }, iot: { hideSender: true } })

  expect(behaviour.ram).toEqual({ emptyPages: true, staleReads: 2, hiddenReads: 0 })
  expect(behaviour.iot).toEqual({ hideSender: true })
  behaviour.reset()
  expect(behaviour.ram).toEqual({ emptyPages: false, staleReads: 0, hiddenReads: 0 })
})

test.each([
  [{ ram: { emptypages: true } }, 'emptypages'],
  [{ sqs: {} }, 'sqs'],
  [{ ram: { staleReads: -1 } }, 'staleReads'],
  [{ faults: [{ service: 'ram' }] }, 'operation'],
  ['on', 'object'],
])('what it does not know is refused by name: %j', (json, name) => {
  const behaviour = createBehaviour()

  expect(() => {
    behaviour.set(json)
  }).toThrow(expect.objectContaining({ name: 'InvalidBehaviour', message: expect.stringContaining(name) }))
})

test('a lost answer: the call takes effect, then the error is answered', async () => {
  const behaviour = createBehaviour()
  let effects = 0
  const operations = { GetCallerIdentity: () => ({ Account: `${(effects += 1)}` }) }
  const endpoint = await startEndpoint([{ model: 'sts', operations }], { behaviour })
  const client = new STSClient(endpoint.as('111111111111'))
  const fault = { service: 'sts', operation: 'GetCallerIdentity', error: 'ServiceUnavailable' }

  behaviour.set({ faults: [fault, { ...fault, after: true }] })
  const before = client.send(new GetCallerIdentityCommand({}))
  await expect(before).rejects.toMatchObject({ name: 'ServiceUnavailable', $metadata: { httpStatusCode: 503 } })
  expect(effects).toBe(0)
  const after = client.send(new GetCallerIdentityCommand({}))
  await expect(after).rejects.toMatchObject({ name: 'ServiceUnavailable' })
  expect(effects).toBe(1)

  expect((await client.send(new GetCallerIdentityCommand({}))).Account).toBe('2')
  await endpoint.close()
})
