import * as z from 'zod'
import { AccessRefused, UnexpectedAnswer } from '../contract/errors.ts'
import type { Json, JsonObject } from '../domain/json.ts'

/** A time as AWS gave it, as ISO text. */
export const isoTime = z.date().transform((date) => date.toISOString())

/** Absent becomes null: facts have no holes. */
export const textOrNull = z
  .string()
  .nullish()
  .transform((text) => text ?? null)
export const isoTimeOrNull = z
  .date()
  .nullish()
  .transform((date) => date?.toISOString() ?? null)

/** Parses what AWS answered. An answer of another form is never guessed at: the message names the field. */
export function parseAnswer<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const path = issue?.path ?? []
  const field = [what, ...path.map(String)].join('.')
  throw new UnexpectedAnswer(
    `${field}: ${issue?.message ?? 'expected another form'}, got ${quote(valueAt(value, path))}`,
  )
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  )
}

function quote(value: unknown): string {
  if (value === undefined) return 'nothing'
  return `\`${(typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 80)}\``
}

/** The facts that AWS shows: what it leaves out is not known to have changed. */
export function shownOf(facts: Record<string, Json>): JsonObject {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null))
}

/**
 * Reads the items of a listing. One odd item must not hide the sound ones after it, and must not pass unseen either:
 * it is thrown once the listing is through.
 */
export class ItemReader {
  #odd: UnexpectedAnswer | AccessRefused | undefined

  read<T>(parse: () => T): T | undefined {
    try {
      return parse()
    } catch (error) {
      if (!(error instanceof UnexpectedAnswer)) throw error
      this.#odd ??= error
      return undefined
    }
  }

  /** Where each item takes a call of its own, which AWS may refuse for one of them. */
  async ask<T>(read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof UnexpectedAnswer || error instanceof AccessRefused)) throw error
      this.#odd ??= error
      return undefined
    }
  }

  finish(): void {
    if (this.#odd !== undefined) throw this.#odd
  }
}
