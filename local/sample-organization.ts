import type { Config } from '../lib/config.ts'
import type { OrganizationSpec } from './aws/services/organization-tree.ts'

type OrganizationConfig = NonNullable<Config['organization']>

const manager = '999999999999'
const workloads = 'ou-root-workloads'

/** No run has more members besides the hub, unless it is asked to. */
const usualMembers = 3

/** Members besides the hub, where the configuration names none. */
export const sampleMembers = [
  { id: '222222222222', name: 'Plant' },
  { id: '333333333333', name: 'Office' },
  { id: '666677778888', name: 'Shop' },
] as const

/** The hub, three members and whoever manages the organization, in two regions. */
export function sampleOrganization({ region }: Config): OrganizationConfig {
  return {
    id: 'o-sampleorg1',
    targets: { ous: [workloads] },
    delegatedAdmin: true,
    regions: [region, region === 'eu-west-1' ? 'us-east-1' : 'eu-west-1'],
    managementAccount: manager,
  }
}

/** Yours, with the hub of the play in the place of your own. */
export function playedOrganization(yours: OrganizationConfig, { hub, own }: Hubs): OrganizationConfig {
  const played = (account: string): string => (account === hub ? own : account)
  const { managementAccount } = yours
  return managementAccount === undefined ? yours : { ...yours, managementAccount: played(managementAccount) }
}

interface Hubs {
  /** As the configuration says, if it does. */
  hub: string | undefined
  own: string
}

/** An organization that fits the configuration: its OUs, and members in those that are targets and in one below. */
export function organizationOf(
  { organization, kinds }: Config,
  { own, mostMembers = usualMembers }: { own: string; mostMembers?: number | undefined },
): OrganizationSpec | undefined {
  if (organization === undefined) return undefined
  const { id, targets, delegatedAdmin, managementAccount } = organization
  const named = [...new Set([...(targets?.ous ?? []), ...Object.keys(kinds.ous)])]
  const rootId = named.find((unit) => unit.startsWith('r-')) ?? rootOf(named[0])
  const [first = rootId, ...others] = targets?.ous ?? []
  const nested = { id: `ou-${rootId.slice(2)}-production`, name: 'Production', parentId: first }
  const parents = [first, nested.id, ...others]
  const manages = managementAccount ?? (delegatedAdmin ? manager : own)
  const members = (targets?.only?.map((account) => ({ id: account })) ?? sampleMembers)
    .filter((member) => member.id !== own && member.id !== manages)
    .slice(0, mostMembers)
  return {
    organizationId: id,
    managementAccount: manages,
    delegatedAdministrators: [own],
    rootId,
    units: [...named.filter((unit) => unit !== rootId && unit !== nested.id).map((unit) => ({ id: unit })), nested],
    accounts: [
      ...(manages === own ? [] : [{ id: manages, name: 'Management' }]),
      { id: own, name: 'Gatehouse', parentId: first },
      ...members.map((member, index) => ({ ...member, parentId: parents[index % parents.length] ?? rootId })),
    ],
  }
}

/** The id of an OU begins as that of its root: `ou-ab12-c3d4e5f6` stands under `r-ab12`. */
function rootOf(unit: string | undefined): string {
  return `r-${unit?.split('-')[1] ?? 'root'}`
}
