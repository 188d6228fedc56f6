import * as z from 'zod'
import { accountIdSchema, regionSchema, type OfferRef } from './offer.ts'
import { principalArnSchema } from './principal.ts'

export const certificateIdSchema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits, in small letters')
/** As IoT bounds it. */
export const transferMessageSchema = z.string().min(1, 'expected some words').max(128)

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
  /** `begun` is written before the call at AWS. */
  /** SHA-256 of the signature that proved who asks: it asks for one transfer, not for the next one, too. */
  signature: z.string().optional(),
  state: z.enum(['asked', 'begun', 'refused']),
  begunAt: z.string().optional(),
  /** When AWS says that the transfer we began did begin. */
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

/** Later than any call of ours that was begun: a worker and its retries end within 16 minutes. */
const longestBeginningMs = 20 * 60_000

/**
 * Whether a transfer is the one that was begun for this request. Until its date is on record (a worker may die first) it is
 * known by target, words and time.
 */
export function wasBegunFor(request: TransferRequest, seen: SeenTransfer): boolean {
  if (request.state !== 'begun' || request.begunAt === undefined) return false
  if (seen.message !== request.message || (seen.to !== undefined && seen.to !== request.to)) return false
  if (request.transferDate !== undefined) return request.transferDate === seen.transferDate
  // AWS's date is of whole seconds.
  const begunMs = Math.floor(Date.parse(request.begunAt) / 1000) * 1000
  const seenMs = Date.parse(seen.transferDate)
  return !request.ended && seenMs >= begunMs && seenMs <= begunMs + longestBeginningMs
}

/** Its case: the certificate, and when it was asked for. */
export function refOfRequest({
  account,
  region,
  certificateId,
  requestedAt,
}: Pick<TransferRequest, 'account' | 'region' | 'certificateId' | 'requestedAt'>): OfferRef {
  return { kind: 'iot-send', account, region, awsId: certificateId, transferDate: requestedAt }
}
