import { readFileSync } from 'node:fs'
import { registerKinds } from '../../../lambda/domain/kinds.ts'
import { offerIdOf } from '../../../lambda/domain/offer.ts'
import type { OfferRef } from '../../../lambda/domain/offer.ts'
import { createPolicyEngine } from '../../../lambda/policy/cedar-engine.ts'
import type { PolicyEngine } from '../../../lambda/policy/engine.ts'
import { loadPolicySet } from '../../../lambda/policy/load.ts'
import { validatePolicySet } from '../../../lambda/policy/validate.ts'
import { defineConfig } from '../../../lib/config.ts'
import { hintsOf } from '../../../lambda/kinds/hints.ts'
import { startEndpoint, type TestEndpoint } from '../../support/endpoint.ts'
import { aContext, partner, stranger, us } from '../../support/kinds.ts'
import { createTestTable, type TestTable } from '../../support/table.ts'
import { testSettings, World } from '../../support/world.ts'
import { createEc2, type Peering } from './ec2.ts'
import { open } from './open.ts'
import { vpcPeeringSpec } from './spec.ts'

// In the app: its line in lambda/kinds/registry.ts.
registerKinds([vpcPeeringSpec])

const settings = testSettings({ partners: { partners: [partner] } })

/** The kind's part of the schema is read from its folder, which in the app is one of lambda/kinds. */
function policies(): PolicyEngine {
  const { schema } = loadPolicySet('policies', (kind) => (kind === target.kind ? __dirname : `lambda/kinds/${kind}`))
  const file = `${__dirname}/vpc-peering.cedar`
  const files = [{ file, text: readFileSync(file, 'utf8') }]
  return createPolicyEngine(validatePolicySet({ schema, files }, settings), settings)
}

let table: TestTable
let endpoint: TestEndpoint
let world: World
const peerings: Peering[] = []
const target = { kind: vpcPeeringSpec.kind, account: us, region: 'us-east-1' }

beforeAll(async () => {
  table = await createTestTable()
  endpoint = await startEndpoint([createEc2(peerings)])
  process.env.AWS_ENDPOINT_URL = endpoint.url
  world = new World({
    table,
    account: us,
    settings,
    policy: policies(),
    open: (at) => open(aContext(at.kind, { target: at })),
  })
})
afterAll(async () => {
  world.close()
  delete process.env.AWS_ENDPOINT_URL
  await endpoint.close()
  await table.close()
})

function offer(from: string, cidr: string): { peering: Peering; id: string } {
  const id = `pcx-${String(peerings.length + 1).padStart(17, '0')}`
  const peering: Peering = {
    id,
    status: 'pending-acceptance',
    from: { account: from, vpcId: 'vpc-0a', cidr },
    to: { account: us, vpcId: 'vpc-0b', cidr: '10.0.0.0/16' },
  }
  peerings.push(peering)
  const ref: OfferRef = { ...target, awsId: id }
  return { peering, id: offerIdOf(ref) }
}

test('a peering that policy accepts is found, judged and accepted at EC2', async () => {
  const { peering, id } = offer(partner, '10.9.0.0/16')
  await world.scan(target)
  expect(peering.status).toBe('active')
  const state = await world.state(id)
  expect(state.closed?.outcome).toBe('ACCEPTED')
  expect(state.round?.judged?.policies).toMatchObject([{ id: 'vpc.accept-partner-peering' }])
})

test('one that policy rejects is rejected', async () => {
  const { peering, id } = offer(partner, '203.0.113.0/24')
  await world.scan({ ...target, awsId: peering.id })
  expect(peering.status).toBe('rejected')
  expect((await world.state(id)).closed?.outcome).toBe('REJECTED')
})

test('one that policy leaves to people is accepted by their vote', async () => {
  const { peering, id } = offer(stranger, '10.8.0.0/16')
  await world.scan({ ...target, awsId: peering.id })
  expect(peering.status).toBe('pending-acceptance')
  expect(world.mails.at(-1)?.mail.text).toMatch(/The two networks are joined[^]*Addresses of their network: 10/)
  expect(await world.vote('alice', 'accept')).toMatchObject({ result: 'voted' })
  expect(peering.status).toBe('active')
  expect((await world.state(id)).closed?.outcome).toBe('ACCEPTED')
})

test('one that they reject is rejected', async () => {
  const { peering, id } = offer(stranger, '10.7.0.0/16')
  await world.scan({ ...target, awsId: peering.id })
  await world.vote('bob', 'reject')
  expect(peering.status).toBe('rejected')
  expect((await world.state(id)).closed?.outcome).toBe('REJECTED')
})

test('an event of it says where to look', () => {
  const event = {
    source: 'aws.ec2',
    'detail-type': 'AWS API Call via CloudTrail',
    account: us,
    region: 'us-east-1',
    detail: {
      eventSource: 'ec2.amazonaws.com',
      eventName: 'RejectVpcPeeringConnection',
      requestParameters: { vpcPeeringConnectionId: 'pcx-00000000000000001' },
    },
  }
  expect(hintsOf(event)).toEqual([{ ...target, awsId: 'pcx-00000000000000001' }])
})

test('the configuration knows it, and what its deadline brings', () => {
  const config = {
    groups: { people: { approvers: [{ id: 'ada', email: 'ada@example.com' }] } },
    email: { from: 'gatehouse@example.com' },
  }
  const { kinds, deadline } = defineConfig(config)
  expect(kinds.default).toContain('vpc-peering')
  expect(deadline.default).toMatchObject({ 'vpc-peering': 'reject', 'iot-outgoing': 'leave' })
  expect(defineConfig({ ...config, deadline: { default: { 'vpc-peering': 'leave' } } }).deadline.default).toMatchObject(
    {
      'vpc-peering': 'leave',
    },
  )
})
