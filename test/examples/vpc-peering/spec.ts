import type { OfferKind } from '../../../lambda/domain/offer.ts'
import type { KindSpec } from '../../../lambda/kinds/kind.ts'

/** In the app the name stands in domain/offer-kinds.ts, and needs no such words. */
export const vpcPeering = 'vpc-peering' as string as OfferKind

const peerings = ['arn:${Partition}:ec2:${Region}:${Account}:vpc-peering-connection/*']
const reads = { actions: ['ec2:DescribeVpcPeeringConnections'], resources: ['*'] }
const accepts = {
  actions: ['ec2:AcceptVpcPeeringConnection'],
  resources: [...peerings, 'arn:${Partition}:ec2:${Region}:${Account}:vpc/*'],
}

/** https://docs.aws.amazon.com/vpc/latest/peering/accept-vpc-peering-connection.html */
export const vpcPeeringSpec: KindSpec = {
  kind: vpcPeering,
  scope: 'regional',
  awsId: { pattern: /^pcx-[0-9a-f]{17}$/, fields: ['vpcPeeringConnectionId'] },
  eventPatterns: [
    {
      source: ['aws.ec2'],
      'detail-type': ['AWS API Call via CloudTrail'],
      detail: {
        eventSource: ['ec2.amazonaws.com'],
        eventName: ['AcceptVpcPeeringConnection', 'RejectVpcPeeringConnection'],
      },
    },
  ],
  grants: {
    'gatehouse-reader': [reads],
    'gatehouse-auto-acceptor': [reads, { ...accepts, needsPartners: true }],
    'gatehouse-acceptor': [reads, accepts],
    'gatehouse-rejector': [reads, { actions: ['ec2:RejectVpcPeeringConnection'], resources: peerings }],
  },
}
