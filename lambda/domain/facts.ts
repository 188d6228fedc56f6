import { createHash } from 'node:crypto'
import * as z from 'zod'
import { canonicalJson, jsonObjectSchema, type JsonObject } from './json.ts'

/**
 * Where the counterparty stands: looked up in Organizations. `not-configured` when Gatehouse has no organization (then
 * nothing is looked up and nothing rests on it), `unknown` when the lookup failed or there is no account to look up.
 */
export const membershipSchema = z.enum(['inside', 'outside', 'not-configured', 'unknown'])
export type Membership = z.infer<typeof membershipSchema>

/** Where an account stands in the organization. */
export interface Standing {
  membership: Membership
  /** Ids of what it is in: the nearest OU first, the root last. Null where it is not inside, or could not be had. */
  path: readonly string[] | null
  /** The path in words, from the root down; null where nobody reads it. */
  unit: string | null
  /** The name that the account gives itself. */
  accountName: string | null
}

/** What AWS says of an offer now. */
export const factsSchema = z.object({
  /**
   * What a decision rests on: hashed, and all that policy sees. Values are strings, whole numbers, booleans, lists and
   * records of these; `null` where AWS gives nothing. Always holds `counterparty` and `organization`, and for an account
   * inside the organization `organizationPath`. Lists are sorted, but for the path: the nearest OU first, the root last.
   */
  decisive: jsonObjectSchema,
  /** Shown to people, never hashed: update times, processing states, names looked up. */
  context: jsonObjectSchema,
  /** Names of decisive facts that could not be had. Any of them makes an accept by policy impossible. */
  unknown: z.array(z.string()),
  /** 12 digits, or null when AWS does not say. */
  counterparty: z.string().nullable(),
  /** ISO time at which the counterparty made the offer, when AWS says so. */
  offeredAt: z.string().nullable(),
  /** ISO time at which AWS ends the offer; null where AWS sets none. */
  expiresAt: z.string().nullable(),
  /** ARN of whoever of ours began it, where the offer itself says so: no say in it. */
  initiator: z.string().optional(),
})
export type Facts = z.infer<typeof factsSchema>

/** SHA-256 (64 hex) of the decisive facts as canonical JSON. */
export function factsHashOf(facts: Facts): string {
  return createHash('sha256').update(canonicalJson(facts.decisive)).digest('hex')
}

/** How a transfer of our own certificate ended, as far as AWS shows. The reason is the receiver's own words. */
export const endingSchema = z.object({
  how: z.enum(['accepted', 'rejected', 'cancelled', 'changed']),
  reason: z.string().nullable(),
  at: z.string().nullable(),
})
export type Ending = z.infer<typeof endingSchema>

/** What AWS shows of what an accept gave us. */
export interface Receipt {
  /** False as long as it may still appear. */
  visible: boolean
  /** Less than was offered: the rest may still appear. */
  partial?: boolean
  seen: JsonObject
}

/**
 * What reading one offer at AWS says. `gone`: no longer there, or the same AWS id is now another offer. `seen` holds
 * those decisive facts that AWS still shows after an accept, to be compared with what was decided on. `unreleased`: the
 * facts of a delegation that is accepted and gives no access yet. `receipt`: where one reading shows all that we got.
 */
export type Inspection =
  | { state: 'pending'; facts: Facts }
  /** Begun by an accept of ours, and not ended yet. */
  | { state: 'under-way' }
  | { state: 'accepted'; seen?: JsonObject; receipt?: Receipt; unreleased?: Facts; ending?: Ending }
  | { state: 'rejected' }
  | { state: 'expired' }
  | { state: 'gone'; ending?: Ending }

/** Names of the decisive facts that are seen and differ from those decided on. */
export function changedFacts(decided: Facts, seen: JsonObject): string[] {
  return Object.entries(seen)
    .filter(([name, value]) => canonicalJson(value) !== canonicalJson(decided.decisive[name] ?? null))
    .map(([name]) => name)
}
