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

/** An IAM policy in JSON as one readable line a statement; undefined for anything else, or what no line could say. */
export function statementsOf(value: Json): string[] | undefined {
  if (typeof value !== 'string' || !value.trimStart().startsWith('{')) return undefined
  const parsed = policySchema.safeParse(parseJson(value))
  if (!parsed.success) return undefined
  const statements = [parsed.data.Statement].flat()
  return statements.every(isPlain) ? statements.map((statement) => lineOf(statement)) : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type Statement = z.infer<typeof statementSchema>

const inLine = new Set(['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'])

/** One of each two, and nothing that the line leaves out. */
function isPlain(statement: Statement): boolean {
  const { Action, NotAction, Resource, NotResource } = statement
  const isOne = (one: unknown, other: unknown): boolean => (one === undefined) !== (other === undefined)
  return (
    isOne(Action, NotAction) && isOne(Resource, NotResource) && Object.keys(statement).every((name) => inLine.has(name))
  )
}

function lineOf(statement: Statement): string {
  const { Effect, Action, NotAction, Resource, NotResource, Condition } = statement
  const actions = Action !== undefined ? listed(Action) : `everything but ${listed(NotAction ?? [])}`
  const resources = Resource !== undefined ? listed(Resource) : `everything but ${listed(NotResource ?? [])}`
  const condition = Condition === undefined ? '' : `, if ${JSON.stringify(Condition)}`
  return `${Effect} ${actions} on ${resources}${condition}`
}

function listed(value: string | string[]): string {
  return [value].flat().join(', ')
}
