import type * as z from 'zod'
import type { ContextEntries } from '../context.ts'

/** One right that a call needs, on one resource. */
export interface Access {
  action: string
  resource: string
  context?: ContextEntries
}

/** A call as its service got it. */
export interface Asking {
  input: Readonly<Record<string, unknown>>
  /** Whose credentials signed it. */
  account: string
  region: string
}

export type Describe = (asking: Asking) => readonly Access[]

/** A call that says less than a decision needs: it is refused. */
export class Undescribable extends Error {
  override readonly name = 'Undescribable'
}

/** Reads of the input what the rights rest on. */
export function reading<Input>(
  schema: z.ZodType<Input>,
  describe: (input: Input, place: { account: string; region: string }) => readonly Access[],
): Describe {
  return ({ input, account, region }) => {
    const read = schema.safeParse(input)
    if (!read.success) throw new Undescribable('the input does not say what it is about')
    return describe(read.data, { account, region })
  }
}

/** An operation without resource types. */
export function onEverything(action: string): Describe {
  return () => [{ action, resource: '*' }]
}
