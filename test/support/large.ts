import { factsOfKind, partner } from './facts.ts'
import type { Facts } from '../../lambda/domain/facts.ts'

const types = [
  { type: 'ec2:Subnet', name: 'subnet/subnet', share: 0.5 },
  { type: 'route53resolver:ResolverRule', name: 'resolver-rule/rslvr-rr', share: 0.3 },
  { type: 'ec2:PrefixList', name: 'prefix-list/pl', share: 0.2 },
]
const regions = ['us-east-1', 'eu-central-1', 'ap-southeast-2']

/** A share of so many resources of three types in three regions. */
export function shareOf(count: number): Facts {
  const resources = types.flatMap(({ type, name, share }) =>
    Array.from({ length: count * share }, (_, at) => ({
      arn: `arn:aws:${type.split(':')[0]}:${regions[at % 3]}:${partner}:${name}-${at.toString(16).padStart(17, '0')}`,
      type,
      regionScope: 'REGIONAL',
    })),
  )
  const resourceTypes = types.map(({ type }) => type)
  return factsOfKind('ram-invitation', { resources, resourceTypes, resourceCount: resources.length })
}

/** A permission policy of about 6 kB, as one who sets up a platform asks for it. */
export function longPolicy(): string {
  const services = ['ec2', 's3', 'logs', 'cloudwatch', 'kms', 'sqs', 'sns', 'dynamodb', 'lambda']
  const verbs = ['Get', 'List', 'Describe', 'Put', 'Tag']
  const nouns = ['Object', 'Configuration', 'Policy', 'Metrics']
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      ...services.map((service) => ({
        Sid: `Use${service}`,
        Effect: 'Allow',
        Action: verbs.flatMap((verb) => nouns.map((noun) => `${service}:${verb}${noun}`)),
        Resource: [`arn:aws:${service}:*:111111111111:platform/*`, `arn:aws:${service}:*:111111111111:shared/*`],
        Condition: { StringEquals: { 'aws:RequestedRegion': ['us-east-1', 'eu-central-1'] } },
      })),
      { Effect: 'Allow', Action: 'iam:*', Resource: '*' },
      { Effect: 'Deny', NotAction: ['sts:GetCallerIdentity'], NotResource: 'arn:aws:s3:::logs/*' },
    ],
  })
}
