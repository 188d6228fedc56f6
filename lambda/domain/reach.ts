import { readPolicy, type PolicyStatement, type Some } from './policy-lines.ts'
import { givenSchema, type Given, type Reach } from './reach-lines.ts'
import { includesPattern, patternsOverlap } from './wildcard.ts'

/** A text that could not be had is undefined. */
export interface RolePolicies {
  identity: readonly (string | undefined)[]
  /** Undefined where there is none. */
  boundary: { text: string | undefined } | undefined
  /** What the role has besides, each under a condition of some kind. */
  own: readonly string[]
}

/** These bound what a sender can make us work out. The second: as long as IAM lets the policies in a role be. */
const mostPermissions = 1_000
const longestAsked = 10_240

/**
 * What a role would give of what is asked for: both, and no more. It goes by the texts alone: policies of organizations
 * and of resources are not looked at. Undefined where the request cannot be read, or is too long.
 */
export function reachOf(asked: string, role: RolePolicies): Reach | undefined {
  const requested = asked.length > longestAsked ? undefined : statementsIn(asked)
  if (requested === undefined) return undefined
  const permissions = requested.filter(({ effect }) => effect !== 'Deny').flatMap(permissionsOf)
  if (permissions.length > mostPermissions) return undefined
  const layers = layersOf(role)
  const denials = requested.filter(({ effect }) => effect === 'Deny')
  return merged(permissions.map((one) => ({ ...one, given: givenOf(one, { layers, denials }) })))
}

function statementsIn(text: string | undefined): PolicyStatement[] | undefined {
  const read = text === undefined ? undefined : readPolicy(text)
  return read !== undefined && 'statements' in read ? read.statements : undefined
}

interface Permission {
  action: Target
  resource: Target
}

interface Target {
  shown: string
  /** Stands for no less than what is asked for. */
  pattern: string
  /** What was found out: the same is asked for each resource of an action, and for each action of a resource. */
  known: Map<Some, Relation>
}

/** Of what a statement speaks of to a target. */
interface Relation {
  /** All of the target is of it. */
  covers: boolean
  /** Some of it may be. */
  meets: boolean
}

function permissionsOf({ actions, resources }: PolicyStatement): Permission[] {
  const where = targetsOf(resources)
  return targetsOf(actions).flatMap((action) => where.map((resource) => ({ action, resource })))
}

/** Everything but some is taken for everything, and a variable for any text. */
function targetsOf({ but, of }: Some): Target[] {
  if (but) return [{ shown: `everything but ${of.join(', ')}`, pattern: '*', known: new Map() }]
  return of.map((shown) => ({ shown, pattern: widened(shown), known: new Map() }))
}

/** Variables, and what is not ASCII: how AWS compares that is not documented. */
const uncertain = /\$\{[^}]*\}?|[^\x20-\x7e]/g

/** Stands for no less. */
function widened(pattern: string): string {
  return pattern.replace(uncertain, '*')
}

function isCertain(pattern: string): boolean {
  return widened(pattern) === pattern
}

/** Each has to give it: what the role's policies say together, and its boundary. */
interface Layer {
  statements: readonly PolicyStatement[]
  /** Some of it could not be read. */
  isPartial: boolean
}

function layersOf({ identity, boundary, own }: RolePolicies): Layer[] {
  const mine: PolicyStatement = {
    sid: undefined,
    effect: 'Allow',
    actions: { but: false, of: [...own] },
    resources: { but: false, of: ['*'] },
    conditions: [],
    conditionText: 'some',
  }
  const whole = layerOf(identity)
  const first = { ...whole, statements: [...whole.statements, mine] }
  return boundary === undefined ? [first] : [first, layerOf([boundary.text])]
}

function layerOf(texts: readonly (string | undefined)[]): Layer {
  const read = texts.map(statementsIn)
  return { statements: read.flatMap((one) => one ?? []), isPartial: read.includes(undefined) }
}

interface Limits {
  layers: readonly Layer[]
  /** Of the request itself. */
  denials: readonly PolicyStatement[]
}

function givenOf(one: Permission, { layers, denials }: Limits): Given {
  const all = layers.flatMap(({ statements }) => statements)
  const denying = [...denials, ...all.filter(({ effect }) => effect !== 'Allow')]
  const isDenied = denying.some((deny) => deny.effect === 'Deny' && isUnconditional(deny) && isWithin(one, deny))
  if (isDenied || layers.some((layer) => !mayGive(layer, one))) return 'not-allowed'
  const isWhole = layers.every((layer) => !layer.isPartial && gives(layer, one))
  return isWhole && !denying.some((deny) => touches(one, deny)) ? 'allowed' : 'unclear'
}

function mayGive({ statements, isPartial }: Layer, one: Permission): boolean {
  return isPartial || statements.some((statement) => statement.effect !== 'Deny' && touches(one, statement))
}

function gives({ statements }: Layer, one: Permission): boolean {
  return statements.some((allow) => allow.effect === 'Allow' && isUnconditional(allow) && isWithin(one, allow))
}

function isUnconditional({ conditionText }: PolicyStatement): boolean {
  return conditionText === ''
}

/** All of the permission is what the statement speaks of. */
function isWithin({ action, resource }: Permission, { actions, resources }: PolicyStatement): boolean {
  return relationOf(action, actions, ofActions).covers && relationOf(resource, resources, ofResources).covers
}

/** Some of it may be. */
function touches({ action, resource }: Permission, { actions, resources }: PolicyStatement): boolean {
  return relationOf(action, actions, ofActions).meets && relationOf(resource, resources, ofResources).meets
}

function relationOf({ pattern, known }: Target, some: Some, comparing: Comparing): Relation {
  const relation = known.get(some) ?? {
    covers: covers(some, pattern, comparing),
    meets: meets(some, pattern, comparing),
  }
  known.set(some, relation)
  return relation
}

interface Comparing {
  includes: (whole: string, part: string) => boolean
  overlap: (one: string, other: string) => boolean
}

function covers({ but, of }: Some, pattern: string, { includes, overlap }: Comparing): boolean {
  if (but) return of.every((one) => !overlap(widened(one), pattern))
  return of.some((one) => isCertain(one) && includes(one, pattern))
}

function meets({ but, of }: Some, pattern: string, { includes, overlap }: Comparing): boolean {
  if (but) return !of.some((one) => isCertain(one) && includes(one, pattern))
  return of.some((one) => overlap(widened(one), pattern))
}

/** Case does not matter to actions, and a star alone is one for services, too. */
const ofActions: Comparing = {
  includes: (whole, part) => includesPattern(actionOf(whole), actionOf(part)),
  overlap: (one, other) => patternsOverlap(actionOf(one), actionOf(other)),
}

function actionOf(pattern: string): string {
  return /^\*+$/.test(pattern) ? '*:*' : pattern.toLowerCase()
}

/**
 * A star at the end of a part of an ARN may reach over the colon, so what is not included may be met all the same.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
const ofResources: Comparing = {
  includes: (whole, part) => {
    const [wide, narrow] = [segmentsOf(whole), segmentsOf(part)]
    if (wide === undefined || narrow === undefined) return false
    return wide.every((segment, at) => includesPattern(segment, narrow[at] ?? ''))
  },
  overlap: patternsOverlap,
}

/** Undefined for what is no ARN. */
function segmentsOf(resource: string): string[] | undefined {
  if (/^\*+$/.test(resource)) return ['*', '*', '*', '*', '*', '*']
  const parts = resource.split(':')
  return parts.length < 6 ? undefined : [...parts.slice(0, 5), parts.slice(5).join(':')]
}

/** Actions that fare alike on the same resources stand together, and so do resources for the same actions. */
function merged(permissions: readonly (Permission & { given: Given })[]): Reach {
  const byResource = new Map<string, { given: Given; resource: string; actions: string[] }>()
  for (const { given, action, resource } of permissions) {
    const key = JSON.stringify([given, resource.shown])
    const entry = byResource.get(key) ?? { given, resource: resource.shown, actions: [] }
    if (!entry.actions.includes(action.shown)) entry.actions.push(action.shown)
    byResource.set(key, entry)
  }
  const byActions = new Map<string, Reach[number]>()
  for (const { given, resource, actions } of byResource.values()) {
    const key = JSON.stringify([given, actions])
    const entry = byActions.get(key) ?? { given, actions, resources: [] }
    entry.resources.push(resource)
    byActions.set(key, entry)
  }
  const order = givenSchema.options
  return [...byActions.values()].sort((a, b) => order.indexOf(a.given) - order.indexOf(b.given))
}
