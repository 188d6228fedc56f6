import { createHash } from 'node:crypto'
import * as z from 'zod'
import { accountIdSchema, regionSchema } from '../domain/offer.ts'
import { certificateIdSchema, transferMessageSchema } from '../domain/transfer-request.ts'

/** By this name people invoke it; who may, may ask for transfers. */
export const transferFunctionName = 'gatehouse-transfer'

/** Signed with the rest: the proof of who asks is good for this request only. */
export const proofHeader = 'x-gatehouse-request'

/** What STS is asked; nothing else is ever sent with somebody's signature. */
export const identityQuestion = 'Action=GetCallerIdentity&Version=2011-06-15'

export const transferInputSchema = z.strictObject({
  account: accountIdSchema,
  region: regionSchema,
  certificateId: certificateIdSchema,
  to: accountIdSchema,
  message: transferMessageSchema,
  /** Headers of `GetCallerIdentity`, signed by whoever asks and not sent: STS says who that is. */
  proof: z.record(z.string().max(64), z.string().max(8192)),
})
export type TransferInput = z.infer<typeof transferInputSchema>

/** SHA-256 (64 hex) of what is asked for, a line each; the message, which may have lines of its own, comes last. */
export function digestOfTransfer(asked: Omit<TransferInput, 'proof'>): string {
  const { account, region, certificateId, to, message } = asked
  return createHash('sha256').update([account, region, certificateId, to, message].join('\n')).digest('hex')
}

/** SHA-256 of the signature: it is no secret then, and known again where the call was repeated. */
export function signatureOf(proof: TransferInput['proof']): string {
  const given = Object.entries(proof).find(([name]) => name.toLowerCase() === 'authorization')
  return createHash('sha256')
    .update(given?.[1] ?? '')
    .digest('hex')
}

export const transferReplySchema = z.discriminatedUnion('result', [
  /** `standing`: the same was asked for before, and is not over. */
  z.strictObject({ result: z.enum(['asked', 'standing']), offerId: z.string() }),
  /** Nothing was recorded, and why. */
  z.strictObject({ result: z.literal('refused'), problem: z.string() }),
])
export type TransferReply = z.infer<typeof transferReplySchema>
