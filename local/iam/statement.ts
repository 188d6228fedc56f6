import { compileCondition, type Condition } from './condition.ts'
import type { Context } from './context.ts'
import type { PolicyDocument, StatementDocument } from './document.ts'
import { matchPrincipal, type Principal } from './principal.ts'
import { wildcard } from './wildcard.ts'

/** One thing that a statement lets somebody do, as narrow as it is written. */
export interface Right {
  /** Unique in an assembly. */
  id: string
  action: string
  resource: string
  /** One value of a condition that parts one right from another, such as a partition of the ledger. */
  narrowed?: string
}

export interface Asked {
  action: string
  resource: string
  context: Context
  principal: Principal
}

/** `scope`: whether the statement names the caller itself or only its account, which leaves the rest to the account's own policies. */
export type Matched =
  | { kind: 'yes'; scope: 'self' | 'account'; rights: readonly Right[] }
  | { kind: 'no'; nearly?: string }
  | { kind: 'unclear'; why: string }

export interface Statement {
  /** `ScanRoleDefaultPolicy4EF52052[2]`, or with its Sid in place of the number. */
  readonly name: string
  readonly effect: 'Allow' | 'Deny'
  readonly conditions: readonly Condition[]
  readonly rights: readonly Right[]
  readonly coversAction: (action: string) => boolean
  readonly match: (asked: Asked) => Matched
}

/** Keys whose values are rights of their own: each has to be needed. */
const narrowingKeys = new Set(['dynamodb:leadingkeys', 'aws:principalarn'])

export function compileDocument(policyName: string, document: PolicyDocument): Statement[] {
  return document.Statement.map((one, index) => compileStatement(`${policyName}[${one.Sid ?? index}]`, one))
}

interface Pattern {
  text: string
  matches: (text: string) => boolean
}

/** `name`: as it is told in refusals and reports; its rights are counted under it. */
export function compileStatement(name: string, document: StatementDocument): Statement {
  const conditions = Object.entries(document.Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => compileCondition(operator, key, values)),
  )
  const actions = patternsOf(document.Action, document.NotAction, { ignoreCase: true })
  // A trust policy has no resource: it is the role's own.
  const resources = patternsOf(
    document.Resource ?? (document.NotResource === undefined ? ['*'] : undefined),
    document.NotResource,
  )
  const narrowing = conditions.find(({ key }) => narrowingKeys.has(key.toLowerCase()))
  const rights = actions
    .flatMap((action) => resources.flatMap((resource) => rightsOf(action.text, resource.text, narrowing)))
    // By its place: the same statement of another account names another account.
    .map((right, index) => ({ id: `${name} ${index}`, ...right }))
  const variable = [...resources].find(({ text }) => text.includes('${'))
  return {
    name,
    effect: document.Effect,
    conditions,
    rights,
    coversAction: (action) => actions.some(({ matches }) => matches(action)),
    match({ action, resource, context, principal }) {
      const actionsHit = actions.filter(({ matches }) => matches(action)).map(({ text }) => text)
      if (actionsHit.length === 0) return { kind: 'no' }
      const scope = document.Principal === undefined ? 'self' : matchPrincipal(document.Principal, principal)
      if (scope === undefined) return { kind: 'no', nearly: `${name} is for another principal` }
      if (variable !== undefined) return { kind: 'unclear', why: `${name}: ${variable.text} holds a policy variable` }
      const resourcesHit = resources.filter(({ matches }) => matches(resource)).map(({ text }) => text)
      if (resourcesHit.length === 0) return { kind: 'no', nearly: `${name} is for other resources` }
      const tested = testAll(name, conditions, context)
      if (tested.kind !== 'yes') return tested
      const valuesHit = narrowing === undefined ? undefined : tested.matched.get(narrowing)
      const isHit = (right: Right): boolean =>
        actionsHit.includes(right.action) &&
        resourcesHit.includes(right.resource) &&
        (right.narrowed === undefined || valuesHit?.includes(right.narrowed) === true)
      return { kind: 'yes', scope, rights: rights.filter(isHit) }
    },
  }
}

function patternsOf(
  written: readonly string[] | undefined,
  not: readonly string[] | undefined,
  options: { ignoreCase?: boolean } = {},
): Pattern[] {
  if (not !== undefined) {
    const excluded = not.map((text) => wildcard(text, options))
    return [{ text: `all but ${not.join(', ')}`, matches: (text) => !excluded.some((matches) => matches(text)) }]
  }
  return (written ?? []).map((text) => ({ text, matches: wildcard(text, options) }))
}

function rightsOf(action: string, resource: string, narrowing: Condition | undefined): Omit<Right, 'id'>[] {
  if (narrowing === undefined) return [{ action, resource }]
  return narrowing.values.map((narrowed) => ({ action, resource, narrowed }))
}

type AllTested =
  | { kind: 'yes'; matched: ReadonlyMap<Condition, readonly string[]> }
  | { kind: 'no'; nearly: string }
  | { kind: 'unclear'; why: string }

function testAll(name: string, conditions: readonly Condition[], context: Context): AllTested {
  const matched = new Map<Condition, readonly string[]>()
  let failed: string | undefined
  for (const condition of conditions) {
    const tested = condition.test(context)
    if ('unclear' in tested) return { kind: 'unclear', why: `${name}: ${condition.name}: ${tested.unclear}` }
    if (!tested.holds) failed ??= `${name}: ${condition.name} does not hold`
    matched.set(condition, tested.matched)
  }
  return failed === undefined ? { kind: 'yes', matched } : { kind: 'no', nearly: failed }
}
