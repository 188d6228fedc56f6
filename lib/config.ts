import * as z from 'zod'
import { approverSchema, deadlineDefaultSchema, type Settings } from '../lambda/contract/settings.ts'
import { modeSchema } from '../lambda/domain/event.ts'
import { accountIdSchema, regionSchema } from '../lambda/domain/offer.ts'
import { explainIssues } from './config-error.ts'
import { millisecondsOf } from './duration.ts'

/**
 * RAM invitations live 7 days when every type is on this list, else 12 hours.
 * https://docs.aws.amazon.com/ram/latest/userguide/working-with-shared-invitations.html
 */
const sevenDayTypes = [
  'rds:Cluster',
  'ec2:CapacityReservation',
  'ec2:DedicatedHost',
  'license-manager:LicenseConfiguration',
  'ec2:LocalGatewayRouteTable',
  'outposts:Outpost',
  'outposts:Site',
  'route53resolver:ResolverRule',
  'ec2:CoipPool',
  'ec2:PrefixList',
  'ec2:Subnet',
  'ec2:TrafficMirrorTarget',
  'ec2:TransitGateway',
  'ec2:TransitGatewayMulticastDomain',
]

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** A duration such as `15 minutes`, kept as text and bounded. */
function durationSchema(least: number, most: number, bounds: string): z.ZodString {
  return z.string().refine((text) => {
    const ms = millisecondsOf(text)
    return ms !== undefined && ms >= least && ms <= most
  }, `a duration ${bounds}, such as '15 minutes' or '7 days'`)
}

/** True for what is no duration of a minute or more, too: that has an error of its own. */
function isWholeMinutes(text: string): boolean {
  const ms = millisecondsOf(text) ?? 0
  return ms < minute || ms % minute === 0
}

const groupNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, "a group's name of 1 to 64 letters, digits, _ or -")
  .refine((name) => !(name in Object.prototype) && name !== 'prototype', 'a name that JavaScript does not use itself')

const groupsSchema = z.record(
  groupNameSchema,
  z.strictObject({ accounts: z.array(accountIdSchema).min(1, 'at least one account') }),
)

/** zod passes over that key, be it a property or, as in a literal, the prototype. Other types have errors of their own. */
function hasNoProto(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return !Object.hasOwn(value, '__proto__') && (prototype === null || prototype === Object.prototype)
}

const deadlineSchema = z.strictObject({
  /** How long people have for offers that AWS never ends. */
  iotWindow: durationSchema(hour, 300 * day, 'of 1 hour to 300 days').default('7 days'),
  /** How long before AWS ends an offer the default is applied: less than 12 hours, the shortest life of an offer. */
  margin: durationSchema(0, 11 * hour, 'of 0 to 11 hours').default('1 hour'),
  default: z
    .strictObject({
      'ram-invitation': deadlineDefaultSchema.default('reject'),
      'iot-transfer': deadlineDefaultSchema.default('reject'),
      'iam-delegation': deadlineDefaultSchema.default('reject'),
      'iot-outgoing': deadlineDefaultSchema.default('leave'),
    })
    .prefault({}),
})

const shapeSchema = z.strictObject({
  /** The hub's account; left out, the app deploys wherever the credentials point. */
  account: accountIdSchema.optional(),
  region: regionSchema.default('us-east-1'),
  /** `observe` records what it would do and answers nothing. */
  mode: modeSchema.default('observe'),
  /** At most 6 hours: a RAM invitation may live only 12. */
  sweepEvery: durationSchema(minute, 6 * hour, 'of 1 minute to 6 hours')
    // What EventBridge Scheduler's rates can say.
    .refine(isWholeMinutes, "whole minutes, such as '15 minutes'")
    .default('15 minutes'),
  /** How fast one scan starts runs, so that a flood of offers does not starve the rest. */
  runsPerSecond: z.int().min(1, 'at least 1').max(100, 'at most 100').default(5),
  approvers: z.array(approverSchema).default([]),
  /** Accounts you know, in named groups that policies can speak of. */
  partners: z
    .custom<z.input<typeof groupsSchema>>(hasNoProto, 'groups, none of them named `__proto__`')
    .pipe(groupsSchema)
    .default({}),
  organization: z
    .strictObject({ id: z.string().regex(/^o-[a-z0-9]{10,32}$/, "an organization's id such as 'o-a1b2c3d4e5'") })
    .optional(),
  email: z.strictObject({ from: z.email() }),
  deadline: deadlineSchema.prefault({}),
  ram: z
    .strictObject({
      sevenDayTypes: z
        .array(z.string().regex(/^[a-z0-9-]+:[A-Za-z0-9]+$/, "a RAM resource type such as 'ec2:Subnet'"))
        .default(sevenDayTypes),
    })
    .prefault({}),
  iot: z.strictObject({ setAsActive: z.boolean().default(false) }).prefault({}),
  iam: z.strictObject({ strategy: z.literal('console').default('console') }).prefault({}),
})

const configSchema = shapeSchema.check((context) => {
  const config = context.value
  const report = (path: PropertyKey[], expected: string, got: unknown): void => {
    context.issues.push({ code: 'custom', path, message: expected, input: got })
  }
  checkApprovers(config, report)
  checkPartners(config, report)
})

export type ConfigInput = z.input<typeof shapeSchema>
/** A checked configuration with every default filled in. Durations stay text, so it may be laid over and checked again. */
export type Config = z.output<typeof shapeSchema>
type Report = (path: PropertyKey[], expected: string, got: unknown) => void

/** The configuration does not fit; the message names each key, what was expected and what was found. */
export class InvalidConfig extends Error {
  override readonly name = 'InvalidConfig'
}

/** Checks gatehouse.config.ts and fills in the defaults. Throws InvalidConfig. */
export function defineConfig(input: ConfigInput): Config {
  const parsed = configSchema.safeParse(input)
  if (parsed.success) return parsed.data
  throw new InvalidConfig(`gatehouse.config.ts does not fit:\n${explainIssues(parsed.error.issues, input)}`)
}

/** What the Lambdas get to know of it. */
export function toSettings(config: Config, policyDigest: string): Settings {
  return {
    region: config.region,
    mode: config.mode,
    runsPerSecond: config.runsPerSecond,
    approvers: config.approvers,
    partners: Object.fromEntries(Object.entries(config.partners).map(([group, { accounts }]) => [group, accounts])),
    organizationId: config.organization?.id ?? null,
    emailFrom: config.email.from,
    iotWindowMs: durationMs(config.deadline.iotWindow),
    marginMs: durationMs(config.deadline.margin),
    deadlineDefault: config.deadline.default,
    sevenDayTypes: config.ram.sevenDayTypes,
    setAsActive: config.iot.setAsActive,
    delegationStrategy: config.iam.strategy,
    policyDigest,
  }
}

/** For the function that the internet reaches: it names approvers by id only, and never judges. */
export function publicSettings(settings: Settings): Settings {
  return {
    ...settings,
    approvers: settings.approvers.map(({ id }) => ({ id, email: 'hidden@example.invalid' })),
    partners: {},
    organizationId: null,
    emailFrom: 'hidden@example.invalid',
  }
}

/** Milliseconds of a duration that the schema has let through. */
export function durationMs(text: string): number {
  const ms = millisecondsOf(text)
  if (ms === undefined) throw new InvalidConfig(`expected a duration such as '15 minutes', got \`${text}\``)
  return ms
}

export function partnerAccounts(config: Config): string[] {
  return Object.values(config.partners).flatMap(({ accounts }) => accounts)
}

function checkApprovers({ approvers, mode }: Config, report: Report): void {
  // One person must not count twice, and two ids must not look alike.
  const words = { id: 'id', email: 'e-mail' }
  for (const key of ['id', 'email'] as const) {
    const known = new Set<string>()
    for (const [index, approver] of approvers.entries()) {
      const folded = approver[key].toLowerCase()
      if (known.has(folded))
        report(['approvers', index, key], `an ${words[key]} that no other approver has`, approver[key])
      known.add(folded)
    }
  }
  if (mode === 'enforce' && approvers.length === 0)
    report(['approvers'], "at least one approver when mode is 'enforce'", approvers)
}

function checkPartners({ partners, account }: Config, report: Report): void {
  const groupOf = new Map<string, string>()
  for (const [group, { accounts }] of Object.entries(partners)) {
    for (const [index, partner] of accounts.entries()) {
      const path = ['partners', group, 'accounts', index]
      if (partner === account) report(path, 'an account other than our own', partner)
      const before = groupOf.get(partner)
      if (before !== undefined) report(path, `an account named once (it is in \`${before}\` already)`, partner)
      groupOf.set(partner, group)
    }
  }
}
