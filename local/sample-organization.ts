import type { Config } from '../lib/config.ts'
import type { OrganizationSpec } from './aws/services/organization-tree.ts'

type OrganizationConfig = NonNullable<Config['organization']>

const manager = '999999999999'
const workloads = 'ou-root-workloads'
const production = 'ou-root-production'

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
    targets: { ous: ['r-root'] },
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

/** An organization that fits the configuration: its OUs, and members in those that are targets. */
export function organizationOf({ organization, kinds }: Config, own: string): OrganizationSpec | undefined {
  if (organization === undefined) return undefined
  const { id, targets, delegatedAdmin, managementAccount } = organization
  const named = [...new Set([...(targets?.ous ?? []), ...Object.keys(kinds.ous)])]
  const rootId = named.find((unit) => unit.startsWith('r-')) ?? 'r-root'
  const parents = targets?.ous ?? [rootId]
  const manages = managementAccount ?? (delegatedAdmin ? manager : own)
  const others = membersOf(targets?.only).filter((member) => member.id !== own && member.id !== manages)
  return {
    organizationId: id,
    managementAccount: manages,
    delegatedAdministrators: [own],
    rootId,
    units: unitsOf(named.filter((unit) => unit !== rootId)),
    accounts: [
      ...(manages === own ? [] : [{ id: manages, name: 'Management' }]),
      { id: own, name: 'Gatehouse', parentId: parents[0] ?? rootId },
      ...others.map((member, index) => ({ ...member, parentId: parentOf(parents, { index, rootId }) })),
    ],
  }
}

function membersOf(only: readonly string[] | undefined): readonly { id: string; name?: string }[] {
  return only?.map((id) => ({ id })) ?? sampleMembers
}

/** Where the configuration names no OU there are two, one in the other. */
function unitsOf(named: readonly string[]): OrganizationSpec['units'] {
  if (named.length > 0) return named.map((id) => ({ id }))
  return [
    { id: workloads, name: 'Workloads' },
    { id: production, name: 'Production', parentId: workloads },
  ]
}

function parentOf(parents: readonly string[], { index, rootId }: { index: number; rootId: string }): string {
  const parent = parents[index % parents.length] ?? rootId
  return parents.length === 1 && parent === 'r-root' ? ([workloads, production][index] ?? rootId) : parent
}
