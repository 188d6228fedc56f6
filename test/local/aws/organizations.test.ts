import {
  DescribeAccountCommand,
  DescribeOrganizationCommand,
  ListParentsCommand,
  OrganizationsClient,
  paginateListAccounts,
} from '@aws-sdk/client-organizations'
import { createOrganizations } from '../../../local/aws/services/organizations.ts'
import { startEndpoint, type TestEndpoint } from '../../support/endpoint.ts'

const organization = {
  organizationId: 'o-exampleorg1',
  accounts: [
    { id: '111111111111', name: 'hub' },
    { id: '222222222222', parentId: 'ou-abcd-11111111' },
    { id: '333333333333' },
  ],
}

let endpoint: TestEndpoint
let client: OrganizationsClient
beforeAll(async () => {
  endpoint = await startEndpoint([createOrganizations({ organization })])
  client = new OrganizationsClient(endpoint.as('111111111111'))
})
afterAll(() => endpoint.close())

test('members are described under the organization', async () => {
  const own = await client.send(new DescribeOrganizationCommand({}))
  const account = await client.send(new DescribeAccountCommand({ AccountId: '222222222222' }))

  expect(own.Organization).toMatchObject({ Id: 'o-exampleorg1', MasterAccountId: '111111111111' })
  expect(account.Account).toMatchObject({
    Id: '222222222222',
    Arn: 'arn:aws:organizations::111111111111:account/o-exampleorg1/222222222222',
    Status: 'ACTIVE',
  })
})

test('an outsider is not found, and finds no organization', async () => {
  await expect(client.send(new DescribeAccountCommand({ AccountId: '444455556666' }))).rejects.toMatchObject({
    name: 'AccountNotFoundException',
  })
  const outsider = new OrganizationsClient(endpoint.as('444455556666'))
  await expect(outsider.send(new DescribeOrganizationCommand({}))).rejects.toMatchObject({
    name: 'AWSOrganizationsNotInUseException',
  })
})

test('accounts page, and have parents', async () => {
  const found: unknown[] = []
  for await (const page of paginateListAccounts({ client, pageSize: 2 }, {})) {
    found.push(page.Accounts?.map(({ Id }) => Id))
  }

  expect(found).toEqual([['111111111111', '222222222222'], ['333333333333']])
  const parent = async (ChildId: string) => (await client.send(new ListParentsCommand({ ChildId }))).Parents
  expect(await parent('222222222222')).toEqual([{ Id: 'ou-abcd-11111111', Type: 'ORGANIZATIONAL_UNIT' }])
  expect(await parent('333333333333')).toEqual([{ Id: 'r-root', Type: 'ROOT' }])
  await expect(parent('444455556666')).rejects.toMatchObject({ name: 'ChildNotFoundException' })
})
