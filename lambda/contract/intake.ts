import * as z from 'zod'
import { allKinds, globalRegion } from '../domain/kinds.ts'
import { accountIdSchema, offerIdSchema, type Target } from '../domain/offer.ts'

/** AWS's form of a delegation request's id. */
export const delegationIdSchema = z.string().regex(/^[A-Za-z0-9_-]{16,128}$/, 'the id of a delegation request')

/** A person's word that there is a request, as the public page hands it to `vote`; unchecked. */
export const intakeFormSchema = z.strictObject({
  by: z.literal('intake'),
  token: z.string().min(1).max(128),
  account: z.string().max(32),
  awsId: z.string().max(256),
  /** Its last four characters, typed once more. */
  digits: z.string().max(16),
  /** What the sign-in function gave this browser, where sign-in is configured. */
  session: z.string().max(4096).optional(),
})
export type IntakeForm = z.infer<typeof intakeFormSchema>

/** What an operator asks of `Operate`: whoever may invoke it is known to IAM. */
export const operatorRequestSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('revoke'), offerId: offerIdSchema, comment: z.string().min(1).max(2000) }),
  z.strictObject({ do: z.literal('intake'), account: accountIdSchema, awsId: delegationIdSchema }),
  z.strictObject({ do: z.literal('intake-link'), approver: z.string().min(1).max(64) }),
])
export type OperatorRequest = z.infer<typeof operatorRequestSchema>

export const operatorReplySchema = z.strictObject({
  done: z.boolean(),
  /** What came of it, or why nothing did. */
  said: z.string(),
})
export type OperatorReply = z.infer<typeof operatorReplySchema>

/** The name under which the command line invokes it. */
export const operateFunctionName = 'gatehouse-operate'

/** Only AWS says whether there is such a request: this says where to look. */
export function intakeHints({ account, awsId }: { account: string; awsId: string }): (Target & { awsId: string })[] {
  return allKinds()
    .filter((spec) => spec.isTakenIn === true && spec.awsId.pattern.test(awsId))
    .map(({ kind }) => ({ kind, account, region: globalRegion, awsId }))
}
