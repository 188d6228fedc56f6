import * as z from 'zod'
import { offerRefSchema } from './offer.ts'

export const modeSchema = z.enum(['observe', 'enforce'])
export type Mode = z.infer<typeof modeSchema>

export const outcomeSchema = z.enum(['ACCEPTED', 'REJECTED', 'SUPERSEDED', 'LAPSED', 'WITHDRAWN', 'LEFT', 'OBSERVED'])
export type Outcome = z.infer<typeof outcomeSchema>

export const verdictSchema = z.enum(['accept', 'reject', 'review'])
export type Verdict = z.infer<typeof verdictSchema>

export const choiceSchema = z.enum(['accept', 'reject'])
export type Choice = z.infer<typeof choiceSchema>

/** Why a round began. Only `facts-changed` and `refused` count towards the three changes. */
export const causeSchema = z.enum([
  'first',
  'look',
  'facts-changed',
  'refused',
  'policy-changed',
  'mode-changed',
  'out-of-bound',
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
})
export type Judged = z.infer<typeof judgedSchema>

export const approvedSchema = z.object({
  allowed: z.boolean(),
  policies: z.array(policyReasonSchema),
  errors: z.array(z.string()),
  mode: modeSchema,
  policyDigest: z.string(),
})
export type Approved = z.infer<typeof approvedSchema>

export const voteSchema = z.object({
  approver: z.string(),
  choice: choiceSchema,
  comment: z.string(),
  /** How sure we are who voted: `link holder`, later `authenticated`. */
  assurance: z.string(),
})
export type Vote = z.infer<typeof voteSchema>

export const decisionSchema = z.object({
  /** `leave` only from the deadline default. */
  choice: z.enum(['accept', 'reject', 'leave']),
  by: z.enum(['people', 'deadline']),
  people: z.array(z.string()),
  /** For the reader: `votes`, `deadline`, `asked-too-often`, `carried-from-run-<n>`. */
  reason: z.string(),
})
export type Decision = z.infer<typeof decisionSchema>

const body = <T extends string, D extends z.ZodType>(
  type: T,
  data: D,
): z.ZodObject<{ type: z.ZodLiteral<T>; data: D }> => z.object({ type: z.literal(type), data })

/** The type and data of each event; everything else about it is the same for all. */
export const eventBodySchema = z.discriminatedUnion('type', [
  body('detected', z.object({ ref: offerRefSchema, counterparty: z.string().nullable() })),
  body(
    'inspected',
    z.object({
      cause: causeSchema,
      counterparty: z.string().nullable(),
      offeredAt: z.string().nullable(),
      expiresAt: z.string().nullable(),
      unknown: z.array(z.string()),
    }),
  ),
  body('judged', judgedSchema),
  body('approved', approvedSchema),
  body(
    'asked',
    z.object({ approvers: z.array(z.string()), deadline: deadlineSchema, purpose: z.enum(['approval', 'hand-over']) }),
  ),
  body(
    'delivered',
    z.object({
      approver: z.string(),
      channel: z.literal('email'),
      about: z.enum(['approval', 'hand-over', 'outcome', 'trouble']),
      status: z.enum(['sent', 'failed']),
      detail: z.string(),
    }),
  ),
  body('reminded', z.object({ approvers: z.array(z.string()) })),
  body('escalated', z.object({ approvers: z.array(z.string()) })),
  body('voted', voteSchema),
  body('decided', decisionSchema),
  body('attempted', z.object({ action: choiceSchema })),
  body(
    'settled',
    z.object({
      action: choiceSchema,
      result: settlementSchema,
      /** What AWS or a read said, for the record. */
      detail: z.string(),
      /** Decisive facts that differed after the call from those that were decided on; empty when none did. */
      changed: z.array(z.string()),
    }),
  ),
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
