import { defineConfig } from '../../lib/config.ts'
import { delegationRoleSchema } from '../../lib/config/delegation.ts'
import { actionsOf, synthesizeTemplate, type TemplateView } from './template.ts'

const role = { accounts: ['111111111111'] }
const email = { from: 'gatehouse@example.com' }

test('nothing is delegated, and no policy is given, unless it is named', () => {
  expect(defineConfig({ email }).iam).toEqual({ strategy: 'console' })
  expect(defineConfig({ email, iam: { role } }).iam.role).toEqual({
    ...role,
    managedPolicyArns: [],
    hold: '30 minutes',
  })
})

test.each<[string, object, string]>([
  ['no account', { accounts: [] }, 'at least one account'],
  ['a name in place of an ARN', { ...role, managedPolicyArns: ['ReadOnlyAccess'] }, 'ARN'],
  ['no hold', { ...role, hold: '0 minutes' }, 'of 1 minute to 1 day'],
  ['a hold of a week', { ...role, hold: '7 days' }, 'of 1 minute to 1 day'],
  [
    'everything without a boundary',
    { ...role, managedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] },
    'permissionsBoundary beside it',
  ],
])('%s is refused by name', (_, given, problem) => {
  const parsed = delegationRoleSchema.safeParse(given)
  expect(JSON.stringify(parsed.error?.issues)).toContain(problem)
})

test('everything with a boundary is for you to answer for', () => {
  const managedPolicyArns = ['arn:aws:iam::aws:policy/AdministratorAccess']
  const permissionsBoundary = 'arn:aws:iam::111111111111:policy/boundary'
  expect(delegationRoleSchema.safeParse({ ...role, managedPolicyArns, permissionsBoundary }).success).toBe(true)
})

describe('a template with the role strategy', () => {
  let template: TemplateView
  beforeAll(async () => {
    const managedPolicyArns = ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess']
    const permissionsBoundary = 'arn:aws:iam::111111111111:policy/boundary'
    const { iam } = defineConfig({ email, iam: { role: { ...role, managedPolicyArns, permissionsBoundary } } })
    template = await synthesizeTemplate({ iam })
  })

  test('the delegator has its five calls and what is named, in the named accounts only', () => {
    const delegator = template.at('Spoke/Delegator').Properties
    expect(actionsOf(delegator.Policies[0].PolicyDocument.Statement)).toEqual(
      ['Accept', 'Associate', 'Get', 'Reject']
        .map((verb) => `iam:${verb}DelegationRequest`)
        .concat('iam:SendDelegationToken'),
    )
    expect(delegator.Policies[0].PolicyDocument.Statement[0].Condition.StringEquals).toMatchObject({
      'aws:PrincipalAccount': ['111111111111'],
    })
    expect(JSON.stringify(delegator.ManagedPolicyArns)).toContain('AmazonS3ReadOnlyAccess')
    expect(delegator.ManagedPolicyArns['Fn::If'][2]).toBe('<AWS::NoValue>')
    expect(delegator.PermissionsBoundary['Fn::If'][1]).toContain('policy/boundary')
  })

  test('the reader reads the texts of just these policies, in the named accounts only', () => {
    const { Statement } = template.at('Spoke/Reader').Properties.Policies[0].PolicyDocument
    const reads = Statement.filter((one: { Action: unknown }) => JSON.stringify(one.Action).includes('iam:GetPolicy'))
    expect(reads).toEqual([
      {
        Action: ['iam:GetPolicy', 'iam:GetPolicyVersion'],
        Effect: 'Allow',
        Resource: ['arn:aws:iam::111111111111:policy/boundary', 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'],
        Condition: {
          StringEquals: { 'aws:RequestedRegion': ['us-east-1'], 'aws:PrincipalAccount': ['111111111111'] },
        },
      },
    ])
  })

  test('one worker of the hub may become it, and only there', () => {
    const assumes = template.rightsOf('Delegate').filter(({ Action }) => Action.includes('sts:AssumeRole'))
    expect(assumes).toHaveLength(1)
    expect(assumes[0]?.Resource).toBe('arn:aws:iam::111111111111:role/gatehouse-delegator')
    for (const { Type, Properties } of Object.values(template.resources)) {
      const isPolicy = Type === 'AWS::IAM::Policy' && !String(Properties.PolicyName).startsWith('DelegateRole')
      if (isPolicy) expect(JSON.stringify(Properties)).not.toContain('gatehouse-delegator')
    }
  })

  test('the command line may take back what is held', () => {
    expect(actionsOf(template.rightsOf('Operate'))).toContain('states:SendTaskSuccess')
  })
})

test('without it there is no such worker, and the delegator has and is trusted with nothing', async () => {
  const template = await synthesizeTemplate()
  expect(() => template.at('Delegate')).toThrow('got none')
  const { Policies, AssumeRolePolicyDocument } = template.at('Spoke/Delegator').Properties
  expect(Policies ?? []).toEqual([])
  expect(AssumeRolePolicyDocument.Statement).toEqual([expect.objectContaining({ Effect: 'Deny' })])
  expect(actionsOf(template.rightsOf('Operate'))).not.toContain('states:SendTaskSuccess')
})
