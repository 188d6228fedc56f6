import type { Json } from '../domain/json.ts'
import type { PolicySettings } from './document.ts'

/** What a policy (in Cedar's JSON form) names that only the configuration can give, and does not. */
export function danglingReferences(policy: Json, settings: PolicySettings): string[] {
  const organizationId = settings.organizationId ?? null
  const found = new Set<string>()
  for (const node of nodesOf(policy)) {
    const { type, id } = node
    if (type === 'PartnerGroup' && typeof id === 'string' && !Object.hasOwn(settings.partners, id)) {
      found.add(`unknown partner group \`${id}\`: expected one of ${namesOf(settings)}`)
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

/** An entity, an `is` test, or an attribute read or tested; nothing is looked up without an organization. */
function speaksOfOrganization(node: Node): boolean {
  const { type, entity_type: tested, attr } = node
  const types = ['Organization', 'OrganizationalUnit']
  const attributes = Array.isArray(attr) ? attr : [attr]
  return (
    (typeof type === 'string' && types.includes(type)) ||
    (typeof tested === 'string' && types.includes(tested)) ||
    attributes.includes('organization')
  )
}

function namesOf({ partners }: PolicySettings): string {
  const names = Object.keys(partners)
  return names.length === 0 ? 'none' : names.map((name) => `\`${name}\``).join(', ')
}
