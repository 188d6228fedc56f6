import { createHash } from 'node:crypto'
import * as z from 'zod'
import { canonicalJson } from './json.ts'
import { isKind, kindNames, kindOfOffer, specOf, type OfferKind } from './kinds.ts'

export type { OfferKind }
/** Asked for what is registered when it parses, not when it is made. */
export const offerKindSchema = z.string().refine(isKind, { error: () => `expected ${kindNames().join(' or ')}` })

export const accountIdSchema = z.string().regex(/^\d{12}$/, 'expected 12 digits')
export const regionSchema = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'expected a region name such as us-east-1')
/**
 * A root or an organizational unit:
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_OrganizationalUnit.html
 */
export const organizationNodeSchema = z
  .string()
  .regex(
    /^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})$/,
    "a root such as 'r-ab12' or an OU such as 'ou-ab12-c3d4e5f6'",
  )
export const offerIdSchema = z.string().refine((id) => kindOfOffer(id) !== undefined, 'expected the id of an offer')

/** Which account, region and kind a listing covers. */
export const targetSchema = z.object({ kind: offerKindSchema, account: accountIdSchema, region: regionSchema })
export type Target = z.infer<typeof targetSchema>
/** Of a list that was kept: its kind may not be answered any more. */
export const keptTargetSchema = targetSchema.extend({ kind: z.string() })

/**
 * What makes an offer itself and no other. `awsId` is AWS's own id: invitation ARN, certificate id, delegation
 * request id. `transferDate` is there for dated kinds only: whole UTC seconds (`2026-11-20T10:00:00Z`), or `-`
 * when AWS gives none, so that a certificate offered again is a new offer. Of a request it is when it was made.
 */
export const offerRefSchema = targetSchema.extend({ awsId: z.string().min(1), transferDate: z.string().optional() })
export type OfferRef = z.infer<typeof offerRefSchema>

/** `<kind>-<32 hex>`: SHA-256 over the identity, so that the same offer has the same id wherever it is seen. */
export function offerIdOf(ref: OfferRef): string {
  const identity = [ref.kind, ref.account, ref.region, ref.awsId]
  if (specOf(ref.kind).isDated === true) identity.push(ref.transferDate ?? '-')
  return `${ref.kind}-${createHash('sha256').update(canonicalJson(identity)).digest('hex').slice(0, 32)}`
}

/** True where the counterparty is to get something of ours. */
export function goesOut(kind: OfferKind): boolean {
  return specOf(kind).goesOut === true
}

/** Whole UTC seconds: the IoT APIs answer with more or fewer decimals from call to call. */
export function toTransferDate(date: Date | undefined): string {
  return date === undefined ? '-' : date.toISOString().replace(/\.\d{3}Z$/, 'Z')
}
