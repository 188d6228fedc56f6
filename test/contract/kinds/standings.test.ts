import { LeaveOrganizationCommand, MoveAccountCommand, OrganizationsClient } from '@aws-sdk/client-organizations'
import { createBehaviour } from '../../../local/aws/behaviour.ts'
import { OrganizationTree } from '../../../local/aws/services/organization-tree.ts'
import { createOrganizations } from '../../../local/aws/services/organizations.ts'
import type { LookUp } from '../../../lambda/kinds/standing.ts'
import { Standings } from '../../../lambda/kinds/standings.ts'
import { startEndpoint, type TestEndpoint } from '../../support/endpoint.ts'

const organizationId = 'o-exampleorg1'
const [management, hub, member, stranger] = ['999999999999', '111111111111', '222222222222', '555566667777']
const [root, workloads, production] = ['r-ab12', 'ou-ab12-workload', 'ou-ab12-producti']
const now: LookUp = { fresh: true, named: true }
const kept: LookUp = { fresh: false, named: true }

let endpoint: TestEndpoint
let standings: Standings
const as = (account: string): OrganizationsClient => new OrganizationsClient(endpoint.as(account))

beforeEach(async () => {
  const organization = new OrganizationTree({
    organizationId,
    managementAccount: management,
    delegatedAdministrators: [hub],
    rootId: root,
    units: [
      { id: workloads, name: 'Workloads' },
      { id: production, name: 'Production', parentId: workloads },
    ],
    accounts: [{ id: management }, { id: hub }, { id: member, name: 'Payments', parentId: production }],
  })
  endpoint = await startEndpoint([createOrganizations({ organization })], { behaviour: createBehaviour() })
  standings = new Standings({ organizations: as(hub), organizationId, nowMs: () => 0 })
})
afterEach(() => endpoint.close())

test('an account is looked up in the organization, through the real SDK', async () => {
  expect(await standings.for(kept)(member)).toEqual({
    membership: 'inside',
    path: [production, workloads, root],
    unit: 'Root / Workloads / Production',
    accountName: 'Payments',
  })
  expect(await standings.for(kept)(hub)).toMatchObject({ path: [root], unit: 'Root' })
  expect(await standings.for(kept)(stranger)).toMatchObject({ membership: 'outside', path: null })
})

test('an account that moves or leaves is seen at once by who asks afresh', async () => {
  await standings.for(kept)(member)
  const [AccountId, SourceParentId, DestinationParentId] = [member, production, workloads]
  await as(management).send(new MoveAccountCommand({ AccountId, SourceParentId, DestinationParentId }))
  expect(await standings.for(kept)(member)).toMatchObject({ path: [production, workloads, root] })
  expect(await standings.for(now)(member)).toMatchObject({ path: [workloads, root], unit: 'Root / Workloads' })
  expect(await standings.for(kept)(member)).toMatchObject({ path: [workloads, root] })
  await as(member).send(new LeaveOrganizationCommand({}))
  expect(await standings.for(now)(member)).toMatchObject({ membership: 'outside' })
})

test('a hub that may not look has no answer', async () => {
  const refused = new Standings({ organizations: as(member), organizationId, nowMs: () => 0 })
  expect(await refused.for(kept)(hub)).toMatchObject({ membership: 'unknown' })
})
