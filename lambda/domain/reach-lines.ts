import * as z from 'zod'
import type { Json } from './json.ts'

/**
 * `unclear`: in part, under conditions, or not known. The other two are said only where the texts of the policies leave no
 * doubt.
 */
export const givenSchema = z.enum(['allowed', 'unclear', 'not-allowed'])
export type Given = z.infer<typeof givenSchema>

const reachSchema = z.array(
  z.object({ given: givenSchema, actions: z.array(z.string()), resources: z.array(z.string()) }),
)
/** What of a request a role's policies give: permissions that fare alike are in one entry. */
export type Reach = z.infer<typeof reachSchema>

const words: Readonly<Record<Given, string>> = {
  allowed: 'Allowed',
  unclear: 'In part, under conditions, or not known',
  'not-allowed': 'Not allowed',
}

const howFound =
  "Worked out from the texts of the role's policies, for you to read: policies of resources may give more. " +
  'What counts is what AWS says of it.'

/** For people; anything that is no such list as it is. */
export function reachLines(value: Json): Json {
  const read = reachSchema.safeParse(value)
  if (!read.success) return value
  const lines = read.data.map(
    ({ given, actions, resources }) => `${words[given]}: ${actions.join(', ')} on ${resources.join(', ')}`,
  )
  return [...lines, howFound]
}
