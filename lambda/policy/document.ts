import { createHash } from 'node:crypto'
import * as z from 'zod'
import { routeSchema } from '../domain/event.ts'
import { canonicalJson } from '../domain/json.ts'
import type { PartnerRules } from '../domain/partners.ts'

/** What policy rests on besides schema and policies. The settings of the Lambdas have this form. */
export interface PolicySettings extends PartnerRules {
  organizationId?: string | null
  /** Groups of approvers that policies can route to, by name. */
  groups: Readonly<Record<string, { approvers: readonly string[] }>>
  /** Asked where no policy names a group; null where nobody is configured. */
  defaultGroup: string | null
}

/** The validated policy set: written at synth to policies.json beside the bundle that judges. */
export const policyDocumentSchema = z.strictObject({
  schema: z.string(),
  /** Policy id to its text. */
  policies: z.record(z.string(), z.string()),
  /** Policy id to its `@reason`. */
  reasons: z.record(z.string(), z.string()),
  /** Policy id to the groups that it routes to; none for those that do not say. */
  routes: z.record(z.string(), z.array(routeSchema)),
  /** `policyDigestOf` this document and the settings that it was validated with. */
  digest: z.string(),
})
export type PolicyDocument = z.infer<typeof policyDocumentSchema>

/**
 * SHA-256 (64 hex) over everything that decides: schema, policies, partner groups with their ends, and organization. The same whatever
 * the order of files, policies, groups and accounts. Where a policy routes is part of its text; who is in a group of
 * approvers is looked at whenever votes are counted, so a person who comes or goes makes nothing to be judged anew.
 */
export function policyDigestOf(set: Pick<PolicyDocument, 'schema' | 'policies'>, settings: PolicySettings): string {
  const partners = Object.fromEntries(
    Object.entries(settings.partners).map(([group, accounts]) => [group, [...new Set(accounts)].sort()]),
  )
  const { schema, policies } = set
  const until = settings.partnersUntil ?? {}
  const decides = { schema, policies, partners, until, organizationId: settings.organizationId ?? null }
  return createHash('sha256').update(canonicalJson(decides)).digest('hex')
}
