import * as z from 'zod'
import { operation } from '../operation.ts'
import { readCursor, takePage } from '../paging.ts'
import { AwsError, type Call, type Operation, type Service } from '../service.ts'
import { accountView, organizationView, parentTypeOf, rootView, unitView } from './organization-views.ts'
import type { OrganizationTree } from './organization-tree.ts'

const accountInput = z.object({ AccountId: z.string() })
const childInput = z.object({ ChildId: z.string() })
const unitInput = z.object({ OrganizationalUnitId: z.string() })
const pageInput = z.object({ NextToken: z.string().optional(), MaxResults: z.number().default(20) })
const parentInput = pageInput.extend({ ParentId: z.string() })
const moveInput = z.object({ AccountId: z.string(), SourceParentId: z.string(), DestinationParentId: z.string() })

type Page = z.infer<typeof pageInput>

/** Who may call: any member, those that administer the organization, or only the account that manages it. */
type Callers = 'members' | 'administrators' | 'manager'

/** One organization, or none. OUs stay as they are; accounts move, close and leave. */
export function createOrganizations({ organization }: { organization?: OrganizationTree | undefined }): Service {
  function on<Input>(
    callers: Callers,
    schema: z.ZodType<Input>,
    answer: (tree: OrganizationTree, input: Input, account: string) => unknown,
  ): Operation {
    return operation(schema, ({ input, caller }: Call<Input>) => {
      if (organization?.account(caller.account) === undefined)
        throw new AwsError('AWSOrganizationsNotInUseException', 'Your account is not a member of an organization.')
      const mayCall =
        callers === 'members' ||
        caller.account === organization.managementAccount ||
        (callers === 'administrators' && organization.isAdministrator(caller.account))
      if (!mayCall) throw new AwsError('AccessDeniedException', "You don't have permissions to access this resource.")
      return answer(organization, input, caller.account)
    })
  }

  return {
    model: 'organizations',
    operations: {
      DescribeOrganization: on('members', z.object({}), (tree) => ({ Organization: organizationView(tree) })),
      DescribeAccount: on('administrators', accountInput, (tree, { AccountId }) => ({
        Account: accountView(tree, accountIn(tree, AccountId)),
      })),
      DescribeOrganizationalUnit: on('administrators', unitInput, (tree, input) => {
        const unit = tree.units.find(({ id }) => id === input.OrganizationalUnitId)
        if (unit === undefined) throw new AwsError('OrganizationalUnitNotFoundException', 'There is no such OU.')
        return { OrganizationalUnit: unitView(tree, unit) }
      }),
      ListAccounts: on('administrators', pageInput, (tree, input) => {
        const { items, NextToken } = pageOf(tree.accounts, input)
        return { Accounts: items.map((account) => accountView(tree, account)), NextToken }
      }),
      ListRoots: on('administrators', pageInput, (tree) => ({ Roots: [rootView(tree)] })),
      ListOrganizationalUnitsForParent: on('administrators', parentInput, (tree, input) => {
        const units = tree.units.filter(({ id }) => tree.parentOf(id) === parentIn(tree, input.ParentId))
        const { items, NextToken } = pageOf(units, input)
        return { OrganizationalUnits: items.map((unit) => unitView(tree, unit)), NextToken }
      }),
      ListAccountsForParent: on('administrators', parentInput, (tree, input) => {
        const accounts = tree.accounts.filter(({ id }) => tree.parentOf(id) === parentIn(tree, input.ParentId))
        const { items, NextToken } = pageOf(accounts, input)
        return { Accounts: items.map((account) => accountView(tree, account)), NextToken }
      }),
      ListParents: on('administrators', childInput, (tree, { ChildId }) => {
        const parent = tree.parentOf(ChildId)
        if (parent === undefined) throw new AwsError('ChildNotFoundException', 'The child is not in the organization.')
        return { Parents: [{ Id: parent, Type: parentTypeOf(tree, parent) }] }
      }),
      MoveAccount: on('manager', moveInput, (tree, { AccountId, SourceParentId, DestinationParentId }) => {
        if (tree.parentOf(accountIn(tree, AccountId).id) !== SourceParentId)
          throw new AwsError('SourceParentNotFoundException', 'The account is not in that root or OU.')
        if (!tree.isParent(DestinationParentId))
          throw new AwsError('DestinationParentNotFoundException', 'There is no such root or OU.')
        tree.place(AccountId, DestinationParentId)
      }),
      // AWS suspends a closed account some minutes later, and takes it out after 90 days.
      CloseAccount: on('manager', accountInput, (tree, { AccountId }) => {
        tree.setState(accountIn(tree, AccountId).id, 'PENDING_CLOSURE')
      }),
      RemoveAccountFromOrganization: on('manager', accountInput, (tree, { AccountId }) => {
        leave(tree, accountIn(tree, AccountId).id)
      }),
      LeaveOrganization: on('members', z.object({}), (tree, _input, account) => {
        leave(tree, account)
      }),
    },
    snapshot: () => organization?.snapshot(),
    restore: (state) => organization?.restore(state),
    reset: () => organization?.reset(),
  }
}

function leave(tree: OrganizationTree, account: string): void {
  if (account === tree.managementAccount)
    throw new AwsError('MasterCannotLeaveOrganizationException', 'The management account cannot leave.')
  tree.remove(account)
}

function accountIn(tree: OrganizationTree, id: string): NonNullable<ReturnType<OrganizationTree['account']>> {
  const account = tree.account(id)
  if (account === undefined) throw new AwsError('AccountNotFoundException', 'The account is not in the organization.')
  return account
}

function parentIn(tree: OrganizationTree, id: string): string {
  if (!tree.isParent(id)) throw new AwsError('ParentNotFoundException', 'There is no such root or OU.')
  return id
}

function pageOf<Item>(all: readonly Item[], { NextToken, MaxResults }: Page): { items: Item[]; NextToken?: string } {
  const cursor = NextToken === undefined ? undefined : readCursor(NextToken)
  if (NextToken !== undefined && cursor === undefined)
    throw new AwsError('InvalidInputException', 'The token is not valid.', { Reason: 'INVALID_NEXT_TOKEN' })
  const sequenced = all.map((item, seq) => ({ seq, item }))
  const { items, next } = takePage(sequenced, { cursor, size: MaxResults })
  return { items: items.map(({ item }) => item), ...(next === undefined ? {} : { NextToken: next }) }
}
