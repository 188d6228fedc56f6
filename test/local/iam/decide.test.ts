import { contextOf, type ContextEntries } from '../../../local/iam/context.ts'
import { decide } from '../../../local/iam/decide.ts'
import { policyDocumentSchema } from '../../../local/iam/document.ts'
import type { Principal } from '../../../local/iam/principal.ts'
import { compileDocument, type Asked, type Statement } from '../../../local/iam/statement.ts'

const account = '111111111111'
const role: Principal = {
  arn: `arn:aws:sts::${account}:assumed-role/reader/scan`,
  roleArn: `arn:aws:iam::${account}:role/reader`,
  account,
}
const queue = 'arn:aws:sqs:us-east-1:111111111111:hints'

function compiled(...statements: unknown[]): Statement[] {
  return compileDocument('P', policyDocumentSchema.parse({ Version: '2012-10-17', Statement: statements }))
}

function asked(given: Partial<Omit<Asked, 'context'>> & { context?: ContextEntries } = {}): Asked {
  return {
    action: 'sqs:SendMessage',
    resource: queue,
    principal: role,
    ...given,
    context: contextOf(given.context ?? {}),
  }
}

const allow = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue }

describe('statements', () => {
  test('allow what they name, and nothing is allowed otherwise', () => {
    expect(decide(compiled(allow), asked())).toMatchObject({ allowed: true, scope: 'self' })
    expect(decide(compiled(), asked())).toEqual({ allowed: false, why: 'nothing-allows' })
    expect(decide(compiled(allow), asked({ action: 'sqs:DeleteMessage' }))).toMatchObject({ why: 'nothing-allows' })
  })

  test.each<[string, unknown, boolean]>([
    ['an action in other case', { ...allow, Action: 'SQS:sendmessage' }, true],
    ['actions by wildcard', { ...allow, Action: 'sqs:Send*' }, true],
    ['every action', { ...allow, Action: '*' }, true],
    ['one of several actions', { ...allow, Action: ['sqs:ReceiveMessage', 'sqs:SendMessage'] }, true],
    ['all actions but this one', { Effect: 'Allow', NotAction: 'sqs:Send*', Resource: '*' }, false],
    ['all actions but another', { Effect: 'Allow', NotAction: 'sqs:Delete*', Resource: '*' }, true],
    ['resources by wildcard', { ...allow, Resource: 'arn:aws:sqs:*:*:hints' }, true],
    ['another resource', { ...allow, Resource: `${queue}2` }, false],
    ['a resource in other case', { ...allow, Resource: queue.toUpperCase() }, false],
    ['all resources but this one', { Effect: 'Allow', Action: '*', NotResource: queue }, false],
    ['all resources but another', { Effect: 'Allow', Action: '*', NotResource: 'x' }, true],
    ['a dot for any character', { ...allow, Resource: queue.replace('hints', 'h.nts') }, false],
  ])('%s', (_name, statement, expected) => {
    expect(decide(compiled(statement), asked()).allowed).toBe(expected)
  })

  test('an explicit deny wins, wherever it stands', () => {
    const deny = { Sid: 'Never', Effect: 'Deny', Action: 'sqs:*', Resource: '*' }
    for (const statements of [compiled(deny, allow), compiled(allow, deny)])
      expect(decide(statements, asked())).toEqual({ allowed: false, why: 'denied', considered: 'P[Never]' })
  })

  test('a deny whose condition does not hold denies nothing', () => {
    const deny = {
      Effect: 'Deny',
      Action: 'sqs:*',
      Resource: '*',
      Condition: { Bool: { 'aws:SecureTransport': false } },
    }
    expect(decide(compiled(deny, allow), asked({ context: { 'aws:SecureTransport': 'true' } })).allowed).toBe(true)
    expect(decide(compiled(deny, allow), asked({ context: { 'aws:SecureTransport': 'false' } })).allowed).toBe(false)
  })

  test('all conditions have to hold', () => {
    const Condition = { StringEquals: { 'sts:ExternalId': 'a', 'aws:RequestedRegion': 'b' } }
    const statements = compiled({ ...allow, Condition })
    const both = { 'sts:ExternalId': 'a', 'aws:RequestedRegion': 'b' }
    expect(decide(statements, asked({ context: both })).allowed).toBe(true)
    expect(decide(statements, asked({ context: { ...both, 'aws:RequestedRegion': 'c' } }))).toEqual({
      allowed: false,
      why: 'nothing-allows',
      considered: 'P[0]: StringEquals aws:RequestedRegion does not hold',
    })
  })

  test('what cannot be evaluated is never allowed, not even by another statement', () => {
    const unclear = { ...allow, Condition: { DateLessThan: { 'aws:PrincipalArn': '2026' } } }
    expect(decide(compiled(unclear, allow), asked())).toEqual({
      allowed: false,
      why: 'unclear',
      considered: 'P[0]: DateLessThan aws:PrincipalArn: the operator DateLessThan is not known here',
    })
    const variable = { ...allow, Resource: 'arn:aws:sqs:*:*:${aws:PrincipalTag/team}' }
    expect(decide(compiled(variable), asked())).toMatchObject({ why: 'unclear' })
  })

  test('one that is for something else hurts nobody', () => {
    const unclear = { ...allow, Action: 'sqs:Purge', Condition: { DateLessThan: { 'aws:PrincipalArn': '2026' } } }
    expect(decide(compiled(unclear, allow), asked()).allowed).toBe(true)
  })
})

describe('principals', () => {
  const scopeFor = (Principal: unknown, principal = role): unknown => {
    const decision = decide(compiled({ ...allow, Principal }), asked({ principal }))
    return decision.allowed && decision.scope
  }

  test.each<[string, unknown, unknown]>([
    ['the role', { AWS: role.roleArn }, 'self'],
    ['the session', { AWS: [role.arn] }, 'self'],
    ['anybody', '*', 'self'],
    ['any AWS principal', { AWS: '*' }, 'self'],
    ['the account', { AWS: account }, 'account'],
    ['its root', { AWS: `arn:aws:iam::${account}:root` }, 'account'],
    ['another account', { AWS: '444455556666' }, false],
    ['another role', { AWS: `arn:aws:iam::${account}:role/reader2` }, false],
    ['a service', { Service: 'events.amazonaws.com' }, false],
  ])('%s', (_name, principal, scope) => {
    expect(scopeFor(principal)).toBe(scope)
  })

  test('a service is named itself, and is in no account', () => {
    const events: Principal = { arn: 'events.amazonaws.com', service: 'events.amazonaws.com' }
    expect(scopeFor({ Service: ['events.amazonaws.com'] }, events)).toBe('self')
    expect(scopeFor({ Service: 'sns.amazonaws.com' }, events)).toBe(false)
    expect(scopeFor({ AWS: account }, events)).toBe(false)
  })
})

test('says which rights were used, down to the value that narrows one', () => {
  const Condition = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['OFFER#*', 'ASK#*'] } }
  const statements = compiled({
    Effect: 'Allow',
    Action: ['dynamodb:GetItem', 'dynamodb:Query'],
    Resource: 't',
    Condition,
  })
  expect(statements[0]!.rights).toHaveLength(4)

  const context = { 'dynamodb:LeadingKeys': ['ASK#1'] }
  const decision = decide(statements, asked({ action: 'dynamodb:GetItem', resource: 't', context }))

  expect(decision.allowed && decision.rights).toEqual([
    { id: 'P[0] 1', action: 'dynamodb:GetItem', resource: 't', narrowed: 'ASK#*' },
  ])
})

test.each<[string, unknown]>([
  ['NotPrincipal', { ...allow, NotPrincipal: '*' }],
  ['a principal of another kind', { ...allow, Principal: { Federated: 'x' } }],
  ['an unknown element', { ...allow, Conditions: {} }],
])('a document with %s is refused', (_name, statement) => {
  expect(policyDocumentSchema.safeParse({ Version: '2012-10-17', Statement: [statement] }).success).toBe(false)
})
