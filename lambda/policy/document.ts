import { createHash } from 'node:crypto'
import * as z from 'zod'
import { canonicalJson } from '../domain/json.ts'

/** What policy rests on besides schema and policies. The settings of the Lambdas have this form. */
export interface PolicySettings {
  /** Partner groups: name to account ids. */
  partners: Readonly<Record<string, readonly string[]>>
  organizationId?: string | null
}

/** The validated policy set: written at synth to policies.json beside the bundle that judges. */
export const policyDocumentSchema = z.strictObject({
  schema: z.string(),
  /** Policy id to its text. */
  policies: z.record(z.string(), z.string()),
  /** Policy id to its `@reason`. */
  reasons: z.record(z.string(), z.string()),
  /** `policyDigestOf` this document and the settings that it was validated with. */
  digest: z.string(),
})
export type PolicyDocument = z.infer<typeof policyDocumentSchema>

/**
 * SHA-256 (64 hex) over everything that decides: schema, policies, partner groups and organization. The same whatever
 * the order of files, policies, groups and accounts.
 */
export function policyDigestOf(set: Pick<PolicyDocument, 'schema' | 'policies'>, settings: PolicySettings): string {
  const partners = Object.fromEntries(
    Object.entries(settings.partners).map(([group, accounts]) => [group, [...new Set(accounts)].sort()]),
  )
  const { schema, policies } = set
  const decides = { schema, policies, partners, organizationId: settings.organizationId ?? null }
  return createHash('sha256').update(canonicalJson(decides)).digest('hex')
}
