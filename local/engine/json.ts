export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type JsonObject = Record<string, Json>

/** What a state machine may hand from state to state. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const payloadLimitBytes = 262_144

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return isObject(value)
}

/** Parses text that is JSON; undefined when it is not. */
export function parseJson(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isParsed(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** JSON.parse gives nothing else. */
function isParsed(value: unknown): value is Json {
  return value !== undefined
}

export function isWithinLimit(value: Json): boolean {
  return mostBytes(value, payloadLimitBytes) >= 0 || Buffer.byteLength(JSON.stringify(value)) <= payloadLimitBytes
}

/** What is left of `budget` after the most bytes that `value` can take as JSON; negative once it is spent. */
function mostBytes(value: Json, budget: number): number {
  if (typeof value === 'string') return budget - value.length * 6 - 2
  if (typeof value !== 'object' || value === null) return budget - 25
  let left = budget - 2
  if (Array.isArray(value)) {
    for (const item of value) {
      left = mostBytes(item, left - 1)
      if (left < 0) return left
    }
    return left
  }
  for (const key in value) {
    left = mostBytes(value[key] ?? null, left - key.length * 6 - 4)
    if (left < 0) return left
  }
  return left
}

export class NotJson extends Error {
  override readonly name = 'NotJson'
}

/** A plain copy of what an expression gave: no sequence marks, no undefined members; throws NotJson for functions and the like. */
export function toJson(value: unknown): Json {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value
    throw new NotJson(`expected a number that JSON can hold, got ${value}`)
  }
  if (Array.isArray(value)) return value.map((item: unknown) => (item === undefined ? null : toJson(item)))
  if (isObject(value) && value._jsonata_function !== true && value._jsonata_lambda !== true) return toJsonObject(value)
  throw new NotJson(`expected a JSON value, got a ${typeof value === 'object' ? 'function' : typeof value}`)
}

function toJsonObject(value: Record<string, unknown>): JsonObject {
  const copy: JsonObject = {}
  for (const key of Object.keys(value)) {
    const member = value[key]
    if (member !== undefined) copy[key] = toJson(member)
  }
  return copy
}
