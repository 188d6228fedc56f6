import { aws, minor, theirs } from '../../../lambda/domain/fact-field.ts'
import type { KindSpec } from '../../../lambda/kinds/kind.ts'

const peerings = ['arn:${Partition}:ec2:${Region}:${Account}:vpc-peering-connection/*']
const reads = { actions: ['ec2:DescribeVpcPeeringConnections'], resources: ['*'] }
const accepts = {
  actions: ['ec2:AcceptVpcPeeringConnection'],
  resources: [...peerings, 'arn:${Partition}:ec2:${Region}:${Account}:vpc/*'],
}

/** https://docs.aws.amazon.com/vpc/latest/peering/accept-vpc-peering-connection.html */
export const vpcPeeringSpec: KindSpec = {
  kind: 'vpc-peering',
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
  words: {
    name: 'VPC peering request',
    accept: { means: 'The two networks are joined: what our routes and security groups let through can pass.' },
    reject: { means: 'The networks stay apart. The other account can ask again.' },
  },
  facts: {
    ourVpc: aws(1, 'Our network'),
    theirVpc: minor(2, 'Their network'),
    theirCidr: theirs(1, 'Addresses of their network'),
  },
  deadlineDefault: 'reject',
  acceptedBy: 'acceptors',
}
