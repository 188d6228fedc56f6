import * as z from 'zod'
import type { Json } from './json.ts'
import { readPolicy, type PolicyStatement, type Some } from './policy-lines.ts'
import { includesPattern } from './wildcard.ts'

/**
 * What stands out in a permission policy that somebody asks for. It never says less than the policy does: denies and
 * conditions are not taken off, and what cannot be read counts as everything.
 */
export const assessmentSchema = z.object({
  /** False where no line could say what the text means. */
  readable: z.boolean(),
  /** `s3`, `iam`; `*` for every one. Sorted, as all the lists. */
  services: z.array(z.string()),
  /** As they are written. */
  actions: z.array(z.string()),
  /** Those of the actions that hold a wildcard. */
  wildcards: z.array(z.string()),
  everyAction: z.boolean(),
  /** Some action may be done to every resource. */
  everyResource: z.boolean(),
  createsRoles: z.boolean(),
  /** Roles that it creates have to carry a permissions boundary; true where it creates none. */
  boundedRoles: z.boolean(),
  /** It may change who may do what: users, roles, policies. */
  managesIdentities: z.boolean(),
  /** Why it is more than a partner should need: words of `overBroadWords`. */
  overBroad: z.array(z.string()),
})
export type Assessment = z.infer<typeof assessmentSchema>

const unreadable: Assessment = {
  readable: false,
  services: ['*'],
  actions: [],
  wildcards: [],
  everyAction: true,
  everyResource: true,
  createsRoles: true,
  boundedRoles: false,
  managesIdentities: true,
  overBroad: ['unreadable'],
}

/** `boundaryArns`: those that AWS has every role carry that the request creates. */
export function assessPolicy(text: string, boundaryArns: readonly string[]): Assessment {
  const read = readPolicy(text)
  if (read === undefined || 'unclear' in read) return unreadable
  const allows = read.statements.filter(({ effect }) => effect !== 'Deny')
  const actions = sorted(allows.flatMap((allow) => actionsOf(allow.actions)))
  const creating = allows.filter((allow) => coversAny(actionsOf(allow.actions), creators))
  const found = {
    readable: true,
    services: sorted(actions.map(serviceOf)),
    actions,
    wildcards: actions.filter((action) => /[*?]/.test(action)),
    everyAction: actions.some((action) => serviceOf(action) === '*'),
    everyResource: allows.some(({ resources }) => resources.but || resources.of.some((one) => /^\*+$/.test(one))),
    createsRoles: creating.length > 0,
    boundedRoles: boundaryArns.length > 0 || creating.every(hasBoundaryCondition),
    managesIdentities: coversAny(actions, managers),
  }
  return { ...found, overBroad: overBroadOf(found) }
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort()
}

/** Everything but some is everything. */
function actionsOf({ but, of }: Some): string[] {
  return but ? ['*'] : of
}

/** Names of services hold no wildcard at AWS; one that does is taken for all. */
function serviceOf(action: string): string {
  const service = action.split(':')[0]?.toLowerCase() ?? ''
  return /[*?]/.test(service) || !action.includes(':') ? '*' : service
}

const creators = ['iam:CreateRole']
const managers = [
  'iam:AddUserToGroup',
  'iam:AttachGroupPolicy',
  'iam:AttachRolePolicy',
  'iam:AttachUserPolicy',
  'iam:CreateAccessKey',
  'iam:CreateLoginProfile',
  'iam:CreatePolicyVersion',
  'iam:CreateUser',
  'iam:DeleteRolePermissionsBoundary',
  'iam:PassRole',
  'iam:PutGroupPolicy',
  'iam:PutRolePolicy',
  'iam:PutUserPolicy',
  'iam:SetDefaultPolicyVersion',
  'iam:UpdateAssumeRolePolicy',
  ...creators,
]

const answers = ['Accept', 'Associate', 'Reject', 'Update'].map((verb) => `iam:${verb}DelegationRequest`)

/** Whether it may answer delegation requests, or may as far as anybody can read. */
export function asksToAnswer(policy: string): boolean {
  const { readable, everyAction, actions } = assessPolicy(policy, [])
  return !readable || everyAction || coversAny(actions, [...answers, 'iam:SendDelegationToken'])
}

function coversAny(patterns: readonly string[], names: readonly string[]): boolean {
  return patterns.some((pattern) => names.some((name) => includesPattern(pattern.toLowerCase(), name.toLowerCase())))
}

function hasBoundaryCondition({ conditions }: PolicyStatement): boolean {
  return conditions.some(
    ({ operator, key, values }) =>
      /^(StringEquals|ArnEquals|ArnLike)$/.test(operator) &&
      key.toLowerCase() === 'iam:permissionsboundary' &&
      values.every((value) => !/[*?]/.test(value)),
  )
}

function overBroadOf(found: Omit<Assessment, 'overBroad'>): string[] {
  const whole = found.wildcards.some((action) => /^[^:*?]+:\*+$/.test(action))
  return [
    ...(found.everyAction ? ['every-action'] : []),
    ...(whole ? ['every-action-of-a-service'] : []),
    ...(found.managesIdentities && found.everyResource ? ['manages-any-identity'] : []),
    ...(found.createsRoles && !found.boundedRoles ? ['roles-without-boundary'] : []),
  ]
}

const overBroadWords: Readonly<Record<string, string>> = {
  unreadable: 'Gatehouse cannot read this policy: take it for everything',
  'every-action': 'Over-broad: every action of every service',
  'every-action-of-a-service': 'Over-broad: every action of a service',
  'manages-any-identity': 'Over-broad: it may change what any user or role may do',
  'roles-without-boundary': 'Over-broad: it creates roles that nothing bounds, and they stay when its access ends',
}

/** For people, worst first; anything that is no assessment as it is. */
export function assessmentLines(value: Json): Json {
  const read = assessmentSchema.safeParse(value)
  if (!read.success) return value
  const { readable, overBroad, services, actions, wildcards, everyResource, ...found } = read.data
  const worst = overBroad.map((reason) => overBroadWords[reason] ?? reason)
  if (!readable) return worst
  return [
    ...worst,
    `${counted(actions.length, 'action')} of ${servicesText(services)}`,
    ...(wildcards.length === 0 ? [] : [`${counted(wildcards.length, 'action')} with a wildcard`]),
    ...(everyResource ? ['Some of them on every resource'] : []),
    ...(found.createsRoles
      ? [`Creates roles, ${found.boundedRoles ? 'each with a boundary' : 'without a boundary'}`]
      : []),
    ...(found.managesIdentities ? ['May change who may do what in our account'] : []),
  ]
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

const mostNamed = 10

/** The sender writes them, so what is no name of a service is only counted. */
function servicesText(services: readonly string[]): string {
  if (services.includes('*')) return 'every service'
  const names = services.filter((service) => /^[a-z0-9-]{1,40}$/.test(service)).slice(0, mostNamed)
  const more = services.length - names.length
  return `${names.join(', ')}${more > 0 ? ` and ${counted(more, 'other service')}` : ''}`
}
