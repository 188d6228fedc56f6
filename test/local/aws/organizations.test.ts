import {
  CloseAccountCommand,
  DescribeAccountCommand,
  DescribeOrganizationalUnitCommand,
  DescribeOrganizationCommand,
  LeaveOrganizationCommand,
  ListParentsCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
  paginateListAccounts,
  paginateListAccountsForParent,
  paginateListOrganizationalUnitsForParent,
  RemoveAccountFromOrganizationCommand,
} from '@aws-sdk/client-organizations'
import { OrganizationTree } from '../../../local/aws/services/organization-tree.ts'
import { createOrganizations } from '../../../local/aws/services/organizations.ts'
import { startEndpoint, type TestEndpoint } from '../../support/endpoint.ts'

const manager = '999999999999'
const hub = '111111111111'
const member = '222222222222'
const outsider = '444455556666'
const workloads = 'ou-abcd-11111111'
const nested = 'ou-abcd-22222222'

const tree = new OrganizationTree({
  organizationId: 'o-exampleorg1',
  managementAccount: manager,
  delegatedAdministrators: [hub],
  units: [
    { id: workloads, name: 'Workloads' },
    { id: nested, name: 'Plants', parentId: workloads },
  ],
  accounts: [
    { id: manager },
    { id: hub, name: 'hub' },
    { id: member, parentId: nested },
    { id: '333333333333', parentId: workloads },
    { id: '333333333334', parentId: workloads, state: 'SUSPENDED' },
    { id: '333333333335', parentId: workloads },
  ],
})

let endpoint: TestEndpoint
const as = (account: string): OrganizationsClient => new OrganizationsClient(endpoint.as(account))
beforeAll(async () => {
  endpoint = await startEndpoint([createOrganizations({ organization: tree })])
})
afterEach(() => {
  tree.reset()
})
afterAll(() => endpoint.close())

async function collect<PageOf, Item>(
  pages: AsyncIterable<PageOf>,
  itemsOf: (page: PageOf) => Item[] | undefined,
): Promise<Item[][]> {
  const found: Item[][] = []
  for await (const page of pages) found.push(itemsOf(page) ?? [])
  return found
}

test('members are described under the organization, by who manages it and by the delegated administrator', async () => {
  for (const caller of [manager, hub]) {
    const { Account } = await as(caller).send(new DescribeAccountCommand({ AccountId: member }))
    expect(Account).toMatchObject({
      Id: member,
      Arn: `arn:aws:organizations::${manager}:account/o-exampleorg1/${member}`,
      Status: 'ACTIVE',
      State: 'ACTIVE',
      Paths: [`o-exampleorg1/r-root/${workloads}/${nested}/${member}/`],
    })
  }
})

test('another member learns its organization only', async () => {
  const { Organization } = await as(member).send(new DescribeOrganizationCommand({}))
  expect(Organization).toMatchObject({ Id: 'o-exampleorg1', MasterAccountId: manager })
  const refused = { name: 'AccessDeniedException' }
  await expect(as(member).send(new ListRootsCommand({}))).rejects.toMatchObject(refused)
  await expect(as(member).send(new DescribeAccountCommand({ AccountId: hub }))).rejects.toMatchObject(refused)
  const move = { AccountId: member, SourceParentId: nested, DestinationParentId: workloads }
  await expect(as(hub).send(new MoveAccountCommand(move))).rejects.toMatchObject(refused)
})

test('an outsider is not found, and finds no organization', async () => {
  await expect(as(hub).send(new DescribeAccountCommand({ AccountId: outsider }))).rejects.toMatchObject({
    name: 'AccountNotFoundException',
  })
  await expect(as(outsider).send(new DescribeOrganizationCommand({}))).rejects.toMatchObject({
    name: 'AWSOrganizationsNotInUseException',
  })
})

test('the tree is walked from the root, page by page', async () => {
  const client = as(hub)
  const [root] = (await client.send(new ListRootsCommand({}))).Roots ?? []
  const unitsOf = (ParentId: string) =>
    collect(paginateListOrganizationalUnitsForParent({ client }, { ParentId }), (page) =>
      page.OrganizationalUnits?.map(({ Id }) => Id),
    )
  const accountsOf = (ParentId: string) =>
    collect(paginateListAccountsForParent({ client, pageSize: 2 }, { ParentId }), (page) =>
      page.Accounts?.map(({ Id, State }) => `${Id} ${State}`),
    )

  expect(root).toMatchObject({ Id: 'r-root', Arn: `arn:aws:organizations::${manager}:root/o-exampleorg1/r-root` })
  expect(await unitsOf('r-root')).toEqual([[workloads]])
  expect(await unitsOf(workloads)).toEqual([[nested]])
  expect(await accountsOf('r-root')).toEqual([[`${manager} ACTIVE`, `${hub} ACTIVE`]])
  expect(await accountsOf(workloads)).toEqual([
    ['333333333333 ACTIVE', '333333333334 SUSPENDED'],
    ['333333333335 ACTIVE'],
  ])
  expect(await accountsOf(nested)).toEqual([[`${member} ACTIVE`]])
  await expect(unitsOf('ou-abcd-99999999')).rejects.toMatchObject({ name: 'ParentNotFoundException' })
  const described = await client.send(new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: nested }))
  expect(described.OrganizationalUnit).toMatchObject({ Id: nested, Name: 'Plants' })
})

test('all accounts page, and have parents', async () => {
  const client = as(hub)
  const pages = await collect(paginateListAccounts({ client, pageSize: 4 }, {}), (page) =>
    page.Accounts?.map(({ Id }) => Id),
  )
  expect(pages.map(({ length }) => length)).toEqual([4, 2])
  const parent = async (ChildId: string) => (await client.send(new ListParentsCommand({ ChildId }))).Parents
  expect(await parent(member)).toEqual([{ Id: nested, Type: 'ORGANIZATIONAL_UNIT' }])
  expect(await parent(nested)).toEqual([{ Id: workloads, Type: 'ORGANIZATIONAL_UNIT' }])
  expect(await parent(workloads)).toEqual([{ Id: 'r-root', Type: 'ROOT' }])
  await expect(parent(outsider)).rejects.toMatchObject({ name: 'ChildNotFoundException' })
})

test('accounts move, close and leave', async () => {
  const changes = jest.fn()
  tree.onChange(changes)
  await as(manager).send(
    new MoveAccountCommand({ AccountId: hub, SourceParentId: 'r-root', DestinationParentId: workloads }),
  )
  await as(manager).send(new CloseAccountCommand({ AccountId: '333333333333' }))
  await as(manager).send(new RemoveAccountFromOrganizationCommand({ AccountId: '333333333335' }))
  await as(member).send(new LeaveOrganizationCommand({}))

  expect(tree.pathTo(hub)).toEqual(['r-root', workloads])
  expect(tree.accounts.map(({ id, state }) => [id, state])).toEqual([
    [manager, 'ACTIVE'],
    [hub, 'ACTIVE'],
    ['333333333333', 'PENDING_CLOSURE'],
    ['333333333334', 'SUSPENDED'],
  ])
  expect(changes).toHaveBeenCalledTimes(4)
  const wrong = { AccountId: hub, SourceParentId: 'r-root', DestinationParentId: nested }
  await expect(as(manager).send(new MoveAccountCommand(wrong))).rejects.toMatchObject({
    name: 'SourceParentNotFoundException',
  })
  await expect(as(manager).send(new LeaveOrganizationCommand({}))).rejects.toMatchObject({
    name: 'MasterCannotLeaveOrganizationException',
  })
})
