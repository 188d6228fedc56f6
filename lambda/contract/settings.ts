import * as z from 'zod'
import { modeSchema } from '../domain/event.ts'
import { accountIdSchema, offerKindSchema } from '../domain/offer.ts'

export const approverSchema = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, 'expected 1 to 64 of letters, digits, _ . -'),
  email: z.email(),
  /** Slack's id of this person in the configured workspace; they are then asked there first. */
  slackUserId: z
    .string()
    .regex(/^[UW][A-Z0-9]{2,20}$/, "a Slack user id such as 'U0123ABCD'")
    .optional(),
  /** IANA name: deadlines are shown in it beside UTC. */
  timeZone: z.string().refine(isTimeZone, "a time zone such as 'Europe/Berlin'").optional(),
  /** Accounts this person works for: no say in what these offer. */
  accounts: z.array(accountIdSchema).optional(),
  /** ARNs under which this person acts at AWS: no say in a transfer begun under one of them. */
  principals: z.array(z.string().regex(/^arn:[a-z-]+:(iam|sts)::\d{12}:.+$/, 'an ARN of IAM or STS')).optional(),
})
export type Approver = z.infer<typeof approverSchema>

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

export const groupNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, "a group's name of 1 to 64 letters, digits, _ or -")

/** The bot that writes to people, and where its token and signing secret are kept. */
export const slackSettingsSchema = z.strictObject({
  /** Name of a secret in Secrets Manager: JSON with `botToken` and, for buttons, `signingSecret`. */
  secret: z.string().regex(/^[A-Za-z0-9/_+=.@-]{1,256}$/, "a secret's name such as 'gatehouse/slack'"),
  /** The one workspace whose people may vote. */
  team: z.string().regex(/^[TE][A-Z0-9]{2,20}$/, "a Slack workspace's id such as 'T0123ABCD'"),
  /** A channel that hears of every ask, without a link. */
  channel: z
    .string()
    .regex(/^[CG][A-Z0-9]{2,20}$/, "a Slack channel's id such as 'C0123ABCD'")
    .optional(),
  /** True where people may vote in Slack itself. */
  buttons: z.boolean().default(false),
})
export type SlackSettings = z.infer<typeof slackSettingsSchema>

/** An OpenID Connect provider that says who holds a link. */
export const signInSettingsSchema = z.strictObject({
  issuer: z.url().refine(isSafeIssuer, 'an https address (http only for 127.0.0.1 and localhost)'),
  clientId: z.string().min(1, 'the id of the client at the provider'),
  /** Name of a secret in Secrets Manager that holds the client secret; left out for a public client. */
  clientSecret: z
    .string()
    .regex(/^[A-Za-z0-9/_+=.@-]{1,256}$/, "a secret's name such as 'gatehouse/oidc'")
    .optional(),
})
export type SignInSettings = z.infer<typeof signInSettingsSchema>

function isSafeIssuer(text: string): boolean {
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(hostname))
}

export const deadlineDefaultSchema = z.enum(['reject', 'leave'])

/** What the Lambdas know of gatehouse.config.ts: written at synth to settings.json beside each bundle. */
export const settingsSchema = z.strictObject({
  region: z.string(),
  mode: modeSchema,
  /** Everybody of every group, each once. */
  approvers: z.array(approverSchema),
  groups: z.record(z.string(), z.strictObject({ approvers: z.array(z.string()), quorum: z.number().int().positive() })),
  defaultGroup: z.string().nullable(),
  escalationGroup: z.string().nullable(),
  /** Fractions of the time left at asking, ascending, each above 0 and below 1. */
  remindAt: z.array(z.number()),
  escalateAt: z.number(),
  /** So many open asks of one counterparty to one account get messages of their own. */
  personalAsks: z.number().int().nonnegative(),
  slack: slackSettingsSchema.nullable(),
  signIn: signInSettingsSchema.nullable(),
  partners: z.record(z.string(), z.array(accountIdSchema)),
  /** ISO time after which a group's accounts are partners no longer; groups without an end are absent. */
  partnersUntil: z.record(z.string(), z.string()),
  /** Who answers for knowing a group's accounts; groups without an owner are absent. */
  partnerOwners: z.record(z.string(), z.string()),
  organizationId: z.string().nullable(),
  /** Whose offers are answered besides those of the hub's own account; null without an organization. */
  targets: z
    .strictObject({
      /** Roots and OUs, with all that is below them. */
      ous: z.array(z.string()),
      only: z.array(accountIdSchema).nullable(),
      except: z.array(accountIdSchema),
      regions: z.array(z.string()).min(1),
      managementAccount: accountIdSchema.nullable(),
    })
    .nullable(),
  /** Kinds answered: of the account, else of the nearest OU above it, else `default`. */
  kinds: z.strictObject({
    default: z.array(offerKindSchema),
    ous: z.record(z.string(), z.array(offerKindSchema)),
    accounts: z.record(z.string(), z.array(offerKindSchema)),
  }),
  emailFrom: z.string(),
  iotWindowMs: z.number().int().positive(),
  marginMs: z.number().int().nonnegative(),
  deadlineDefault: z.record(offerKindSchema, deadlineDefaultSchema),
  sevenDayTypes: z.array(z.string()),
  setAsActive: z.boolean(),
  /** What IoT allows an account each second of each call, and the part of it that a scan may use. */
  iotCalls: z.strictObject({ perSecond: z.number().positive(), share: z.number().positive().max(1) }),
  delegationStrategy: z.literal('console'),
  /** Accounts whose delegation requests the delegator role accepts; null where people always do, in the console. */
  delegationRole: z
    .strictObject({
      accounts: z.array(accountIdSchema),
      managedPolicyArns: z.array(z.string()),
      permissionsBoundary: z.string().nullable(),
      holdMs: z.number().int().positive(),
    })
    .nullable(),
  /** True where other systems hear of accepts with all facts. */
  tellsAccepted: z.boolean(),
  /** Runs that one scan starts each second for one account, region and kind. */
  runsPerSecond: z.number().int().positive(),
  /** SHA-256 over schema and policies: what a judging rests on besides the facts. */
  policyDigest: z.string(),
})
export type Settings = z.infer<typeof settingsSchema>
