import { OrganizationsClient } from '@aws-sdk/client-organizations'
import { kindNames } from '../../../lambda/domain/kinds.ts'
import type { Governance } from '../../../lambda/domain/governed.ts'
import { listOrganization } from '../../../lambda/kinds/census.ts'
import { OrganizationTree } from '../../../local/aws/services/organization-tree.ts'
import { createOrganizations } from '../../../local/aws/services/organizations.ts'
import { startEndpoint, type TestEndpoint } from '../../support/endpoint.ts'

const [manager, hub] = ['999999999999', '111111111111']
const [workloads, plants, sandbox] = ['ou-abcd-11111111', 'ou-abcd-22222222', 'ou-abcd-33333333']
const memberOf = (index: number): string => String(200_000_000_000 + index)
const many = Array.from({ length: 45 }, (_, index) => memberOf(index))

const tree = new OrganizationTree({
  organizationId: 'o-exampleorg1',
  managementAccount: manager,
  delegatedAdministrators: [hub],
  units: [
    { id: workloads, name: 'Workloads' },
    { id: plants, name: 'Plants', parentId: workloads },
    { id: sandbox, name: 'Sandbox' },
  ],
  accounts: [
    { id: manager },
    { id: hub, name: 'hub', parentId: sandbox },
    ...many.map((id) => ({ id, parentId: plants })),
    { id: '333333333331', name: 'web', parentId: workloads },
    { id: '333333333332', parentId: workloads, state: 'SUSPENDED' },
    { id: '333333333333', parentId: workloads, state: 'PENDING_CLOSURE' },
    { id: '333333333334', parentId: sandbox },
  ],
})

let endpoint: TestEndpoint
beforeAll(async () => {
  endpoint = await startEndpoint([createOrganizations({ organization: tree })])
})
afterEach(() => {
  tree.reset()
})
afterAll(() => endpoint.close())

interface Options {
  targets?: Partial<NonNullable<Governance['targets']>>
  known?: string[]
  organizationId?: string
  /** Called before each request with the operation's name. */
  onCall?: (operation: string) => void
  signal?: AbortSignal
}

function list({ targets = {}, known = [], organizationId = 'o-exampleorg1', onCall, signal }: Options = {}): ReturnType<
  typeof listOrganization
> {
  const organizations = new OrganizationsClient(endpoint.as(hub))
  organizations.middlewareStack.add((next, context) => (args) => {
    onCall?.(String(context.commandName))
    return next(args)
  })
  const all = { ous: [workloads], only: null, except: [], regions: ['us-east-1'], managementAccount: null, ...targets }
  const rules = { hubAccount: hub, hubRegion: 'us-east-1', globalKinds: [], targets: all }
  const kinds = { default: kindNames(), ous: {}, accounts: {} }
  return listOrganization({
    organizations,
    organizationId,
    known,
    rules: { ...rules, kinds },
    ...(signal && { signal }),
  })
}

const ids = (found: { account: string }[]): string[] => found.map(({ account }) => account).sort()

describe('the census', () => {
  test('has every active account below the targets, over pages and OUs, and the hub', async () => {
    const found = await list()
    expect(ids(found)).toEqual([hub, '333333333331', ...many].sort())
    expect(found.find(({ account }) => account === memberOf(44))?.path).toEqual([plants, workloads, 'r-root'])
    expect(found.find(({ account }) => account === '333333333331')).toEqual({
      account: '333333333331',
      name: 'web',
      path: [workloads, 'r-root'],
    })
    expect(found.find(({ account }) => account === hub)?.path).toEqual([sandbox, 'r-root'])
  })

  test('begins at any target, and knows what is above it', async () => {
    const found = await list({ targets: { ous: [plants] } })
    expect(found.find(({ account }) => account === memberOf(0))?.path).toEqual([plants, workloads, 'r-root'])
    expect(found).toHaveLength(46)
  })

  test('has each account once, though targets lie in one another', async () => {
    expect(await list({ targets: { ous: [plants, 'r-root', workloads] } })).toHaveLength(48)
  })

  test('has the account that manages the organization only where it is named', async () => {
    expect(ids(await list({ targets: { ous: ['r-root'] } }))).not.toContain(manager)
    expect(ids(await list({ targets: { managementAccount: manager } }))).toContain(manager)
  })

  test('calls each parent twice a page of twenty, and little else', async () => {
    const calls: string[] = []
    await list({ onCall: (operation) => calls.push(operation) })
    const counted = (name: string): number => calls.filter((one) => one === `${name}Command`).length
    expect(counted('ListAccountsForParent')).toBe(4)
    expect(counted('ListOrganizationalUnitsForParent')).toBe(2)
    expect(calls).toHaveLength(10)
  })

  test.each(Array.from({ length: 10 }, (_, index) => index))('that takes too long ends, at call %i', async (index) => {
    const late = new AbortController()
    let calls = 0
    const onCall = (): void => {
      if (calls++ === index) late.abort()
    }
    await expect(list({ onCall, signal: late.signal })).rejects.toMatchObject({ name: 'ServiceUnavailable' })
    expect(calls).toBe(index + 1)
  })
})

describe('an account that was there before and is not listed', () => {
  test('is looked at, as it may have moved while the listing ran', async () => {
    let moved = false
    const found = await list({
      known: ['333333333331'],
      targets: { ous: [plants, workloads] },
      // From the target that is listed last to the one that was listed first.
      onCall: (operation) => {
        if (operation !== 'ListOrganizationalUnitsForParentCommand' || moved) return
        moved = true
        tree.place('333333333331', plants)
      },
    })
    expect(found.find(({ account }) => account === '333333333331')?.path[0]).toBe(plants)
  })

  test.each<[string, () => void]>([
    [
      'left the organization',
      () => {
        tree.remove('333333333331')
      },
    ],
    [
      'moved out of the targets',
      () => {
        tree.place('333333333331', sandbox)
      },
    ],
    [
      'was closed',
      () => {
        tree.setState('333333333331', 'PENDING_CLOSURE')
      },
    ],
  ])('is not in it where it %s', async (_what, change) => {
    change()
    expect(ids(await list({ known: ['333333333331', memberOf(3)] }))).toEqual([hub, ...many].sort())
  })
})

describe('half a census is none', () => {
  test.each<[string, Options]>([
    ['a target is not in the organization', { targets: { ous: [workloads, 'ou-abcd-99999999'] } }],
    ['another account manages the organization', { targets: { managementAccount: '333333333331' } }],
    ['it is another organization', { organizationId: 'o-other123456' }],
  ])('where %s', async (_what, options) => {
    await expect(list(options)).rejects.toMatchObject({ name: 'UnexpectedAnswer' })
  })

  test.each([
    ['TooManyRequestsException', 'ServiceThrottled'],
    ['AccessDeniedException', 'AccessRefused'],
    ['ServiceException', 'ServiceUnavailable'],
  ])('where a page fails with %s', async (name, thrown) => {
    let pages = 0
    const onCall = (operation: string): void => {
      if (operation === 'ListAccountsForParentCommand') pages += 1
      if (pages === 3) throw Object.assign(new Error('said AWS'), { name })
    }
    await expect(list({ onCall })).rejects.toMatchObject({ name: thrown })
  })
})
