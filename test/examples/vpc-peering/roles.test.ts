import { App, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { registerKinds } from '../../../lambda/domain/kinds.ts'
import { SpokeRoles } from '../../../lib/constructs/spoke-roles.ts'
import { patternsOf } from '../../../lib/offer-patterns.ts'
import { contextOf } from '../../../local/iam/context.ts'
import { decide } from '../../../local/iam/decide.ts'
import { policyDocumentSchema } from '../../../local/iam/document.ts'
import { compileDocument, type Statement } from '../../../local/iam/statement.ts'
import { partner, us } from '../../support/kinds.ts'
import { createEc2 } from './ec2.ts'
import { vpcPeeringSpec } from './spec.ts'

registerKinds([vpcPeeringSpec])
const kinds = new Set([vpcPeeringSpec.kind])
const region = 'us-east-1'
const id = 'pcx-00000000000000001'
const network = { account: us, vpcId: 'vpc-0b', cidr: '10.0.0.0/16' }
const ec2 = createEc2([{ id, status: 'pending-acceptance', from: { ...network, account: partner }, to: network }])

/** The policies of each spoke role as synth makes them, by the role's name. */
function synthesized(): Map<string, Statement[]> {
  const stack = new Stack(new App(), 'Spoke', { env: { account: us, region } })
  new SpokeRoles(stack, 'Roles', { hubAccount: us, kinds, workers: {}, partnerAccounts: [partner], regions: [region] })
  const roles = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'))
  return new Map(roles.map(({ Properties }) => [Properties.RoleName, statementsOf(Properties.Policies ?? [])]))
}

function statementsOf(policies: { PolicyDocument: unknown }[]): Statement[] {
  return policies.flatMap(({ PolicyDocument }) => {
    const text = JSON.stringify(PolicyDocument)
    const plain = text.replace(/{"Fn::Join":\["",\["arn:",{"Ref":"AWS::Partition"},"([^"]*)"\]\]}/g, '"arn:aws$1"')
    return compileDocument('offers', policyDocumentSchema.parse(JSON.parse(plain)))
  })
}

/** Operations of the service that a role may call on the peering, by what the service says that each needs. */
function callable(role: string, statements: readonly Statement[]): string[] {
  const roleArn = `arn:aws:iam::${us}:role/${role}`
  const principal = { arn: `arn:aws:sts::${us}:assumed-role/${role}/session`, roleArn, account: us }
  const context = contextOf({ 'aws:RequestedRegion': region, 'aws:PrincipalAccount': us })
  return Object.entries(ec2.rights ?? {}).flatMap(([operation, describe]) => {
    const accesses = describe({ input: { VpcPeeringConnectionId: id }, account: us, region })
    const may = accesses.every((access) => decide(statements, { ...access, context, principal }).allowed)
    return may ? [operation.replace('VpcPeeringConnection', '')] : []
  })
}

test('each role of a spoke may call its own part, and no more', () => {
  const roles = [...synthesized()].map(([role, statements]) => [role, callable(role, statements)])
  expect(Object.fromEntries(roles)).toEqual({
    'gatehouse-reader': ['Describes'],
    'gatehouse-auto-acceptor': ['Describes', 'Accept'],
    'gatehouse-acceptor': ['Describes', 'Accept'],
    'gatehouse-rejector': ['Describes', 'Reject'],
    'gatehouse-delegator': [],
    'gatehouse-sender': [],
  })
})

test('the rules of hub and spokes listen to its events', () => {
  expect(patternsOf(kinds)).toMatchObject([{ name: 'vpc-peering-1', pattern: { source: ['aws.ec2'] } }])
})
