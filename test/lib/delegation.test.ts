import { defineConfig } from '../../lib/config.ts'
import { delegationRoleSchema } from '../../lib/config/delegation.ts'

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
