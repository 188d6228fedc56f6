import { cleanText } from './hostile-text.ts'
import type { Json } from './json.ts'

/** Resources of a share that are of one type, in one region and of one owner. */
export interface ResourceGroup {
  type: string
  /** Empty where the ARN names none, or is none. */
  region: string
  owner: string
  /** What every ARN of the group begins with; empty where they are shown whole. */
  prefix: string
  /** The rest of each ARN, cleaned. */
  items: string[]
}

const arnParts = /^(arn:[a-z-]+:[a-z0-9-]+:([a-z0-9-]*):(\d{12}|):)([\x21-\x7e]+)$/

/** Undefined for what is no list of resources. */
export function resourceGroupsOf(resources: Json | undefined): ResourceGroup[] | undefined {
  if (!Array.isArray(resources) || resources.length === 0) return undefined
  const groups = new Map<string, ResourceGroup>()
  for (const resource of resources) {
    // By hand: a share may hold thousands, and each page groups them.
    if (resource === null || typeof resource !== 'object' || Array.isArray(resource)) return undefined
    const { arn, type } = resource
    if (typeof arn !== 'string' || typeof type !== 'string') return undefined
    const [, prefix = '', region = '', owner = '', rest] = arnParts.exec(arn) ?? []
    const key = `${type} ${prefix}`
    const group = groups.get(key) ?? { type: cleanText(type), region, owner, prefix, items: [] }
    group.items.push(rest ?? cleanText(arn, 2048))
    groups.set(key, group)
  }
  return [...groups.values()].sort((a, b) => compare(a.type, b.type) || compare(a.prefix, b.prefix))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
