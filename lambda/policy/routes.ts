import type { ActionConstraint, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { Route } from '../domain/event.ts'
import type { PolicySettings } from './document.ts'

/** `@approvers("network, security")` and `@quorum("2")`: only these, spelled so. */
const annotationNames = ['approvers', 'quorum']
const looksLikeOurs = /^(approver|quorum)/i

/** Whom a policy wants asked, and what is wrong with how it says so. */
export interface Routing {
  routes: Route[]
  problems: string[]
}

/**
 * The groups that a permit of `review` routes to. Without a quorum of its own one accept is enough for the policy; the
 * group's configured quorum still counts. A quorum without groups is one of the default group.
 */
export function routingOf(policy: PolicyJson, settings: PolicySettings): Routing {
  const annotations: Record<string, string | null> = policy.annotations ?? {}
  const named = Object.keys(annotations)
  const misspelled = named.filter((name) => looksLikeOurs.test(name) && !annotationNames.includes(name))
  if (misspelled.length > 0)
    return failed(`unknown annotation @${misspelled.join(', @')}: expected @approvers or @quorum`)
  if (!annotationNames.some((name) => named.includes(name))) return { routes: [], problems: [] }
  if (policy.effect !== 'permit' || !isReviewAlone(policy.action))
    return failed('@approvers and @quorum mean nothing here: only a permit of `action == Action::"review"` routes')
  const quorum = quorumOf(annotations)
  if (quorum === undefined) return failed(`@quorum \`${annotations['quorum'] ?? ''}\`: expected a whole number from 1`)
  const groups = groupsOf(annotations, settings)
  if (groups.length === 0) return failed('@quorum names no group, and there is no default group')
  const problems = groups.flatMap((group) => groupProblems({ group, quorum }, settings))
  return problems.length > 0
    ? { routes: [], problems }
    : { routes: groups.map((group) => ({ group, quorum })), problems }
}

function failed(problem: string): Routing {
  return { routes: [], problems: [problem] }
}

function isReviewAlone(action: ActionConstraint): boolean {
  if (action.op === 'All' || 'slot' in action) return false
  const entities = 'entities' in action ? action.entities : [action.entity]
  return entities.length === 1 && entities.every((entity) => 'id' in entity && entity.id === 'review')
}

/** Undefined for what is no quorum. */
function quorumOf(annotations: Readonly<Record<string, string | null>>): number | undefined {
  if (!Object.hasOwn(annotations, 'quorum')) return 1
  const text = (annotations['quorum'] ?? '').trim()
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined
}

function groupsOf(
  annotations: Readonly<Record<string, string | null>>,
  { defaultGroup }: PolicySettings,
): readonly string[] {
  if (!Object.hasOwn(annotations, 'approvers')) return defaultGroup === null ? [] : [defaultGroup]
  const names = (annotations['approvers'] ?? '').split(',').map((name) => name.trim())
  return [...new Set(names)]
}

function groupProblems({ group, quorum }: Route, { groups }: PolicySettings): string[] {
  const known = Object.hasOwn(groups, group) ? groups[group] : undefined
  if (known === undefined) return [`unknown group \`${group}\`: expected one of ${namesOf(groups)}`]
  const members = new Set(known.approvers).size
  if (quorum <= members) return []
  return [`@quorum \`${quorum}\` of group \`${group}\`: expected at most ${members}, the number of its approvers`]
}

function namesOf(groups: PolicySettings['groups']): string {
  const names = Object.keys(groups)
  return names.length === 0 ? 'none' : names.map((name) => `\`${name}\``).join(', ')
}

/** Each group once, with the larger quorum, by name: the same whatever the order of the policies. */
export function mergeRoutes(routes: readonly Route[]): Route[] {
  const quorums = new Map<string, number>()
  for (const { group, quorum } of routes) quorums.set(group, Math.max(quorums.get(group) ?? 1, quorum))
  return [...quorums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([group, quorum]) => ({ group, quorum }))
}

/** `2 of network`. */
export function routeText({ group, quorum }: Route): string {
  return `${quorum} of ${group}`
}
