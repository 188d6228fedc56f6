import { readFileSync } from 'node:fs'
import { spokeRoles } from '../../lambda/contract/env.ts'
import { allKinds } from '../../lambda/domain/kinds.ts'
import { contextOf } from '../../local/iam/context.ts'
import { decide } from '../../local/iam/decide.ts'
import { policyDocumentSchema } from '../../local/iam/document.ts'
import { compileDocument } from '../../local/iam/statement.ts'

const text = readFileSync('docs/samples/scp.json', 'utf8')
const hub = '111111111111'
const member = '222222222222'
const approver = 'aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_OfferApprover_0a1b2c3d4e5f6071'
const admin = 'aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0a1b2c3d4e5f6071'
const stackSets = 'stacksets-exec-0123456789abcdef0123456789abcdef'

/** An SCP narrows what the account's own policies allow: here, everything. */
const statements = compileDocument('Scp', policyDocumentSchema.parse(JSON.parse(text)))
const all = compileDocument('Own', {
  Statement: [{ Effect: 'Allow', Action: ['*'], Resource: ['*'], Condition: {} }],
})

function may(role: string, action: string, { account = member, resource = '*' } = {}): boolean {
  const roleArn = `arn:aws:iam::${account}:role/${role}`
  const principal = { arn: `arn:aws:sts::${account}:assumed-role/${role.split('/').at(-1)}/me`, roleArn, account }
  const context = contextOf({ 'aws:PrincipalArn': roleArn, 'aws:PrincipalAccount': account })
  return decide([...all, ...statements], { action, resource, context, principal }).allowed
}

const grantsOf = (role: (typeof spokeRoles)[keyof typeof spokeRoles]): string[] =>
  allKinds().flatMap(({ grants }) => (grants[role] ?? []).flatMap(({ actions }) => actions))
const answers = [
  ...new Set([spokeRoles.autoAcceptor, spokeRoles.acceptor, spokeRoles.rejector].flatMap(grantsOf)),
].filter((action) => !/:(Get|List|Describe)/.test(action))

test('is as small as AWS wants it', () => {
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(5120)
})

test.each(Object.values(spokeRoles))('%s may do all that its policies say', (role) => {
  for (const action of grantsOf(role)) expect([action, may(role, action)]).toEqual([action, true])
})

test('whoever else answers an offer is refused, an administrator too', () => {
  expect(answers).toEqual(
    expect.arrayContaining(['ram:AcceptResourceShareInvitation', 'iot:CancelCertificateTransfer']),
  )
  for (const action of answers) expect([action, may(admin, action)]).toEqual([action, false])
  expect(may(spokeRoles.reader, 'ram:AcceptResourceShareInvitation')).toBe(false)
  expect(may(admin, 'ram:GetResourceShareInvitations')).toBe(true)
})

test('named approvers accept, forward and reject delegations, and answer nothing else', () => {
  const steps = ['Associate', 'Update', 'Accept', 'Reject'].map((step) => `iam:${step}DelegationRequest`)
  for (const action of [...steps, 'iam:SendDelegationToken']) {
    expect([action, may(approver, action)]).toEqual([action, true])
    expect([action, may(admin, action)]).toEqual([action, false])
  }
  expect(may(approver, 'ram:AcceptResourceShareInvitation')).toBe(false)
  expect(may(spokeRoles.rejector, 'iam:AcceptDelegationRequest')).toBe(false)
})

test('the break-glass role may do it all', () => {
  for (const action of [...answers, 'iam:AcceptDelegationRequest', 'iam:SendDelegationToken'])
    expect(may('break-glass', action)).toBe(true)
})

test.each(['gatehouse-acceptor', stackSets, 'break-glass'])('nobody makes %s, or changes whom it trusts', (name) => {
  const resource = `arn:aws:iam::${member}:role/${name}`
  for (const action of ['iam:CreateRole', 'iam:UpdateAssumeRolePolicy', 'iam:PutRolePolicy', 'iam:AttachRolePolicy']) {
    expect(may(admin, action, { resource })).toBe(false)
    expect(may(stackSets, action, { resource })).toBe(true)
  }
  expect(may(admin, 'iam:CreateRole', { resource: `arn:aws:iam::${member}:role/app` })).toBe(true)
})

test('in the hub its stack makes the roles', () => {
  const hubRole = { account: hub, resource: `arn:aws:iam::${hub}:role/gatehouse-acceptor` }
  expect(may('cdk-hnb659fds-cfn-exec-role', 'iam:CreateRole', hubRole)).toBe(true)
})
