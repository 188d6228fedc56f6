import type { Json } from '../domain/json.ts'
import { accountIdSchema, organizationNodeSchema } from '../domain/offer.ts'
import type { PolicySettings } from './document.ts'
import { unknownAccount } from './request.ts'

/** What a policy (in Cedar's JSON form) names that no request can hold: such a policy would never apply. */
export function danglingReferences(policy: Json, settings: PolicySettings): string[] {
  const organizationId = settings.organizationId ?? null
  const found = new Set<string>()
  for (const node of nodesOf(policy)) {
    const { type, id } = node
    if (type === 'PartnerGroup' && typeof id === 'string' && !Object.hasOwn(settings.partners, id)) {
      found.add(`unknown partner group \`${id}\`: expected one of ${namesOf(settings)}`)
    }
    if (type === 'Account' && typeof id === 'string' && !isAccount(id)) {
      found.add(`\`${id}\` is no account: expected 12 digits, or \`${unknownAccount}\``)
    }
    if (type === 'OrganizationalUnit' && typeof id === 'string' && !organizationNodeSchema.safeParse(id).success) {
      found.add(`\`${id}\` is no organizational unit: expected an id such as \`ou-ab12-c3d4e5f6\`, or the root's`)
    }
    if (organizationId === null && speaksOfOrganization(node)) {
      found.add('speaks of the organization, but no `organization` is configured')
    }
    if (organizationId !== null && type === 'Organization' && typeof id === 'string' && id !== organizationId) {
      found.add(`unknown organization \`${id}\`: expected \`${organizationId}\``)
    }
  }
  return [...found]
}

type Node = Readonly<Record<string, Json>>

function nodesOf(value: Json): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf)
  if (value === null || typeof value !== 'object') return []
  return [value, ...Object.values(value).flatMap(nodesOf)]
}

/** An entity (of an OU, too), an `is` test, or an attribute read or tested; nothing is looked up without an organization. */
function speaksOfOrganization(node: Node): boolean {
  return (
    isOf(node, 'Organization') || isOf(node, 'OrganizationalUnit') || [node['attr']].flat().includes('organization')
  )
}

/** An entity of this type, or an `is` test for it. */
function isOf({ type, entity_type: tested }: Node, name: string): boolean {
  return type === name || tested === name
}

function isAccount(id: string): boolean {
  return id === unknownAccount || accountIdSchema.safeParse(id).success
}

function namesOf({ partners }: PolicySettings): string {
  const names = Object.keys(partners)
  return names.length === 0 ? 'none' : names.map((name) => `\`${name}\``).join(', ')
}
