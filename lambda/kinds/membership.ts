import { DescribeAccountCommand } from '@aws-sdk/client-organizations'
import type { Account, OrganizationsClient } from '@aws-sdk/client-organizations'
import { ServiceThrottled } from '../contract/errors.ts'
import type { Settings } from '../contract/settings.ts'
import type { Membership } from '../domain/facts.ts'
import { callAws } from './reactions.ts'

/** What the errors of Organizations mean here; the rest is in the common table. */
export const organizationsErrors = {
  DescribeAccount: {
    /** An answer, not a failure: the account is in no organization of ours. */
    AccountNotFoundException: { read: 'gone' },
    AWSOrganizationsNotInUseException: { loud: 'UnexpectedAnswer' },
  },
} as const

/**
 * Looks an account up in the organization. Nothing is kept between lookups: a decision must not rest on an old one. A
 * lookup that fails makes the fact unknown; only throttling is thrown, since it passes.
 */
export function createMembership(deps: {
  organizations: OrganizationsClient
  settings: Pick<Settings, 'organizationId'>
}): (account: string | null) => Promise<Membership> {
  const { organizationId } = deps.settings
  return async (account) => {
    if (organizationId === null) return 'not-configured'
    if (account === null) return 'unknown'
    try {
      return await lookUp(deps.organizations, { account, organizationId })
    } catch (error) {
      if (error instanceof ServiceThrottled) throw error
      return 'unknown'
    }
  }
}

async function lookUp(
  organizations: OrganizationsClient,
  { account, organizationId }: { account: string; organizationId: string },
): Promise<Membership> {
  const command = new DescribeAccountCommand({ AccountId: account })
  const call = { table: organizationsErrors, operation: 'DescribeAccount' }
  const result = await callAws(call, () => organizations.send(command))
  if (!result.ok) return 'outside'
  return isOf(result.answer.Account, organizationId) ? 'inside' : 'unknown'
}

/** The ARN names the organization: `arn:aws:organizations::<management account>:account/<organization>/<account>`. */
function isOf(account: Account | undefined, organizationId: string): boolean {
  return account?.Arn?.split('/')[1] === organizationId
}
