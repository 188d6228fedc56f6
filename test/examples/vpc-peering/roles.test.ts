import { App, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { registerKinds } from '../../../lambda/domain/kinds.ts'
import { SpokeRoles } from '../../../lib/constructs/spoke-roles.ts'
import { patternsOf } from '../../../lib/offer-patterns.ts'
import { partner, us } from '../../support/kinds.ts'
import { vpcPeeringSpec } from './spec.ts'

registerKinds([vpcPeeringSpec])
const kinds = new Set([vpcPeeringSpec.kind])

interface Statement {
  Action: string | string[]
}

/** What each spoke role may do in the template, by its name. */
function rights(): Record<string, string[]> {
  const stack = new Stack(new App(), 'Spoke')
  new SpokeRoles(stack, 'Roles', {
    hubAccount: us,
    kinds,
    workers: {},
    partnerAccounts: [partner],
    regions: ['us-east-1'],
  })
  const roles = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'))
  return Object.fromEntries(
    roles.map(({ Properties }) => {
      const policies: { PolicyDocument: { Statement: Statement[] } }[] = Properties.Policies ?? []
      const actions = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement.flatMap(({ Action }) => Action))
      return [Properties.RoleName, actions.sort()]
    }),
  )
}

const reads = 'ec2:DescribeVpcPeeringConnections'
const accepts = ['ec2:AcceptVpcPeeringConnection', reads]

test('the roles of a spoke get what its spec grants, and no more', () => {
  expect(rights()).toEqual({
    'gatehouse-reader': [reads],
    'gatehouse-auto-acceptor': accepts,
    'gatehouse-acceptor': accepts,
    'gatehouse-rejector': [reads, 'ec2:RejectVpcPeeringConnection'],
    'gatehouse-delegator': [],
    'gatehouse-sender': [],
  })
})

test('the rules of hub and spokes listen to its events', () => {
  expect(patternsOf(kinds)).toMatchObject([{ name: 'vpc-peering-1', pattern: { source: ['aws.ec2'] } }])
})
