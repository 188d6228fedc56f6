import { resourceGroupsOf } from '../../../lambda/domain/resource-groups.ts'

const subnet = (id: string, region = 'us-east-1', owner = '444455556666') => ({
  arn: `arn:aws:ec2:${region}:${owner}:subnet/${id}`,
  type: 'ec2:Subnet',
  regionScope: 'REGIONAL',
})

test('resources are grouped by type, region and owner, and none is left out', () => {
  const zone = { arn: 'arn:aws:route53resolver:eu-west-1:999999999999:rule/r', type: 'route53resolver:ResolverRule' }
  const groups = resourceGroupsOf([subnet('b'), zone, subnet('c', 'eu-west-1'), subnet('a')])

  expect(groups?.map(({ type, region, owner, items }) => [type, region, owner, items])).toEqual([
    ['ec2:Subnet', 'eu-west-1', '444455556666', ['subnet/c']],
    ['ec2:Subnet', 'us-east-1', '444455556666', ['subnet/b', 'subnet/a']],
    ['route53resolver:ResolverRule', 'eu-west-1', '999999999999', ['rule/r']],
  ])
  expect(groups?.[1]?.prefix).toBe('arn:aws:ec2:us-east-1:444455556666:')
})

test('what is no ARN is shown whole and cleaned', () => {
  const [group] = resourceGroupsOf([{ arn: 'arn:aws:ec2:us-east-1:444455556666:a b\u202E', type: 'x\u0000' }])!

  expect(group).toEqual({
    type: 'x[U+0000]',
    region: '',
    owner: '',
    prefix: '',
    items: ['arn:aws:ec2:us-east-1:444455556666:a b[U+202E]'],
  })
})

test.each([[null], ['a text'], [[]], [[{ arn: 1, type: 'x' }]]])(
  'what is no list of resources is none: %j',
  (value) => {
    expect(resourceGroupsOf(value)).toBeUndefined()
  },
)
