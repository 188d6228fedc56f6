import { asksToAnswer, assessmentLines, assessPolicy, type Assessment } from '../../../lambda/domain/assessment.ts'

const boundary = 'arn:aws:iam::partner:policy/permission_boundary/example.com/backup_2026'

function policyOf(...statements: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements })
}

function allow(Action: string | string[], Resource: string | string[] = 'arn:aws:s3:::orders/*', more = {}): object {
  return { Effect: 'Allow', Action, Resource, ...more }
}

const assess = (text: string, boundaries: string[] = []): Assessment => assessPolicy(text, boundaries)

test('a modest policy has its services and actions, and nothing that stands out', () => {
  const found = assess(policyOf(allow(['s3:GetObject', 'S3:ListBucket']), allow('kms:Decrypt')))
  expect(found).toEqual({
    readable: true,
    services: ['kms', 's3'],
    actions: ['S3:ListBucket', 'kms:Decrypt', 's3:GetObject'],
    wildcards: [],
    everyAction: false,
    everyResource: false,
    createsRoles: false,
    boundedRoles: true,
    managesIdentities: false,
    overBroad: [],
  })
  expect(assessmentLines(found)).toEqual(['3 actions of kms, s3'])
})

test.each<[string, string, Partial<Assessment>]>([
  ['a star', policyOf(allow('*', '*')), { everyAction: true, everyResource: true, createsRoles: true }],
  ['two stars', policyOf(allow('*:*', '*')), { everyAction: true, managesIdentities: true }],
  ['everything but', policyOf({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }), { everyAction: true }],
  [
    'every resource but',
    policyOf({ Effect: 'Allow', Action: 's3:GetObject', NotResource: 'a' }),
    { everyResource: true },
  ],
  ['a service', policyOf(allow('ec2:*')), { overBroad: ['every-action-of-a-service'], wildcards: ['ec2:*'] }],
  ['role creation by a wildcard', policyOf(allow('iam:C*Role')), { createsRoles: true, boundedRoles: false }],
  ['role creation by a question mark', policyOf(allow('IAM:create?ole')), { createsRoles: true }],
  ['a verb of many', policyOf(allow('iam:Put*')), { managesIdentities: true, createsRoles: false }],
  [
    'a deny takes nothing off',
    policyOf(allow('*'), { Effect: 'Deny', Action: '*', Resource: '*' }),
    { everyAction: true },
  ],
  ['an odd effect counts as allow', policyOf({ Effect: 'allow', Action: '*', Resource: 'a' }), { everyAction: true }],
])('finds %s', (_, text, expected) => {
  expect(assess(text)).toMatchObject(expected)
})

test.each([
  ['no JSON', 'Allow everything'],
  ['a key twice', '{"Statement":[],"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'],
  ['an unknown element', policyOf({ Effect: 'Allow', Action: 'a:b', Resource: '*', Principal: '*' })],
])('takes %s for everything', (_, text) => {
  const found = assess(text, [boundary])
  expect(found).toMatchObject({ readable: false, everyAction: true, boundedRoles: false, overBroad: ['unreadable'] })
  expect(assessmentLines(found)).toEqual([expect.stringContaining('cannot read')])
})

test.each([
  ['an accept', policyOf(allow('iam:acceptDelegationRequest')), true],
  ['a release', policyOf(allow(['s3:GetObject', 'iam:Send*'])), true],
  ['a service', policyOf(allow('iam:*')), true],
  ['a star', policyOf(allow('*')), true],
  ['everything but', policyOf({ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }), true],
  ['what cannot be read', 'Allow nothing', true],
  ['reading them', policyOf(allow(['iam:GetDelegationRequest', 'iam:CreateRole'])), false],
])('%s may answer delegation requests, or not', (_, text, expected) => {
  expect(asksToAnswer(text)).toBe(expected)
})

test('roles are bounded by what AWS enforces, or by a condition on every statement that creates them', () => {
  const condition = { Condition: { StringEquals: { 'iam:PermissionsBoundary': boundary } } }
  const ifExists = { Condition: { StringEqualsIfExists: { 'iam:PermissionsBoundary': boundary } } }
  const create = (more = {}): object => allow('iam:CreateRole', '*', more)
  expect(assess(policyOf(create()))).toMatchObject({
    boundedRoles: false,
    overBroad: expect.arrayContaining(['roles-without-boundary']),
  })
  expect(assess(policyOf(create()), [boundary]).boundedRoles).toBe(true)
  expect(assess(policyOf(create(condition))).boundedRoles).toBe(true)
  expect(assess(policyOf(create(condition), create())).boundedRoles).toBe(false)
  expect(assess(policyOf(create(ifExists))).boundedRoles).toBe(false)
})

test('words that a sender chose as services are counted, not shown', () => {
  const lines = assessmentLines(assess(policyOf(allow(['s3:GetObject', 'approved by security:Read']))))
  expect(lines).toEqual(['2 actions of s3 and 1 other service'])
})

test('a pattern made to be slow is not', () => {
  const found = assess(policyOf(allow(`iam:${'*a'.repeat(2000)}`)))
  expect(found.createsRoles).toBe(false)
})
