import * as z from 'zod'
import { endingSchema } from './facts.ts'
import { jsonObjectSchema } from './json.ts'
import { offerRefSchema } from './offer.ts'
import { outcomes, type Outcome } from './outcomes.ts'

export const modeSchema = z.enum(['observe', 'enforce'])
export type Mode = z.infer<typeof modeSchema>

export const outcomeSchema = z.enum(outcomes)
export type { Outcome }

export const verdictSchema = z.enum(['accept', 'reject', 'review'])
export type Verdict = z.infer<typeof verdictSchema>

export const choiceSchema = z.enum(['accept', 'reject'])
export type Choice = z.infer<typeof choiceSchema>

/** Why a round began. Only `facts-changed`, `refused` and `not-allowed` count towards the three changes. */
export const causeSchema = z.enum([
  'first',
  'look',
  'facts-changed',
  'refused',
  'policy-changed',
  'mode-changed',
  'out-of-bound',
  /** IAM says that the delegator role may not give what is asked for. */
  'not-allowed',
])
export type Cause = z.infer<typeof causeSchema>

/**
 * What ends a run: how the offer was found (`accepted` to `withdrawn`), or that Gatehouse leaves it alone (`left`), or
 * only watches (`observed`). Close makes the outcome of it.
 */
export const findingSchema = z.enum(['accepted', 'rejected', 'expired', 'gone', 'left', 'observed'])
export type Finding = z.infer<typeof findingSchema>

/** What a settling call came to. `handed-over`: a person has to accept at AWS under their own identity. */
export const settlementSchema = z.enum(['settled', 'already-settled', 'lost', 'gone', 'handed-over'])
export type Settlement = z.infer<typeof settlementSchema>

export const policyReasonSchema = z.object({ id: z.string(), reason: z.string() })
export type PolicyReason = z.infer<typeof policyReasonSchema>

export const deadlineSchema = z.object({
  at: z.string(),
  /** `expiry`: AWS ends the offer then, less the margin. `window`: configured, for offers that never end. */
  from: z.enum(['expiry', 'window']),
})
export type Deadline = z.infer<typeof deadlineSchema>

/** Which group is asked, and how many of its approvers have to accept. */
export const routeSchema = z.object({ group: z.string(), quorum: z.number().int().positive() })
export type Route = z.infer<typeof routeSchema>

/** Whether policy lets people accept. */
export const approvalSchema = z.object({
  allowed: z.boolean(),
  policies: z.array(policyReasonSchema),
  errors: z.array(z.string()),
})
export type Approval = z.infer<typeof approvalSchema>

/** A configured group that the account on the other side is in. */
export const partnerGroupSchema = z.object({
  name: z.string(),
  owner: z.string().optional(),
  /** ISO time after which it counts no longer. */
  until: z.string().optional(),
})
export type PartnerGroup = z.infer<typeof partnerGroupSchema>

export const judgedSchema = z.object({
  verdict: verdictSchema,
  policies: z.array(policyReasonSchema),
  errors: z.array(z.string()),
  unknown: z.array(z.string()),
  /** Why policy's accept did not stand: `outside-auto-accept-bound`, `changed-too-often`, `unknown-facts`, ... */
  notes: z.array(z.string()),
  mode: modeSchema,
  policyDigest: z.string(),
  deadline: deadlineSchema,
  /** Whom policy wants asked; none said, or left out: the default group. */
  routing: z.array(routeSchema).optional(),
  /** What `approve` said when people were about to be asked; judged again before an accept. */
  approval: approvalSchema.optional(),
  /** Whether people may choose to have the certificate active at once. */
  mayActivate: z.boolean().optional(),
  /** True where a role of ours accepts, not a person in the AWS console. */
  delegates: z.boolean().optional(),
  /** Partner groups that counted; none, or left out: the other side is no partner. */
  partnerGroups: z.array(partnerGroupSchema).optional(),
})
export type Judged = z.infer<typeof judgedSchema>

export const approvedSchema = approvalSchema.extend({
  mode: modeSchema,
  policyDigest: z.string(),
  /** The certificate is accepted as active. */
  setAsActive: z.boolean().optional(),
})
export type Approved = z.infer<typeof approvedSchema>

export const voteSchema = z.object({
  approver: z.string(),
  choice: choiceSchema,
  comment: z.string(),
  /** How sure we are who voted: `link holder`, `authenticated` (signed in), `slack`. */
  assurance: z.string(),
  /** The accepter wants the certificate active at once. */
  active: z.boolean().optional(),
  /** SHA-256 of what may be used only once to vote (Slack's trigger id): a replay of it changes nothing. */
  proof: z.string().optional(),
})
export type Vote = z.infer<typeof voteSchema>

export const decisionSchema = z.object({
  /** `leave` only from the deadline default. */
  choice: z.enum(['accept', 'reject', 'leave']),
  by: z.enum(['people', 'deadline']),
  people: z.array(z.string()),
  /** For the reader: `votes`, `deadline`, `found-too-late`, `asked-too-often`, `carried-over`. */
  reason: z.string(),
  /** Everybody who accepted wants the certificate active at once. */
  active: z.boolean().optional(),
})
export type Decision = z.infer<typeof decisionSchema>

/** Ways to reach people. */
export const channelSchema = z.enum(['email', 'slack'])
export type ChannelName = z.infer<typeof channelSchema>

/** `delayed` may still arrive; after the last four it will not. */
export const deliveryStatusSchema = z.enum(['sent', 'delayed', 'failed', 'bounced', 'complained', 'rejected'])
export type DeliveryStatus = z.infer<typeof deliveryStatusSchema>

/** What a message is about. Every reminder is one of its own: `reminder-1`, `hand-over-2`. */
export const aboutSchema = z.union([
  z.enum(['approval', 'escalation', 'digest', 'hand-over', 'hold', 'release', 'stranded', 'outcome', 'trouble']),
  z.templateLiteral(['reminder-', z.number().int().positive()]),
  z.templateLiteral(['hand-over-', z.number().int().positive()]),
])
export type About = z.infer<typeof aboutSchema>

/** Where Slack keeps a message, as `chat.postMessage` said: what `chat.update` needs. */
export const slackMessageSchema = z.object({ channel: z.string(), ts: z.string() })
export type SlackMessage = z.infer<typeof slackMessageSchema>

/** Why somebody who is in a group is neither asked nor counted. */
export const conflictSchema = z.object({ approver: z.string(), why: z.enum(['initiator', 'counterparty']) })
export type Conflict = z.infer<typeof conflictSchema>

/** Why the escalation group is asked, too. */
export const escalationSchema = z.enum(['time', 'too-few', 'nobody-reachable'])
export type Escalation = z.infer<typeof escalationSchema>

/**
 * What IAM says of the delegator's own permissions; `TIMED_OUT`: nothing within the time that people can wait;
 * `LENDS_ANSWERS`, whatever IAM says: the partner could answer delegation requests, its own among them, as the delegator.
 */
export const permissionCheckSchema = z.enum(['ALLOWED', 'DENIED', 'UNSURE', 'FAILED', 'TIMED_OUT', 'LENDS_ANSWERS'])
export type PermissionCheck = z.infer<typeof permissionCheckSchema>

const body = <T extends string, D extends z.ZodType>(
  type: T,
  data: D,
): z.ZodObject<{ type: z.ZodLiteral<T>; data: D }> => z.object({ type: z.literal(type), data })

/** What an accept gave us, as AWS showed it afterwards. */
export const receivedSchema = z.object({
  /** False where it did not show in time. */
  visible: z.boolean(),
  /** As facts are; long lists and texts are cut. */
  seen: jsonObjectSchema,
  /** How many items of a list were cut off, by its name. */
  left: z.record(z.string(), z.number().int().positive()).optional(),
  /** Decisive facts that differ from those that were decided on. */
  changed: z.array(z.string()),
  /** Why it could not be read. */
  problem: z.string().optional(),
})
export type Received = z.infer<typeof receivedSchema>

/** The type and data of each event; everything else about it is the same for all. */
export const eventBodySchema = z.discriminatedUnion('type', [
  body('detected', z.object({ ref: offerRefSchema, counterparty: z.string().nullable() })),
  /** CloudTrail told who began an outgoing transfer. */
  body('noticed', z.object({ initiator: z.string() })),
  body(
    'inspected',
    z.object({
      cause: causeSchema,
      counterparty: z.string().nullable(),
      offeredAt: z.string().nullable(),
      expiresAt: z.string().nullable(),
      unknown: z.array(z.string()),
      /** Who of ours began it, where the offer itself says so. */
      initiator: z.string().optional(),
    }),
  ),
  body('judged', judgedSchema),
  body('approved', approvedSchema),
  body(
    'asked',
    z.object({
      approvers: z.array(z.string()),
      deadline: deadlineSchema,
      /** `stranded`: the delegator role has accepted, and may not release it any more. */
      purpose: z.enum(['approval', 'hand-over', 'hold', 'stranded']),
      /** Who of each group is asked; an approver may be in several. */
      groups: z.array(routeSchema.extend({ approvers: z.array(z.string()) })).optional(),
      conflicts: z.array(conflictSchema).optional(),
      /** One of too many open asks of this counterparty: told of in the groups' hourly digest. */
      digest: z.boolean().optional(),
    }),
  ),
  body(
    'delivered',
    z.object({
      /** An approver's id, or `channel:<id>` for a post that all can read. */
      approver: z.string(),
      channel: channelSchema,
      about: aboutSchema,
      status: deliveryStatusSchema,
      /** The id under which the channel knows the message, or why it could not be sent. */
      detail: z.string(),
      slack: slackMessageSchema.optional(),
    }),
  ),
  /** `stage` counts the configured fractions from 1. */
  body('reminded', z.object({ approvers: z.array(z.string()), stage: z.number().int().positive() })),
  body('escalated', z.object({ approvers: z.array(z.string()), why: escalationSchema })),
  body('voted', voteSchema),
  body('decided', decisionSchema),
  body(
    'attempted',
    z.object({
      action: choiceSchema,
      /** Of a delegation by role: which of its calls. */
      call: z.enum(['associate', 'accept', 'send-token', 'undo']).optional(),
    }),
  ),
  /** Of a delegation by role: whether the delegator role may give what is asked for. */
  body('checked', z.object({ result: permissionCheckSchema, before: z.enum(['asking', 'accepting']) })),
  /** Somebody takes an accept back that is being held. */
  body('revoked', z.object({ approver: z.string(), comment: z.string(), assurance: z.string() })),
  /** The other side got its access. */
  body('released', z.object({ detail: z.string() })),
  body(
    'settled',
    z.object({
      action: choiceSchema,
      result: settlementSchema,
      /** What AWS or a read said, for the record. */
      detail: z.string(),
      /** Decisive facts that differed after the call from those that were decided on; empty when none did. */
      changed: z.array(z.string()),
      /** Of a delegation by role: until then the accept can be taken back, and the other side has no access. */
      heldUntil: z.string().optional(),
      /** Where reading the offer back showed what the accept gave us: then there is no event `received`. */
      received: receivedSchema.optional(),
      /** Id of the offer that this has begun at AWS. */
      begun: z.string().optional(),
    }),
  ),
  /** Before `closed`. */
  body('received', receivedSchema),
  /** How a transfer of our own certificate ended at AWS. */
  body('ended', endingSchema),
  body('closed', z.object({ outcome: outcomeSchema, finding: findingSchema })),
  body('failed', z.object({ error: z.string(), detail: z.string() })),
  body('reopened', z.object({ why: z.string(), alarm: z.boolean() })),
])
export type EventBody = z.infer<typeof eventBodySchema>
export type EventType = EventBody['type']

/** What surrounds every event. Sequence numbers count from 1 without a gap; `prevHash` of event 1 is 64 zeros. */
export const eventEnvelopeSchema = z.object({
  offerId: z.string(),
  seq: z.number().int().positive(),
  at: z.string(),
  /** Who: `scan`, `workflow`, `approver:<id>`. */
  actor: z.string(),
  run: z.number().int().nonnegative(),
  round: z.number().int().nonnegative(),
  factsHash: z.string().nullable(),
  dedupeKey: z.string(),
  prevHash: z.string(),
  hash: z.string(),
})
export const ledgerEventSchema = eventEnvelopeSchema.and(eventBodySchema)
export type LedgerEvent = z.infer<typeof ledgerEventSchema>
export type EventOf<T extends EventType> = Extract<LedgerEvent, { type: T }>

/** What a writer wants to append; the ledger adds sequence, time and the chain. */
export type Draft = EventBody & {
  actor: string
  run: number
  round: number
  factsHash: string | null
  /** Step inside (run, round): the dedupe key is `<run>/<round>/<step>`. */
  step: string
}
