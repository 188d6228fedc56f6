import { isRecord } from './record.ts'

const maxDepth = 16

/**
 * `A.member.1.B=x` as nested objects with string leaves: `{A: {member: {1: {B: 'x'}}}}`. Objects have no prototype, so
 * no name means anything special. Deeper names than any model has are dropped.
 */
export function parseForm(body: string): Record<string, unknown> {
  const root = emptyRecord()
  for (const [name, value] of new URLSearchParams(body)) {
    const parts = name.split('.')
    if (parts.length <= maxDepth) put(root, parts, value)
  }
  return root
}

function put(root: Record<string, unknown>, parts: string[], value: string): void {
  let node = root
  for (const part of parts.slice(0, -1)) {
    const next = node[part]
    const child = isRecord(next) ? next : emptyRecord()
    node[part] = child
    node = child
  }
  const last = parts.at(-1) ?? ''
  if (!isRecord(node[last])) node[last] = value
}

function emptyRecord(): Record<string, unknown> {
  return { __proto__: null }
}
