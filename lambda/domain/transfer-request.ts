import * as z from 'zod'
import { canonicalJson } from './json.ts'
import { accountIdSchema, regionSchema, type OfferRef } from './offer.ts'
import { principalArnSchema } from './principal.ts'

export const certificateIdSchema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits, in small letters')
/** As IoT bounds it. */
export const transferMessageSchema = z.string().min(1, 'expected some words').max(128)

/**
 * What AWS changes on a certificate with every change of it, by AWS's own clock. The same marks again: nobody has touched it
 * since, so no transfer of it has begun and ended, either.
 */
export const marksSchema = z.object({
  lastModifiedDate: z.string().nullable(),
  customerVersion: z.number().nullable(),
  generationId: z.string().nullable(),
  /** Of the last transfer that AWS shows. */
  transferDate: z.string().nullable(),
  rejectDate: z.string().nullable(),
})
export type Marks = z.infer<typeof marksSchema>

/** Whether nothing has happened to the certificate in between; false where AWS shows nothing that would tell. */
export function isUntouched(before: Marks | undefined, now: Marks): boolean {
  const tells = now.lastModifiedDate !== null || now.customerVersion !== null || now.generationId !== null
  return tells && before !== undefined && canonicalJson(before) === canonicalJson(now)
}

/** What somebody of ours asks for: that a certificate goes to another account. AWS knows nothing of it yet. */
export const transferRequestSchema = z.object({
  account: accountIdSchema,
  region: regionSchema,
  certificateId: certificateIdSchema,
  to: accountIdSchema,
  message: transferMessageSchema,
  /** ARN of who asks, as STS says. */
  requestedBy: principalArnSchema,
  /** Whole UTC seconds: what tells one request for a certificate from the next. */
  requestedAt: z.string(),
  /** SHA-256 of the signature that proved who asks: it asks for one transfer, not for the next one, too. */
  signature: z.string().optional(),
  /** `begun` is written before the call at AWS. */
  state: z.enum(['asked', 'begun', 'refused']),
  /** When it was begun last: a call whose answer was lost may be followed by another one. */
  begunAt: z.string().optional(),
  /** Of the certificate, before the first call. */
  before: marksSchema.optional(),
  /** AWS is known to have begun it. */
  taken: z.boolean().optional(),
  /** When AWS says that it began. */
  transferDate: z.string().optional(),
  /** Its case is over: another one may be asked for. */
  ended: z.boolean(),
  /** Counts the writes: who has read an older one replaces nothing. */
  revision: z.number().int().positive(),
})
export type TransferRequest = z.infer<typeof transferRequestSchema>

/** A transfer as AWS shows it; `to` where the listing says it. */
export interface SeenTransfer {
  /** Whole UTC seconds, or `-`. */
  transferDate: string
  message: string | null
  to?: string | null
}

/** No call of ours is so late: its worker lives for 30 seconds. The rest is for clocks that differ. */
const longestBeginningMs = 20 * 60_000

/**
 * Whether a transfer that is under way is the one that was begun for this request. Until its date is on record (a worker may
 * die first) it is known by target and words, and by not being much later than our last call. It cannot be earlier than our
 * first one, whatever the clocks say: the certificate was not on its way then.
 */
export function wasBegunFor(request: TransferRequest, seen: SeenTransfer): boolean {
  if (request.state !== 'begun' || request.begunAt === undefined) return false
  if (seen.message !== request.message || (seen.to !== undefined && seen.to !== request.to)) return false
  if (request.transferDate !== undefined) return request.transferDate === seen.transferDate
  return !request.ended && Date.parse(seen.transferDate) <= Date.parse(request.begunAt) + longestBeginningMs
}

/** The kind of these requests: the command `transfer` is about nothing else. */
export const transferRequestKind = 'iot-send'

/** Its case: the certificate, and when it was asked for. */
export function refOfRequest({
  account,
  region,
  certificateId,
  requestedAt,
}: Pick<TransferRequest, 'account' | 'region' | 'certificateId' | 'requestedAt'>): OfferRef {
  return { kind: transferRequestKind, account, region, awsId: certificateId, transferDate: requestedAt }
}

/** The case of its transfer at AWS. */
export function refOfTransfer(
  { account, region, certificateId }: Pick<TransferRequest, 'account' | 'region' | 'certificateId'>,
  { transferDate }: Pick<SeenTransfer, 'transferDate'>,
): OfferRef {
  return { kind: 'iot-outgoing', account, region, awsId: certificateId, transferDate }
}
