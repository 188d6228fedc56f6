import * as z from 'zod'
import { deadlineDefaultSchema, type Settings } from '../lambda/contract/settings.ts'
import { modeSchema } from '../lambda/domain/event.ts'
import { needsCensus } from '../lambda/domain/governed.ts'
import { deadlineDefaultOf, kindNames } from '../lambda/domain/kinds.ts'
import { accountIdSchema, offerKindSchema } from '../lambda/domain/offer.ts'
import '../lambda/kinds/register.ts'
import { explainIssues } from './config-error.ts'
import {
  approvalsSchema,
  checkApprovals,
  checkApprovers,
  defaultGroupOf,
  groupsSchema,
  peopleOf,
} from './config/approvals.ts'
import { delegationRoleSchema } from './config/delegation.ts'
import { durationSchema } from './config/duration-schema.ts'
import { withoutProto } from './config/keys.ts'
import { checkOrganization } from './config/organization-checks.ts'
import { kindsSchema, organizationSchema } from './config/organization.ts'
import { checkPartners, partnersSchema } from './config/partners.ts'
import { awsRegionSchema } from './config/region.ts'
import type { Report } from './config/report.ts'
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

/** True for what is no duration of a minute or more, too: that has an error of its own. */
function isWholeMinutes(text: string): boolean {
  const ms = millisecondsOf(text) ?? 0
  return ms < minute || ms % minute === 0
}

/** Each kind has its own default; the configuration has others. */
const defaultsSchema = z
  .record(offerKindSchema, deadlineDefaultSchema)
  .transform((given) => Object.fromEntries(kindNames().map((kind) => [kind, deadlineDefaultOf(kind, given)])))

const deadlineSchema = z.strictObject({
  /** How long people have for offers that AWS never ends. */
  iotWindow: durationSchema(hour, 300 * day, 'of 1 hour to 300 days').default('7 days'),
  /** How long before AWS ends an offer the default is applied: less than 12 hours, the shortest life of an offer. */
  margin: durationSchema(0, 11 * hour, 'of 0 to 11 hours').default('1 hour'),
  default: withoutProto<z.input<typeof defaultsSchema>>('kinds').pipe(defaultsSchema).prefault({}),
})

const shapeSchema = z.strictObject({
  /** The hub's account; left out, the app deploys wherever the credentials point. */
  account: accountIdSchema.optional(),
  region: awsRegionSchema.default('us-east-1'),
  /** `observe` records what it would do and answers nothing. */
  mode: modeSchema.default('observe'),
  /** At most 6 hours: a RAM invitation may live only 12. */
  sweepEvery: durationSchema(minute, 6 * hour, 'of 1 minute to 6 hours')
    // What EventBridge Scheduler's rates can say.
    .refine(isWholeMinutes, "whole minutes, such as '15 minutes'")
    .default('15 minutes'),
  /** How fast one scan starts runs, so that a flood of offers does not starve the rest. */
  runsPerSecond: z.int().min(1, 'at least 1').max(100, 'at most 100').default(5),
  groups: groupsSchema,
  approvals: approvalsSchema.prefault({}),
  partners: partnersSchema,
  organization: organizationSchema.optional(),
  kinds: kindsSchema.prefault({}),
  /** `accepted`: other systems hear of each accept on the default bus, with all facts. */
  events: z.strictObject({ accepted: z.boolean().default(false) }).prefault({}),
  email: z.strictObject({ from: z.email() }),
  deadline: deadlineSchema.prefault({}),
  ram: z
    .strictObject({
      sevenDayTypes: z
        .array(z.string().regex(/^[a-z0-9-]+:[A-Za-z0-9]+$/, "a RAM resource type such as 'ec2:Subnet'"))
        .default(sevenDayTypes),
    })
    .prefault({}),
  iot: z
    .strictObject({
      setAsActive: z.boolean().default(false),
      /** How often each call on certificates may be made in a second; AWS raises its 10 on request. */
      callsPerSecond: z.int().min(1, 'at least 1').max(1000, 'at most 1000').default(10),
      /** The part of it that a scan may use. */
      listShare: z.number().min(0.05, 'at least 0.05').max(1, 'at most 1, which is all of it').default(0.5),
    })
    .prefault({}),
  iam: z
    .strictObject({
      /** A person accepts in the AWS console. */
      strategy: z.literal('console').default('console'),
      /** Accounts where a role of ours accepts instead. */
      role: delegationRoleSchema.optional(),
    })
    .prefault({}),
})

const configSchema = shapeSchema.check((context) => {
  const config = context.value
  const report: Report = (path, expected, got) => {
    context.issues.push({ code: 'custom', path, message: expected, input: got })
  }
  checkApprovers(config, report)
  checkApprovals(config, report)
  checkPartners(config.partners, config.account, report)
  checkOrganization(config, report)
})

export type ConfigInput = z.input<typeof shapeSchema>
/** A checked configuration with every default filled in. Durations stay text, so it may be laid over and checked again. */
export type Config = z.output<typeof shapeSchema>

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
    tellsAccepted: config.events.accepted,
    approvers: peopleOf(config),
    groups: Object.fromEntries(
      Object.entries(config.groups).map(([name, { approvers, quorum }]) => {
        return [name, { approvers: approvers.map(({ id }) => id), quorum }]
      }),
    ),
    defaultGroup: defaultGroupOf(config) ?? null,
    escalationGroup: config.approvals.escalationGroup ?? null,
    remindAt: config.approvals.remindAt,
    escalateAt: config.approvals.escalateAt,
    personalAsks: config.approvals.personalAsks,
    slack: config.approvals.slack ?? null,
    signIn: config.approvals.signIn ?? null,
    partners: Object.fromEntries(Object.entries(config.partners).map(([group, { accounts }]) => [group, accounts])),
    partnersUntil: Object.fromEntries(
      Object.entries(config.partners).flatMap(([group, { expires }]) =>
        expires === undefined ? [] : [[group, `${expires}T23:59:59.999Z`]],
      ),
    ),
    partnerOwners: Object.fromEntries(
      Object.entries(config.partners).flatMap(([group, { owner }]) => (owner === undefined ? [] : [[group, owner]])),
    ),
    organizationId: config.organization?.id ?? null,
    targets: targetsOf(config),
    kinds: config.kinds,
    emailFrom: config.email.from,
    iotWindowMs: durationMs(config.deadline.iotWindow),
    marginMs: durationMs(config.deadline.margin),
    deadlineDefault: config.deadline.default,
    sevenDayTypes: config.ram.sevenDayTypes,
    setAsActive: config.iot.setAsActive,
    iotCalls: { perSecond: config.iot.callsPerSecond, share: config.iot.listShare },
    delegationStrategy: config.iam.strategy,
    delegationRole: delegationRoleOf(config),
    policyDigest,
  }
}

function delegationRoleOf({ iam: { role } }: Config): Settings['delegationRole'] {
  if (role === undefined) return null
  const { accounts, managedPolicyArns, permissionsBoundary = null, hold } = role
  return { accounts, managedPolicyArns, permissionsBoundary, holdMs: durationMs(hold) }
}

function targetsOf({ organization, region }: Config): Settings['targets'] {
  if (organization === undefined) return null
  const { targets, regions, managementAccount } = organization
  return {
    ous: targets?.ous ?? [],
    only: targets?.only ?? null,
    except: targets?.except ?? [],
    regions: regions ?? [region],
    managementAccount: managementAccount ?? null,
  }
}

/** Whether the hub has to know which accounts the organization has, and where. */
export function listsOrganization(config: Config): boolean {
  return needsCensus({ targets: targetsOf(config), kinds: config.kinds })
}

/** For the function that the internet reaches: it names approvers by id only, and never judges. */
export function publicSettings(settings: Settings): Settings {
  return {
    ...settings,
    approvers: settings.approvers.map(({ id, timeZone }) => {
      return { id, email: 'hidden@example.invalid', ...(timeZone === undefined ? {} : { timeZone }) }
    }),
    slack: null,
    // The page only says where one signs in.
    signIn: settings.signIn === null ? null : { issuer: settings.signIn.issuer, clientId: 'hidden' },
    partners: {},
    partnersUntil: {},
    partnerOwners: {},
    organizationId: null,
    targets: null,
    delegationRole: null,
    emailFrom: 'hidden@example.invalid',
  }
}

/** For sign-in, which the internet reaches, too: it has to know addresses, to compare them. */
export function signInSettings(settings: Settings): Settings {
  const { approvers, signIn } = settings
  return { ...publicSettings(settings), signIn, approvers: approvers.map(({ id, email }) => ({ id, email })) }
}

/** For the function that Slack reaches: it knows people by their Slack ids. */
export function slackSettings(settings: Settings): Settings {
  const slackIds = new Map(settings.approvers.map(({ id, slackUserId }) => [id, slackUserId]))
  const hidden = publicSettings(settings)
  return {
    ...hidden,
    slack: settings.slack,
    approvers: hidden.approvers.map((person) => {
      const slackUserId = slackIds.get(person.id)
      return { ...person, ...(slackUserId === undefined ? {} : { slackUserId }) }
    }),
  }
}

/** Milliseconds of a duration that the schema has let through. */
export function durationMs(text: string): number {
  const ms = millisecondsOf(text)
  if (ms === undefined) throw new InvalidConfig(`expected a duration such as '15 minutes', got \`${text}\``)
  return ms
}
