import * as z from 'zod'
import { defaultHoldMs } from '../../lambda/domain/delegation.ts'
import { accountIdSchema } from '../../lambda/domain/offer.ts'
import { durationSchema } from './duration-schema.ts'

const policyArnSchema = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::(aws|\d{12}):policy\/[\w+=,.@/-]{1,512}$/,
    "a managed policy's ARN such as 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'",
  )

const minute = 60_000
const day = 24 * 60 * minute

/** Policies that give everything, or a way to it. */
const limitless = /:policy\/(?:AdministratorAccess|PowerUserAccess|IAMFullAccess)$/

/**
 * Experimental. A partner gets what it asks for, as far as the role that accepts has it: so that role has nothing but
 * what is named here.
 */
export const delegationRoleSchema = z
  .strictObject({
    accounts: z.array(accountIdSchema).min(1, 'at least one account'),
    managedPolicyArns: z.array(policyArnSchema).max(10, 'at most 10, as IAM takes no more').default([]),
    /** Bounds the role itself, its calls of delegation included. */
    permissionsBoundary: policyArnSchema.optional(),
    /** How long an accept can be taken back before the partner gets its access. */
    hold: durationSchema(minute, day, 'of 1 minute to 1 day').default(`${String(defaultHoldMs / minute)} minutes`),
  })
  .check(({ value, issues }) => {
    for (const [index, arn] of value.managedPolicyArns.entries()) {
      if (!limitless.test(arn) || value.permissionsBoundary !== undefined) continue
      const message = 'a policy that does not give everything, or a permissionsBoundary beside it'
      issues.push({ code: 'custom', path: ['managedPolicyArns', index], message, input: arn })
    }
  })
