import * as z from 'zod'
import { groupNameSchema } from '../../lambda/contract/settings.ts'

/** A group's name, as a key of a record. */
export const groupKeySchema = groupNameSchema.refine(
  (name) => !(name in Object.prototype) && name !== 'prototype',
  'a name that JavaScript does not use itself',
)

/** To stand before a record: zod passes over the key `__proto__`, be it a property or, as in a literal, the prototype. */
export function withoutProto<Input>(what: string): z.ZodCustom<Input, Input> {
  return z.custom<Input>(hasNoProto, `${what}, none of them named \`__proto__\``)
}

/** Other types have errors of their own. */
function hasNoProto(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return !Object.hasOwn(value, '__proto__') && (prototype === null || prototype === Object.prototype)
}
