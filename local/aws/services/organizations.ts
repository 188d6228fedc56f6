import * as z from 'zod'
import { operation } from '../operation.ts'
import { readCursor, takePage } from '../paging.ts'
import { AwsError, type Caller, type Service } from '../service.ts'

/** An organization as the run is configured with it; the first account manages it. */
export interface Organization {
  /** `o-` and 10 to 32 letters and digits. */
  organizationId: string
  accounts: readonly OrganizationAccount[]
}

interface OrganizationAccount {
  id: string
  name?: string
  /** An OU (`ou-…`); the root when absent. */
  parentId?: string
}

const rootId = 'r-root'

const accountInput = z.object({ AccountId: z.string() })
const childInput = z.object({ ChildId: z.string() })
const listInput = z.object({ NextToken: z.string().optional(), MaxResults: z.number().default(20) })

/** A small organization without changes. Every member may look things up, at AWS only managing and delegated accounts. */
export function createOrganizations({ organization }: { organization?: Organization | undefined }): Service {
  return {
    model: 'organizations',
    operations: {
      DescribeOrganization: ({ caller }) => ({ Organization: organizationView(organizationOf(organization, caller)) }),
      DescribeAccount: operation(accountInput, ({ input, caller }) => {
        const own = organizationOf(organization, caller)
        const account = own.accounts.find(({ id }) => id === input.AccountId)
        if (account === undefined) {
          throw new AwsError('AccountNotFoundException', 'The account is not in the organization.')
        }
        return { Account: accountView(own, account) }
      }),
      ListAccounts: operation(listInput, ({ input, caller }) => {
        const own = organizationOf(organization, caller)
        const cursor = input.NextToken === undefined ? undefined : readCursor(input.NextToken)
        if (input.NextToken !== undefined && cursor === undefined) {
          throw new AwsError('InvalidInputException', 'The token is not valid.', { Reason: 'INVALID_NEXT_TOKEN' })
        }
        const accounts = own.accounts.map((account, seq) => ({ seq, account }))
        const { items, next } = takePage(accounts, { cursor, size: input.MaxResults })
        return { Accounts: items.map(({ account }) => accountView(own, account)), NextToken: next }
      }),
      ListParents: operation(childInput, ({ input, caller }) => {
        const own = organizationOf(organization, caller)
        const parent = parentOf(own, input.ChildId)
        if (parent === undefined) throw new AwsError('ChildNotFoundException', 'The child is not in the organization.')
        return { Parents: [{ Id: parent, Type: parent === rootId ? 'ROOT' : 'ORGANIZATIONAL_UNIT' }] }
      }),
    },
  }
}

function organizationOf(organization: Organization | undefined, { account }: Caller): Organization {
  if (organization?.accounts.some(({ id }) => id === account) === true) return organization
  throw new AwsError('AWSOrganizationsNotInUseException', 'Your account is not a member of an organization.')
}

/** OUs stand under the root. */
function parentOf({ accounts }: Organization, child: string): string | undefined {
  const account = accounts.find(({ id }) => id === child)
  if (account !== undefined) return account.parentId ?? rootId
  return accounts.some(({ parentId }) => parentId === child) ? rootId : undefined
}

function managementAccount({ accounts }: Organization): string {
  return accounts[0]?.id ?? ''
}

function organizationView(organization: Organization): Record<string, unknown> {
  const { organizationId } = organization
  const management = managementAccount(organization)
  return {
    Id: organizationId,
    Arn: `arn:aws:organizations::${management}:organization/${organizationId}`,
    FeatureSet: 'ALL',
    MasterAccountId: management,
    MasterAccountArn: `arn:aws:organizations::${management}:account/${organizationId}/${management}`,
    MasterAccountEmail: emailOf(management),
  }
}

function accountView(organization: Organization, { id, name }: OrganizationAccount): Record<string, unknown> {
  const management = managementAccount(organization)
  return {
    Id: id,
    Arn: `arn:aws:organizations::${management}:account/${organization.organizationId}/${id}`,
    Email: emailOf(id),
    Name: name ?? id,
    Status: 'ACTIVE',
    State: 'ACTIVE',
    JoinedMethod: 'CREATED',
  }
}

function emailOf(account: string): string {
  return `aws+${account}@example.com`
}
