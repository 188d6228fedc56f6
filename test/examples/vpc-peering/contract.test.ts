import { registerKinds } from '../../../lambda/domain/kinds.ts'
import { describeKind } from '../../contract/kinds/suite.ts'
import { startKindWorld } from '../../support/kind-world.ts'
import { aContext, partner, us } from '../../support/kinds.ts'
import { createEc2, type Peering } from './ec2.ts'
import { open } from './open.ts'
import { vpcPeeringSpec } from './spec.ts'

registerKinds([vpcPeeringSpec])
const { kind } = vpcPeeringSpec
const peerings: Peering[] = []
const ec2 = createEc2(peerings)

function offer(): string {
  const id = `pcx-${String(peerings.length + 1).padStart(17, '0')}`
  const [from, to] = [partner, us].map((account) => ({ account, vpcId: 'vpc-0a', cidr: '10.0.0.0/16' }))
  peerings.push({ id, status: 'pending-acceptance', from: from!, to: to! })
  return id
}

async function become(id: string, status: Peering['status']): Promise<void> {
  for (const peering of peerings) if (peering.id === id) peering.status = status
}

describe(kind, () => {
  describeKind({
    kind,
    start: async () => {
      const world = await startKindWorld({ services: [ec2] })
      return { ...world, open: async () => open(aContext(kind)) }
    },
    calls: {
      model: ec2.model,
      list: 'DescribeVpcPeeringConnections',
      read: 'DescribeVpcPeeringConnections',
      reject: 'RejectVpcPeeringConnection',
      unavailable: 'ServiceUnavailable',
    },
    offer: async () => offer(),
    endings: {
      accept: (_, id) => become(id, 'active'),
      reject: (_, id) => become(id, 'rejected'),
      end: (_, id) => become(id, 'expired'),
    },
    states: { accept: 'accepted', reject: 'rejected', end: 'expired' },
    settles: {
      accept: { accept: 'already-settled', reject: 'lost', end: 'gone' },
      reject: { accept: 'lost', reject: 'already-settled', end: 'gone' },
    },
    twice: { accept: 'already-settled', reject: 'already-settled' },
    seen: ['theirVpc', 'theirCidr', 'ourVpc'],
    unknownId: 'pcx-0123456789abcdef0',
  })
})
