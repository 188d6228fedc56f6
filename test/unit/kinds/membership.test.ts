import type { OrganizationsClient } from '@aws-sdk/client-organizations'
import type { Membership } from '../../../lambda/domain/facts.ts'
import { createMembership } from '../../../lambda/kinds/membership.ts'
import { partner } from '../../support/kinds.ts'

function lookUp(
  answer: () => unknown,
  {
    organizationId = 'o-example123',
    account = partner,
  }: { organizationId?: string | null; account?: string | null } = {},
): Promise<Membership> {
  const organizations = { send: async () => answer() } as unknown as OrganizationsClient
  return createMembership({ organizations, settings: { organizationId } })(account)
}

const fails = (name: string) => (): never => {
  throw Object.assign(new Error('said AWS'), { name })
}
const found = (organization: string) => () => ({
  Account: { Id: partner, Arn: `arn:aws:organizations::111111111111:account/${organization}/${partner}` },
})

describe('where an account stands', () => {
  it.each([
    ['inside where Organizations knows it', found('o-example123'), 'inside'],
    ['outside where Organizations does not', fails('AccountNotFoundException'), 'outside'],
    ['unknown where the hub is in another organization than configured', found('o-other45678'), 'unknown'],
    ['unknown where the answer is empty', () => ({}), 'unknown'],
    ['unknown where the lookup is refused', fails('AccessDeniedException'), 'unknown'],
    ['unknown where there is no organization', fails('AWSOrganizationsNotInUseException'), 'unknown'],
    ['unknown where the service fails', fails('ServiceException'), 'unknown'],
  ])('is %s', async (_what, answer, membership) => {
    expect(await lookUp(answer)).toBe(membership)
  })

  it('is not looked up without an organization or an account', async () => {
    const never = fails('MustNotBeCalled')
    expect(await lookUp(never, { organizationId: null })).toBe('not-configured')
    expect(await lookUp(never, { organizationId: null, account: null })).toBe('not-configured')
    expect(await lookUp(never, { account: null })).toBe('unknown')
  })

  it('waits where Organizations throttles', async () => {
    await expect(lookUp(fails('TooManyRequestsException'))).rejects.toMatchObject({ name: 'ServiceThrottled' })
  })
})
