import type * as z from 'zod'
import type { Call, Operation } from './service.ts'

/** An operation with its input as a type: the model has validated it already, the schema only says which members are read. */
export function operation<Input>(schema: z.ZodType<Input>, answer: (call: Call<Input>) => unknown): Operation {
  return (call) => answer({ ...call, input: schema.parse(call.input) })
}
