import { readAssembly } from '../../local/assembly.ts'
import { OrganizationTree } from '../../local/aws/services/organization-tree.ts'
import { createDeployments, type Deployments } from '../../local/deployments.ts'
import { documentOf, place, writeAssembly } from '../support/assembly.ts'

const hub = place.account
const manager = '999999999999'
const [first, second, closed] = ['222222222222', '333333333333', '666666666666']
const workloads = 'ou-abcd-11111111'
const nested = 'ou-abcd-22222222'
const elsewhere = 'ou-abcd-33333333'

function treeOf(): OrganizationTree {
  return new OrganizationTree({
    organizationId: 'o-exampleorg1',
    managementAccount: manager,
    units: [{ id: workloads }, { id: nested, parentId: workloads }, { id: elsewhere }],
    accounts: [
      { id: manager },
      { id: hub, parentId: workloads },
      { id: first, parentId: nested },
      { id: second, parentId: elsewhere },
      { id: closed, parentId: workloads, state: 'SUSPENDED' },
    ],
  })
}

const template = {
  Conditions: { Global: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] } },
  Parameters: { Source: { Type: 'String' } },
  Resources: {
    Forwarder: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: { 'Fn::Sub': 'forwarder-${AWS::Region}' },
        AssumeRolePolicyDocument: documentOf({
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service: 'events.amazonaws.com' },
        }),
      },
    },
    Dead: { Type: 'AWS::SQS::Queue', Properties: {} },
    Rule: {
      Type: 'AWS::Events::Rule',
      Condition: 'Global',
      Properties: {
        EventPattern: { source: [{ Ref: 'Source' }] },
        Targets: [
          {
            Id: 'hub',
            Arn: `arn:aws:events:us-east-1:${hub}:event-bus/hub`,
            RoleArn: { 'Fn::GetAtt': ['Forwarder', 'Arn'] },
            DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['Dead', 'Arn'] } },
          },
        ],
      },
    },
  },
}

interface StackSetOptions {
  targets?: Record<string, unknown>
  autoDeployment?: Record<string, unknown>
  body?: unknown
  model?: string
}

function stackSet({ targets, autoDeployment, body = template, model = 'SERVICE_MANAGED' }: StackSetOptions): unknown {
  const DeploymentTargets = { OrganizationalUnitIds: [workloads], ...targets }
  return {
    Type: 'AWS::CloudFormation::StackSet',
    Properties: {
      StackSetName: 'rules',
      PermissionModel: model,
      AutoDeployment: autoDeployment ?? { Enabled: true, RetainStacksOnAccountRemoval: false },
      Parameters: [{ ParameterKey: 'Source', ParameterValue: 'aws.ram' }],
      TemplateBody: JSON.stringify(body),
      StackInstancesGroup: [{ DeploymentTargets, Regions: ['us-east-1', 'eu-west-1'] }],
    },
  }
}

function deploy(options: StackSetOptions = {}): { deployments: Deployments; tree: OrganizationTree } {
  const tree = treeOf()
  const resources = { Rules: stackSet(options), Own: { Type: 'AWS::SQS::Queue', Properties: {} } }
  return { deployments: createDeployments(readAssembly(writeAssembly({ resources }), place), tree), tree }
}

const forwarders = (deployments: Deployments, account: string): string[] =>
  deployments.in(account).roles.map(({ arn }) => arn.replace(`arn:aws:iam::${account}:role/`, ''))
const both = ['forwarder-us-east-1', 'forwarder-eu-west-1']

describe('an instance of a StackSet', () => {
  test('is the template as it stands there', () => {
    const { rules, queues, roles } = deploy().deployments.in(first)
    const deadLetterArn = `arn:aws:sqs:us-east-1:${first}:Dead`
    expect(rules).toMatchObject([
      {
        id: 'Rules/Rule',
        arn: `arn:aws:events:us-east-1:${first}:rule/Rule`,
        busArn: `arn:aws:events:us-east-1:${first}:event-bus/default`,
        pattern: { source: ['aws.ram'] },
        targets: [
          {
            arn: `arn:aws:events:us-east-1:${hub}:event-bus/hub`,
            roleArn: `arn:aws:iam::${first}:role/forwarder-us-east-1`,
            deadLetterArn,
          },
        ],
      },
    ])
    expect(queues.map(({ arn }) => arn)).toEqual([deadLetterArn, `arn:aws:sqs:eu-west-1:${first}:Dead`])
    expect(roles.map(({ id, place: { region } }) => [id, region])).toEqual([
      ['Rules/Forwarder', 'us-east-1'],
      ['Rules/Forwarder', 'eu-west-1'],
    ])
  })

  test('stands beside the stacks of the app itself', () => {
    expect(deploy().deployments.in(hub).queues).toHaveLength(3)
  })

  test.each<[string, Record<string, unknown>, string[]]>([
    ['all below its OUs', {}, [hub, first]],
    ['the whole organization, without who manages it', { OrganizationalUnitIds: ['r-root'] }, [hub, first, second]],
    ['those listed of them', { AccountFilterType: 'INTERSECTION', Accounts: [first, second] }, [first]],
    ['those not listed of them', { AccountFilterType: 'DIFFERENCE', Accounts: [hub] }, [first]],
    ['those listed, too', { AccountFilterType: 'UNION', Accounts: [second, '444455556666'] }, [hub, first, second]],
  ])('goes to active accounts only: %s', (_name, targets, expected) => {
    const { deployments } = deploy({ targets })
    const all = [manager, hub, first, second, closed, '444455556666']
    expect(all.filter((account) => forwarders(deployments, account).length > 0)).toEqual(expected)
    expect(deployments.accounts()).toEqual([...new Set([hub, ...expected])])
  })

  test.each<[string, StackSetOptions, string]>([
    ['another model', { model: 'SELF_MANAGED' }, 'Rules (AWS::CloudFormation::StackSet)'],
    ['no template', { body: { Resources: 1 } }, 'Rules: its TemplateBody'],
    ['what is not known here', { targets: { AccountsUrl: 's3://x' } }, 'Rules (AWS::CloudFormation::StackSet)'],
  ])('is refused with %s', (_name, options, message) => {
    expect(() => deploy(options)).toThrow(message)
  })
})

describe('when the organization changes', () => {
  test('who comes gets an instance, and who goes loses it', () => {
    const { deployments, tree } = deploy()
    const before = deployments.in(first)
    tree.place(second, workloads)
    expect(forwarders(deployments, second)).toEqual(both)
    expect(deployments.in(first)).toBe(before)
    tree.place(first, elsewhere)
    expect(forwarders(deployments, first)).toEqual([])
    tree.remove(second)
    expect(forwarders(deployments, second)).toEqual([])
  })

  test('an account that closes keeps what it has', () => {
    const { deployments, tree } = deploy()
    tree.setState(first, 'PENDING_CLOSURE')
    expect(forwarders(deployments, first)).toEqual(both)
  })

  test('nothing goes by itself without automatic deployment, and nothing is taken away where it is kept', () => {
    const manual = deploy({ autoDeployment: { Enabled: false } })
    manual.tree.place(second, workloads)
    expect(forwarders(manual.deployments, second)).toEqual([])
    const kept = deploy({ autoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: true } })
    kept.tree.remove(first)
    expect(forwarders(kept.deployments, first)).toEqual(both)
  })
})

test('without an organization nothing goes anywhere', () => {
  const assembly = readAssembly(writeAssembly({ resources: { Rules: stackSet({}) } }), place)
  expect(createDeployments(assembly, undefined).accounts()).toEqual([hub])
})
