import * as z from 'zod'
import { modeSchema } from '../domain/event.ts'
import { accountIdSchema, offerKinds } from '../domain/offer.ts'

export const approverSchema = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, 'expected 1 to 64 of letters, digits, _ . -'),
  email: z.email(),
})
export type Approver = z.infer<typeof approverSchema>

export const deadlineDefaultSchema = z.enum(['reject', 'leave'])

/** What the Lambdas know of gatehouse.config.ts: written at synth to settings.json beside each bundle. */
export const settingsSchema = z.strictObject({
  region: z.string(),
  mode: modeSchema,
  approvers: z.array(approverSchema),
  partners: z.record(z.string(), z.array(accountIdSchema)),
  organizationId: z.string().nullable(),
  emailFrom: z.string(),
  iotWindowMs: z.number().int().positive(),
  marginMs: z.number().int().nonnegative(),
  deadlineDefault: z.record(z.enum(offerKinds), deadlineDefaultSchema),
  sevenDayTypes: z.array(z.string()),
  setAsActive: z.boolean(),
  delegationStrategy: z.literal('console'),
  /** Runs that one scan starts each second for one account, region and kind. */
  runsPerSecond: z.number().int().positive(),
  /** SHA-256 over schema and policies: what a judging rests on besides the facts. */
  policyDigest: z.string(),
})
export type Settings = z.infer<typeof settingsSchema>
