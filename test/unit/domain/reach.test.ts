import fc from 'fast-check'
import { reachLines, type Reach } from '../../../lambda/domain/reach-lines.ts'
import { reachOf, type RolePolicies } from '../../../lambda/domain/reach.ts'

const policyOf = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement })
const allow = (Action: string | string[], Resource: string | string[] = '*', more = {}): object => {
  return { Effect: 'Allow', Action, Resource, ...more }
}
const deny = (Action: string | string[], Resource = '*', more = {}): object => ({
  Effect: 'Deny',
  Action,
  Resource,
  ...more,
})
const Condition = { Bool: { 'aws:SecureTransport': 'true' } }
const role = (...identity: (string | undefined)[]): RolePolicies => ({ identity, boundary: undefined, own: [] })
const orders = 'arn:aws:s3:::orders/*'

function givenOf(asked: object, having: RolePolicies): Reach[number]['given'] | undefined {
  const reach = reachOf(policyOf(asked), having)
  return reach?.length === 1 ? reach[0]?.given : undefined
}

const readsS3 = policyOf(allow(['s3:Get*', 's3:List*']))

test.each<[string, object, RolePolicies, Reach[number]['given']]>([
  ['within what the role has', allow('s3:GetObject', orders), role(readsS3), 'allowed'],
  ['whatever the case of an action', allow('S3:getobject', orders), role(readsS3), 'allowed'],
  ['of another service', allow('iam:CreateRole'), role(readsS3), 'not-allowed'],
  ['a role without policies', allow('s3:GetObject'), role(), 'not-allowed'],
  ['more than the role has', allow('s3:*'), role(readsS3), 'unclear'],
  ['everything', allow('*'), role(policyOf(allow('*'))), 'allowed'],
  ['everything of a role that has some', allow('*'), role(readsS3), 'unclear'],
  [
    'another bucket',
    allow('s3:GetObject', orders),
    role(policyOf(allow('s3:*', 'arn:aws:s3:::other/*'))),
    'not-allowed',
  ],
  ['part of the buckets', allow('s3:GetObject', 'arn:aws:s3:::*'), role(policyOf(allow('s3:*', orders))), 'unclear'],
  ['under a condition', allow('s3:GetObject'), role(policyOf(allow('s3:*', '*', { Condition }))), 'unclear'],
  ['denied', allow('s3:GetObject', orders), role(readsS3, policyOf(deny('s3:*'))), 'not-allowed'],
  ['denied in part', allow('s3:GetObject', '*'), role(readsS3, policyOf(deny('s3:*', orders))), 'unclear'],
  [
    'denied somewhere else',
    allow('s3:GetObject', orders),
    role(readsS3, policyOf(deny('s3:*', 'arn:aws:s3:::x/*'))),
    'allowed',
  ],
  [
    'denied under a condition',
    allow('s3:GetObject'),
    role(readsS3, policyOf(deny('s3:*', '*', { Condition }))),
    'unclear',
  ],
  ['a policy that could not be read', allow('iam:CreateRole'), role(readsS3, undefined), 'unclear'],
  ['a policy that is none', allow('s3:GetObject'), role('{"Statement":7}'), 'unclear'],
  [
    'not an action that is left out',
    allow('iam:CreateRole'),
    role(policyOf({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' })),
    'not-allowed',
  ],
  [
    'an action that is not left out',
    allow('s3:GetObject'),
    role(policyOf({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' })),
    'allowed',
  ],
  ['everything but some', { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }, role(readsS3), 'unclear'],
  [
    'a variable of the role',
    allow('s3:GetObject', orders),
    role(policyOf(allow('s3:*', 'arn:aws:s3:::${aws:username}/*'))),
    'unclear',
  ],
  ['a variable of the request', allow('s3:GetObject', 'arn:aws:s3:::${aws:username}/*'), role(readsS3), 'allowed'],
  [
    'an effect that nobody knows',
    allow('s3:GetObject'),
    role(readsS3, policyOf({ ...deny('s3:*'), Effect: 'Perhaps' })),
    'unclear',
  ],
  [
    'a star that reaches over a colon',
    allow('lambda:InvokeFunction', 'arn:aws:lambda:us-east-1:111111111111:function:x'),
    role(policyOf(allow('lambda:*', 'arn:aws:lambda:*:function:x'))),
    'unclear',
  ],
  [
    'a deny of all but what a star over a colon may mean',
    allow('s3:GetObject', 'arn:aws:s3:::a:foo'),
    role(readsS3, policyOf({ Effect: 'Deny', Action: 's3:*', NotResource: 'arn:aws:*:foo' })),
    'unclear',
  ],
  [
    'a deny in letters that only look like those of an action',
    allow('kms:Decrypt'),
    role(policyOf(allow('*'), deny('\u212Ams:*'))),
    'unclear',
  ],
  [
    'a variable without an end',
    allow('s3:GetObject', orders),
    role(readsS3, policyOf({ Effect: 'Deny', Action: 's3:*', NotResource: 'arn:aws:s3:::${a' })),
    'unclear',
  ],
])('%s', (...[, asked, having, expected]) => {
  expect(givenOf(asked, having)).toBe(expected)
})

describe('a boundary', () => {
  const bounded = (text: string | undefined): RolePolicies => ({ ...role(readsS3), boundary: { text } })

  test.each<[string, string | undefined, Reach[number]['given']]>([
    ['gives it, too', policyOf(allow('s3:*')), 'allowed'],
    ['does not give it', policyOf(allow('ec2:*')), 'not-allowed'],
    ['denies it', policyOf(allow('*'), deny('s3:*')), 'not-allowed'],
    ['could not be read', undefined, 'unclear'],
  ])('%s', (_, text, expected) => {
    expect(givenOf(allow('s3:GetObject', orders), bounded(text))).toBe(expected)
  })
})

test('what the request denies itself is not given', () => {
  const asked = policyOf(allow(['s3:GetObject', 's3:ListBucket']), deny('s3:List*'))
  expect(reachOf(asked, role(readsS3))).toEqual([
    { given: 'allowed', actions: ['s3:GetObject'], resources: ['*'] },
    { given: 'not-allowed', actions: ['s3:ListBucket'], resources: ['*'] },
  ])
})

test('what the role has to work with is not clear, for it is under conditions', () => {
  const having = { ...role(), own: ['iam:GetDelegationRequest'] }
  expect(givenOf(allow('iam:GetDelegationRequest'), having)).toBe('unclear')
})

test('what fares alike stands together, what is given first', () => {
  const buckets = ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*']
  const asked = policyOf(
    allow(['iam:CreateRole', 's3:GetObject', 's3:PutObject'], buckets),
    allow('s3:ListBucket', buckets),
  )
  const reach = reachOf(asked, role(policyOf(allow(['s3:GetObject', 's3:List*']))))
  expect(reach).toEqual([
    { given: 'allowed', actions: ['s3:GetObject', 's3:ListBucket'], resources: buckets },
    { given: 'not-allowed', actions: ['iam:CreateRole', 's3:PutObject'], resources: buckets },
  ])
  expect(reachLines(reach ?? null)).toEqual([
    `Allowed: s3:GetObject, s3:ListBucket on ${buckets.join(', ')}`,
    `Not allowed: iam:CreateRole, s3:PutObject on ${buckets.join(', ')}`,
    expect.stringContaining('What counts is what AWS says'),
  ])
})

test('a request that cannot be read, or is endless, has none', () => {
  expect(reachOf('not JSON', role(readsS3))).toBeUndefined()
  const many = Array.from({ length: 40 }, (_each, at) => `s3:Get${at}`)
  expect(reachOf(policyOf(allow(many, many)), role(readsS3))).toBeUndefined()
  expect(reachOf(policyOf(allow('s3:Get*', `arn:aws:s3:::${'*a'.repeat(6_000)}`)), role(readsS3))).toBeUndefined()
})

describe('never says more than is so', () => {
  const actions = fc.constantFrom('s3:GetObject', 's3:Get*', 's3:*', 's3:PutObject', '*', 'iam:*')
  const resources = fc.constantFrom('*', 'arn:aws:s3:::a/*', 'arn:aws:s3:::a/b', 'arn:aws:s3:::*', 'arn:aws:s3:*:a/b')
  const statements = fc.record(
    {
      Effect: fc.constantFrom('Allow', 'Deny'),
      how: fc.constantFrom('Action', 'NotAction'),
      action: actions,
      where: fc.constantFrom('Resource', 'NotResource'),
      resource: resources,
    },
    { noNullPrototype: true },
  )
  type Statement = typeof statements extends fc.Arbitrary<infer T> ? T : never
  const textOf = (all: readonly Statement[]): string =>
    policyOf(...all.map(({ Effect, how, action, where, resource }) => ({ Effect, [how]: action, [where]: resource })))

  const concrete = ['s3:GetObject', 's3:GetTags', 's3:PutObject', 'iam:CreateRole', 'ec2:RunInstances'].flatMap(
    (action) =>
      [
        'arn:aws:s3:::a/b',
        'arn:aws:s3:::a/c',
        'arn:aws:s3:::z',
        'arn:aws:s3:::z:a/b',
        'arn:aws:ec2:us-east-1:1:instance/i',
      ].map((resource) => [action, resource] as const),
  )
  const matches = (pattern: string, text: string): boolean =>
    new RegExp(`^${pattern.replaceAll('*', '.*')}$`, 'i').test(text)
  const applies = ({ how, action, where, resource }: Statement, [a, r]: readonly [string, string]): boolean =>
    matches(action, a) === (how === 'Action') && matches(resource, r) === (where === 'Resource')
  const allows = (all: readonly Statement[], one: readonly [string, string]): boolean =>
    all.some((each) => each.Effect === 'Allow' && applies(each, one)) &&
    !all.some((each) => each.Effect === 'Deny' && applies(each, one))

  test('of each single call that the request stands for', () => {
    const some = fc.array(statements, { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(actions, resources, some, (action, resource, having) => {
        const given = givenOf(allow(action, resource), role(textOf(having)))
        const calls = concrete.filter(([a, r]) => matches(action, a) && matches(resource, r))
        if (given === 'allowed') return calls.every((call) => allows(having, call))
        return given === 'unclear' || calls.every((call) => !allows(having, call))
      }),
      { numRuns: 500 },
    )
  })
})
