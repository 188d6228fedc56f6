import { readFileSync } from 'node:fs'
import { registerKinds } from '../../../lambda/domain/kinds.ts'
import { offerIdOf } from '../../../lambda/domain/offer.ts'
import type { OfferRef } from '../../../lambda/domain/offer.ts'
import { createPolicyEngine } from '../../../lambda/policy/cedar-engine.ts'
import type { PolicyEngine } from '../../../lambda/policy/engine.ts'
import { validatePolicySet } from '../../../lambda/policy/validate.ts'
import { startEndpoint, type TestEndpoint } from '../../support/endpoint.ts'
import { aContext, partner, us } from '../../support/kinds.ts'
import { createTestTable, type TestTable } from '../../support/table.ts'
import { testSettings, World } from '../../support/world.ts'
import { createEc2, type Peering } from './ec2.ts'
import { vpcPeeringSpec } from './spec.ts'
import { openVpcPeering } from './vpc-peering.ts'

// In the app: its line in lambda/kinds/registry.ts.
registerKinds([vpcPeeringSpec])

/** The entry in the policy schema. */
const entity = `entity VpcPeering = {
  account: String, region: String, counterparty?: String, organization: String,
  theirVpc?: String, theirCidr?: String, ourVpc?: String,
};
`
const settings = testSettings()

function policies(): PolicyEngine {
  const schema = readFileSync('policies/schema.cedarschema', 'utf8').replaceAll(
    'IamDelegation]',
    'IamDelegation, VpcPeering]',
  )
  const file = `${__dirname}/vpc-peering.cedar`
  const files = [{ file, text: readFileSync(file, 'utf8') }]
  return createPolicyEngine(
    validatePolicySet({ schema: { file: 'schema', text: entity + schema }, files }, settings),
    settings,
  )
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
    open: (at) => openVpcPeering(aContext(at.kind, { target: at })),
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

test('its roles may do what its calls are, and no more', () => {
  const { grants } = vpcPeeringSpec
  const actions = Object.values(grants).flatMap((given) => given.flatMap((grant) => grant.actions))
  expect(new Set(actions)).toEqual(
    new Set(
      ['DescribeVpcPeeringConnections', 'AcceptVpcPeeringConnection', 'RejectVpcPeeringConnection'].map(
        (name) => `ec2:${name}`,
      ),
    ),
  )
})
