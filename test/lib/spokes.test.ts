import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { config as example } from '../../gatehouse.config.ts'
import { kindNames } from '../../lambda/domain/kinds.ts'
import { defineConfig, type Config, type ConfigInput } from '../../lib/config.ts'
import { patternsOf } from '../../lib/offer-patterns.ts'
import { makeManagementStacks } from '../../lib/spoke/management.ts'
import { rolesPropsOf, rulesPropsOf, type SpokePlan } from '../../lib/spoke/plan.ts'
import { makeStackSets } from '../../lib/spoke/stack-sets.ts'
import { SpokeRolesStack } from '../../lib/spoke/stacks.ts'
import { rolesTargets, rulesTargets } from '../../lib/spoke/targets.ts'
import { synthesize } from '../../lib/synth.ts'
import { withSample } from '../../local/sample.ts'
import { actionsOf, TemplateView, type Loose, type Resource, type Statement } from './template.ts'

const offerPatterns = patternsOf(new Set(kindNames()))
const hub = '111111111111'
const management = '999999999999'
const member = '222222222222'

type Organization = NonNullable<ConfigInput['organization']>

function configWith(change: Partial<Organization>): Config {
  const organization = { id: 'o-a1b2c3d4e5', targets: { ous: ['ou-ab12-c3d4e5f6'] }, ...change }
  return defineConfig({ ...withSample(example), organization })
}

/** Templates of the whole app, by stack. */
async function synthesizeAll(change: Partial<Organization>): Promise<Record<string, TemplateView>> {
  const outdir = mkdtempSync(join(tmpdir(), 'gatehouse-test-'))
  try {
    await synthesize({ config: configWith(change), outdir, bundle: false, thorough: true })
    return viewsIn(outdir)
  } finally {
    rmSync(outdir, { recursive: true, force: true })
  }
}

function viewsIn(outdir: string): Record<string, TemplateView> {
  const names = readdirSync(outdir).filter((name) => name.endsWith('.template.json'))
  return Object.fromEntries(
    names.map((name) => [
      name.replace('.template.json', ''),
      new TemplateView(JSON.parse(readFileSync(join(outdir, name), 'utf8'))),
    ]),
  )
}

const planOf = (change: Partial<Organization>): SpokePlan => ({
  config: configWith(change),
  hubAccount: hub,
  today: '2026-11-21',
})

/** What the management account gets. */
function managementStacks(change: Partial<Organization>): Record<string, TemplateView> {
  const app = new App({ builtinCloudFormationValidation: false })
  makeManagementStacks(app, planOf(change))
  return viewsIn(app.synth().directory)
}

const setOf = (stacks: Record<string, TemplateView>, id: string): Record<string, Loose> =>
  stacks.Gatehouse!.resources[id]!.Properties
const targetsOf = (stacks: Record<string, TemplateView>, id: string): Loose => setOf(stacks, id).StackInstancesGroup
const textOf = (stacks: Record<string, TemplateView>, id: string): string => setOf(stacks, id).TemplateBody
const bodyOf = (stacks: Record<string, TemplateView>, id: string): TemplateView =>
  new TemplateView(JSON.parse(textOf(stacks, id)))

let stacks: Record<string, TemplateView>
beforeAll(async () => {
  stacks = await synthesizeAll({ regions: ['us-east-1', 'eu-west-1'] })
})

describe('the two StackSets', () => {
  test.each(['RolesStackSet', 'RulesStackSet'])('%s comes to new accounts by itself, and goes with them', (id) => {
    expect(setOf(stacks, id)).toMatchObject({
      PermissionModel: 'SERVICE_MANAGED',
      CallAs: 'DELEGATED_ADMIN',
      AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      ManagedExecution: { Active: true },
    })
  })

  test('roles go to one region and not to the hub, rules to each region and to the hub, too', () => {
    const ous = { OrganizationalUnitIds: ['ou-ab12-c3d4e5f6'] }
    expect(targetsOf(stacks, 'RolesStackSet')).toEqual([
      { Regions: ['us-east-1'], DeploymentTargets: { ...ous, AccountFilterType: 'DIFFERENCE', Accounts: [hub] } },
    ])
    expect(targetsOf(stacks, 'RulesStackSet')).toEqual([
      { Regions: ['us-east-1', 'eu-west-1'], DeploymentTargets: ous },
    ])
  })

  test('with `only`, rules go to the hub besides; roles do not', () => {
    const plan = planOf({ targets: { ous: ['r-ab12'], only: [member] } })
    const narrowed = { organizationalUnitIds: ['r-ab12'], accountFilterType: 'INTERSECTION' }
    expect(rolesTargets(plan).deploymentTargets).toEqual({ ...narrowed, accounts: [member] })
    expect(rulesTargets(plan).deploymentTargets).toEqual({ ...narrowed, accounts: [member, hub] })
  })

  test('with `except`, both leave it out', () => {
    const plan = planOf({ targets: { ous: ['r-ab12'], except: [member] } })
    const narrowed = { organizationalUnitIds: ['r-ab12'], accountFilterType: 'DIFFERENCE' }
    expect(rolesTargets(plan).deploymentTargets).toEqual({ ...narrowed, accounts: [member, hub] })
    expect(rulesTargets(plan).deploymentTargets).toEqual({ ...narrowed, accounts: [member] })
  })

  test('a hub that is the management account calls as itself', () => {
    const stack = new Stack()
    makeStackSets(stack, planOf({ delegatedAdmin: false }))
    const sets = Object.values(Template.fromStack(stack).findResources('AWS::CloudFormation::StackSet'))
    expect(sets.map(({ Properties }) => Properties.CallAs)).toEqual(['SELF', 'SELF'])
  })

  test.each(['RolesStackSet', 'RulesStackSet'])('%s is a template that StackSets take', (id) => {
    const text = textOf(stacks, id)
    expect(Object.keys(JSON.parse(text)).sort()).toEqual(
      id === 'RolesStackSet' ? ['Description', 'Resources'] : ['Conditions', 'Description', 'Resources'],
    )
    expect(text).not.toMatch(/Fn::Transform|AWS::Include|AWS::CloudFormation::|cdk-hnb|Bootstrap|Metadata/)
  })
})

describe('what members get', () => {
  test('the roles of the hub, word for word but for the account', () => {
    const ofMember = JSON.stringify(bodyOf(stacks, 'RolesStackSet').ofType('AWS::IAM::Role'))
    const ofHub = stacks
      .Gatehouse!.ofType('AWS::IAM::Role')
      .filter(({ Properties }) => /^gatehouse-(?!hub-)/.test(Properties.RoleName ?? ''))
      .map(({ Type, Properties }) => ({ Type, Properties }))
    const certificates = `arn:aws:iot:*:${hub}:cert/*`
    expect(JSON.stringify(ofHub)).toContain(certificates)
    expect(JSON.stringify(ofHub).replaceAll(certificates, 'arn:aws:iot:*:<AWS::AccountId>:cert/*')).toBe(ofMember)
  })

  test('roles trust workers of the hub, inside the organization, with the external id', () => {
    const roles = bodyOf(stacks, 'RolesStackSet').ofType('AWS::IAM::Role')
    const rejector = roles.find(({ Properties }) => Properties.RoleName === 'gatehouse-rejector')!
    expect(rejector.Properties.AssumeRolePolicyDocument.Statement).toMatchObject([
      {
        Action: 'sts:AssumeRole',
        Principal: { AWS: `arn:aws:iam::${hub}:root` },
        Condition: {
          ArnEquals: { 'aws:PrincipalArn': [`arn:aws:iam::${hub}:role/gatehouse-hub-reject`] },
          StringEquals: { 'sts:ExternalId': 'gatehouse', 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
        },
      },
      { Action: 'sts:TagSession' },
    ])
  })

  test('rules that send what hints at offers to the hub, as it is', () => {
    const rules = bodyOf(stacks, 'RulesStackSet').ofType('AWS::Events::Rule')
    expect(rules.map(({ Properties }) => Properties.Name)).toEqual(offerPatterns.map(({ name }) => `gatehouse-${name}`))
    for (const { Properties } of rules)
      expect(Properties.Targets).toEqual([
        {
          Id: 'Hub',
          Arn: `arn:aws:events:us-east-1:${hub}:event-bus/gatehouse-hub`,
          RoleArn: expect.stringMatching(/^<ForwardForwarder/),
          DeadLetterConfig: { Arn: expect.stringMatching(/^<ForwardDeadLetters/) },
          RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 30 },
        },
      ])
  })

  test('rules on global services in us-east-1 only', () => {
    const { Resources, Conditions } = JSON.parse(textOf(stacks, 'RulesStackSet'))
    const inRegion = Object.values<Loose>(Resources).filter(({ Condition }) => /InGlobalRegion/.test(Condition))
    expect(inRegion.map(({ Properties }) => Properties.EventPattern.source)).toEqual([['aws.iam'], ['aws.iam']])
    const isInRegion = { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] }
    expect(Conditions[inRegion[0]!.Condition]).toEqual({
      'Fn::And': [isInRegion, { Condition: expect.stringContaining('NotAtHub') }],
    })
  })

  test('no rule, and no role for one, where the hub listens by itself; a queue, as no stack may be empty', () => {
    const { Resources, Conditions } = JSON.parse(textOf(stacks, 'RulesStackSet'))
    const isHub = [
      { 'Fn::Equals': [{ Ref: 'AWS::AccountId' }, hub] },
      { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
    ]
    expect(Object.values(Conditions)).toContainEqual({ 'Fn::Not': [{ 'Fn::And': isHub }] })
    const always = Object.values<Loose>(Resources).filter(({ Condition }) => Condition === undefined)
    expect(always.map(({ Type }) => Type)).toEqual(['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy'])
  })

  test('a role to send with, of a name in each region, and a queue: both for these rules alone', () => {
    const body = bodyOf(stacks, 'RulesStackSet')
    const [role] = body.ofType('AWS::IAM::Role')
    const ourRules = {
      ArnLike: { 'aws:SourceArn': 'arn:aws:events:<AWS::Region>:<AWS::AccountId>:rule/gatehouse-*' },
    }
    expect(role!.Properties).toMatchObject({
      RoleName: 'gatehouse-forwarder-<AWS::Region>',
      AssumeRolePolicyDocument: {
        Statement: [{ Principal: { Service: 'events.amazonaws.com' }, Condition: ourRules }],
      },
      Policies: [
        {
          PolicyDocument: {
            Statement: [
              { Action: 'events:PutEvents', Resource: `arn:aws:events:us-east-1:${hub}:event-bus/gatehouse-hub` },
            ],
          },
        },
      ],
    })
    expect(body.ofType('AWS::SQS::QueuePolicy')[0]!.Properties.PolicyDocument.Statement).toMatchObject([
      { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      { Effect: 'Allow', Action: 'sqs:SendMessage', Condition: ourRules },
    ])
  })
})

describe('the hub', () => {
  test('its bus admits the organization only', () => {
    expect(stacks.Gatehouse!.ofType('AWS::Events::EventBusPolicy')).toMatchObject([
      {
        Properties: {
          Statement: {
            Effect: 'Allow',
            Action: 'events:PutEvents',
            Principal: { AWS: '*' },
            Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
          },
        },
      },
    ])
  })

  test('rules on its bus lead to the scan queue, and so do those on its own account, which no target has to cover', () => {
    const rules = stacks.Gatehouse!.ofType('AWS::Events::Rule').map(({ Properties }) => Properties)
    const onBus = rules.filter(({ EventBusName }) => EventBusName !== undefined)
    expect(onBus).toHaveLength(offerPatterns.length)
    for (const { Targets } of onBus) expect(Targets[0].Arn).toMatch(/^<QueueHints/)
    const others = rules.filter(({ EventBusName }) => EventBusName === undefined)
    const patterns = others.map(({ EventPattern }) => EventPattern)
    expect(patterns).toEqual(expect.arrayContaining(onBus.map(({ EventPattern }) => EventPattern)))
    const sources = others.map(({ EventPattern }) => EventPattern.source[0])
    expect(sources.filter((source) => !/^aws\.(iam|iot|ram)$/.test(source))).toEqual(['aws.ses', 'aws.states'])
  })

  test('its workers may assume their role in every member, and in no account outside', () => {
    const [assume] = stacks.Gatehouse!.rightsOf('Reject').filter(({ Action }) => Action.includes('sts:AssumeRole'))
    expect(assume).toMatchObject({
      Resource: 'arn:aws:iam::*:role/gatehouse-rejector',
      Condition: { StringEquals: { 'aws:ResourceOrgID': 'o-a1b2c3d4e5' } },
    })
  })
})

describe('no right is wider than AWS lets it be', () => {
  /** Actions for which the service authorization reference names no resource type. */
  const withoutResource = [
    'iam:ListDelegationRequests',
    'iot:ListCertificates',
    'iot:ListOutgoingCertificates',
    'ram:GetResourceShareInvitations',
    'ram:GetResourceShares',
    'ram:ListResources',
  ]
  /** https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy */
  const ofStepFunctions = /^(logs:.*(LogDeliver|ResourcePolic|LogGroups)|xray:)/
  const everyStatement = (): Statement[] =>
    [stacks.Gatehouse!, bodyOf(stacks, 'RolesStackSet'), bodyOf(stacks, 'RulesStackSet')].flatMap(statementsIn)

  test('every resource is named where AWS knows resources', () => {
    const wide = everyStatement().filter(
      ({ Effect, Resource }) => Effect === 'Allow' && [Resource].flat().includes('*'),
    )
    const others = actionsOf(wide).filter((action) => !ofStepFunctions.test(action))
    expect([...new Set(others)].filter((action) => !withoutResource.includes(action))).toEqual([])
    expect(wide.length).toBeGreaterThan(0)
  })

  test('no action is a wildcard', () => {
    expect(actionsOf(everyStatement()).filter((action) => action.includes('*'))).toEqual([])
  })

  test('certificates are those of the account, in the configured regions', () => {
    const statements = bodyOf(stacks, 'RolesStackSet').ofType('AWS::IAM::Role').flatMap(rightsIn)
    const certificates = statements.filter(({ Action }) =>
      [Action].flat().some((action) => /^iot:(?!List)/.test(action)),
    )
    expect(certificates.length).toBeGreaterThan(3)
    for (const { Resource, Condition } of certificates) {
      expect(Resource).toBe('arn:aws:iot:*:<AWS::AccountId>:cert/*')
      expect(Condition?.StringEquals?.['aws:RequestedRegion']).toEqual(['eu-west-1', 'us-east-1'])
    }
  })

  test('what people decide is bounded to no list of partners, what policy accepts is', () => {
    const accepting = bodyOf(stacks, 'RolesStackSet')
      .ofType('AWS::IAM::Role')
      .flatMap((role) =>
        rightsIn(role)
          .filter(({ Action }) => [Action].flat().includes('ram:AcceptResourceShareInvitation'))
          .map(({ Condition }) => [role.Properties.RoleName, Condition?.StringEquals?.['ram:ShareOwnerAccountId']]),
      )
    expect(accepting).toEqual([
      ['gatehouse-auto-acceptor', ['444455556666']],
      ['gatehouse-acceptor', undefined],
    ])
  })

  test.each(['Web', 'Slack', 'Judge', 'Vote', 'Ask', 'Tally', 'Delivery', 'Digest'])('%s can touch no offer', (id) => {
    const actions = actionsOf(stacks.Gatehouse!.rightsOf(id))
    expect(actions.filter((action) => /^(sts|iot|ram|iam|organizations):/.test(action))).toEqual([])
  })
})

/** Every statement of a policy in a template, whatever resource it hangs on. */
function statementsIn({ resources }: TemplateView): Statement[] {
  const roles = Object.values(resources).flatMap(rightsIn)
  const attached = Object.values(resources).flatMap(({ Type, Properties }): Statement[] =>
    Type === 'AWS::IAM::Policy' ? Properties.PolicyDocument.Statement : [],
  )
  return [...roles, ...attached]
}

/** Inline policies of a role. */
function rightsIn({ Type, Properties }: Resource): Statement[] {
  const policies: { PolicyDocument: { Statement: Statement[] } }[] =
    Type === 'AWS::IAM::Role' ? (Properties.Policies ?? []) : []
  return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
}

describe('the management account, which StackSets skip', () => {
  test('gets roles once and rules in each region, as plain stacks', () => {
    const all = managementStacks({ regions: ['us-east-1', 'eu-west-1'], managementAccount: management })
    expect(Object.keys(all).sort()).toEqual([
      'GatehouseManagementRoles',
      'GatehouseManagementRules-eu-west-1',
      'GatehouseManagementRules-us-east-1',
    ])
    const sources = (region: string): unknown =>
      all[`GatehouseManagementRules-${region}`]!.ofType('AWS::Events::Rule').map(
        ({ Properties }) => Properties.EventPattern.source[0],
      )
    expect(sources('us-east-1')).toContain('aws.iam')
    expect(sources('eu-west-1')).not.toContain('aws.iam')
  })
  test('where the hub is it, gets rules in other regions, for StackSets skip it; its roles are those of the hub', () => {
    const regions = ['us-east-1', 'eu-west-1']
    expect(Object.keys(managementStacks({ delegatedAdmin: false, regions }))).toEqual([
      'GatehouseManagementRules-eu-west-1',
    ])
    expect(managementStacks({})).toEqual({})
  })
})

test('kinds that are answered nowhere need neither rules nor rights', () => {
  const config = defineConfig({
    ...configWith({}),
    kinds: { default: ['ram-invitation'], accounts: { [member]: ['iot-transfer'] } },
  })
  const { kinds } = rulesPropsOf({ ...planOf({}), config })
  expect(patternsOf(kinds).map(({ name }) => name)).toEqual(['iot-transfer-1', 'ram-invitation-1', 'ram-invitation-2'])
  const stack = new SpokeRolesStack(new App(), 'Roles', rolesPropsOf({ ...planOf({}), config }))
  expect(JSON.stringify(Template.fromStack(stack))).not.toMatch(/iam:\w*Delegation|iot:Cancel/)
})
