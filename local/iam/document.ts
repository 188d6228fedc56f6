import * as z from 'zod'

const list = z.union([z.string().transform((one) => [one]), z.array(z.string())])
const scalar = z.union([z.string(), z.boolean(), z.number()]).transform(String)
const values = z.union([scalar.transform((one) => [one]), z.array(scalar)])
const anybody: { AWS: string[]; Service: string[] } = { AWS: ['*'], Service: [] }
const principalSchema = z.union([
  z.literal('*').transform(() => anybody),
  z.strictObject({ AWS: list.default([]), Service: list.default([]) }),
])
export type WrittenPrincipal = z.infer<typeof principalSchema>

/** Strict: an element that is not read here could narrow or widen what is. */
export const statementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: principalSchema.optional(),
  Action: list.optional(),
  NotAction: list.optional(),
  Resource: list.optional(),
  NotResource: list.optional(),
  Condition: z.record(z.string(), z.record(z.string(), values)).default({}),
})
export type StatementDocument = z.infer<typeof statementSchema>

export const policyDocumentSchema = z.strictObject({
  Version: z.literal('2012-10-17').optional(),
  Id: z.string().optional(),
  Statement: z.union([statementSchema.transform((one) => [one]), z.array(statementSchema)]),
})
export type PolicyDocument = z.infer<typeof policyDocumentSchema>
