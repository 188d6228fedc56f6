import * as z from 'zod'
import type { Json } from './json.ts'

const someSchema = z.union([z.string(), z.array(z.string())])
const statementSchema = z.looseObject({
  Effect: z.string(),
  Action: someSchema.optional(),
  NotAction: someSchema.optional(),
  Resource: someSchema.optional(),
  NotResource: someSchema.optional(),
  Condition: z.record(z.string(), z.json()).optional(),
})
const policySchema = z.looseObject({ Statement: z.union([statementSchema, z.array(statementSchema)]) })

/** An IAM policy in JSON as one readable line a statement; undefined for anything else. */
export function statementsOf(value: Json): string[] | undefined {
  if (typeof value !== 'string' || !value.trimStart().startsWith('{')) return undefined
  const parsed = policySchema.safeParse(parseJson(value))
  if (!parsed.success) return undefined
  return [parsed.data.Statement].flat().map((statement) => lineOf(statement))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function lineOf(statement: z.infer<typeof statementSchema>): string {
  const { Effect, Action, NotAction, Resource, NotResource, Condition } = statement
  const actions = Action !== undefined ? listed(Action) : `everything but ${listed(NotAction ?? [])}`
  const resources = Resource !== undefined ? listed(Resource) : `everything but ${listed(NotResource ?? [])}`
  const condition = Condition === undefined ? '' : `, if ${JSON.stringify(Condition)}`
  return `${Effect} ${actions} on ${resources}${condition}`
}

function listed(value: string | string[]): string {
  return [value].flat().join(', ')
}
