import * as z from 'zod'
import type { Json } from './json.ts'
import { keysOf, repeatedKeysOf } from './repeated-keys.ts'

const someSchema = z.union([z.string(), z.array(z.string())])
const scalarSchema = z.union([z.string(), z.number(), z.boolean()])
const conditionSchema = z.record(z.string(), z.record(z.string(), z.union([scalarSchema, z.array(scalarSchema)])))
const statementSchema = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.string(),
    Action: someSchema.optional(),
    NotAction: someSchema.optional(),
    Resource: someSchema.optional(),
    NotResource: someSchema.optional(),
    Condition: conditionSchema.optional(),
  })
  // One of each two, or no line could say what it means.
  .refine(({ Action, NotAction }) => (Action === undefined) !== (NotAction === undefined))
  .refine(({ Resource, NotResource }) => (Resource === undefined) !== (NotResource === undefined))
const policySchema = z.strictObject({
  Version: z.string().optional(),
  Id: z.string().optional(),
  Statement: z.union([statementSchema, z.array(statementSchema)]),
})

/** One statement in parts that can be shown. */
export interface PolicyStatement {
  sid: string | undefined
  effect: string
  actions: Some
  resources: Some
  conditions: { operator: string; key: string; values: string[] }[]
  /** The conditions as they were sent, in JSON; empty when there are none. */
  conditionText: string
}

export interface Some {
  /** Everything but these. */
  but: boolean
  of: string[]
}

/**
 * What a policy's text says. `unclear`: it is one, but has keys twice (named), or parts that no line could say. Undefined:
 * no JSON object at all.
 */
export type PolicyReading = { statements: PolicyStatement[] } | { unclear: true; repeatedKeys: string[] }

export function readPolicy(text: string): PolicyReading | undefined {
  if (!text.trimStart().startsWith('{')) return undefined
  const value = parseJson(text)
  if (value === undefined) return undefined
  const repeatedKeys = repeatedKeysOf(text)
  const parsed = policySchema.safeParse(value)
  // zod passes over `__proto__`, so what stands under it would be hidden.
  const hides = keysOf(text).some(({ key }) => key === '__proto__')
  if (!parsed.success || repeatedKeys.length > 0 || hides) return { unclear: true, repeatedKeys }
  return { statements: [parsed.data.Statement].flat().map((statement) => partsOf(statement)) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function partsOf(statement: z.infer<typeof statementSchema>): PolicyStatement {
  const { Sid, Effect, Action, NotAction, Resource, NotResource, Condition = {} } = statement
  return {
    sid: Sid,
    effect: Effect,
    actions: someOf(Action, NotAction),
    resources: someOf(Resource, NotResource),
    conditions: Object.entries(Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => ({ operator, key, values: [values].flat().map(String) })),
    ),
    conditionText: statement.Condition === undefined ? '' : JSON.stringify(statement.Condition),
  }
}

function someOf(these: string | string[] | undefined, butThese: string | string[] | undefined): Some {
  return { but: these === undefined, of: [these ?? butThese ?? []].flat() }
}

/** An IAM policy in JSON as one readable line a statement; undefined for anything that no line could say. */
export function statementsOf(value: Json): string[] | undefined {
  const read = typeof value === 'string' ? readPolicy(value) : undefined
  return read !== undefined && 'statements' in read ? read.statements.map((statement) => lineOf(statement)) : undefined
}

function lineOf({ effect, actions, resources, conditionText }: PolicyStatement): string {
  const condition = conditionText === '' ? '' : `, if ${conditionText}`
  return `${effect} ${listed(actions)} on ${listed(resources)}${condition}`
}

function listed({ but, of }: Some): string {
  return `${but ? 'everything but ' : ''}${of.join(', ')}`
}
