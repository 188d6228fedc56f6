import canonicalize from 'canonicalize'
import * as z from 'zod'

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type JsonObject = Record<string, Json>

/** What JSON can hold, and nothing else: every event on the ledger is looked through, for which `z.json()` takes too long. */
export const jsonSchema: z.ZodType<Json> = z.custom<Json>(isJson, 'expected a JSON value')
export const jsonObjectSchema: z.ZodType<JsonObject> = z.record(z.string(), jsonSchema)

/** RFC 8785: the same value gives the same bytes whatever the order of its keys. */
export function canonicalJson(value: Json): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('expected a JSON value, got one that JSON cannot hold')
  return text
}

function isJson(value: unknown): value is Json {
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? value.every(isJson) : isPlain(value) && Object.values(value).every(isJson)
  return value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
}

/** No class's instance: only its own keys say what it is. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
