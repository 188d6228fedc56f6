import { checkParseSchema, policyToJson, validate } from '@cedar-policy/cedar-wasm/nodejs'
import type { DetailedError, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { Route } from '../domain/event.ts'
import { jsonSchema } from '../domain/json.ts'
import { policyDigestOf } from './document.ts'
import type { PolicyDocument, PolicySettings } from './document.ts'
import { problemOf, PolicySetInvalid } from './problem.ts'
import type { PolicyProblem } from './problem.ts'
import { danglingReferences } from './references.ts'
import { routingOf } from './routes.ts'
import { placeIn, type Schema } from './schema.ts'
import { splitStatements } from './statements.ts'
import type { SourceFile, Statement } from './statements.ts'

/** A policy set as it is written: the schema and the files of policies. */
export interface PolicySource {
  schema: Schema
  files: readonly SourceFile[]
}

interface Policy extends Statement {
  id: string
  reason: string
  routes: Route[]
}

const idForm = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/
/** Ids of policies that Gatehouse brings along. */
const reservedPrefix = 'gatehouse.'

/** Compiles a policy set, or throws `PolicySetInvalid` with file, line and reason of everything that is wrong. */
export function validatePolicySet(source: PolicySource, settings: PolicySettings): PolicyDocument {
  failIfAny(schemaProblems(source.schema))
  const problems: PolicyProblem[] = []
  const policies = new Map<string, Policy>()
  for (const statement of source.files.flatMap(splitStatements)) {
    const read = readPolicy(statement, settings)
    problems.push(...read.problems)
    if (read.policy === undefined) continue
    const first = policies.get(read.policy.id)
    if (first === undefined) policies.set(read.policy.id, read.policy)
    else problems.push(problemAt(statement, `@id \`${first.id}\` is taken by ${first.file}:${first.line}`))
  }
  failIfAny([...problems, ...typeProblems(source.schema, policies)])
  return compile(source.schema, [...policies.values()], settings)
}

function failIfAny(problems: PolicyProblem[]): void {
  if (problems.length > 0) throw new PolicySetInvalid(problems)
}

function problemAt({ file, line }: Statement, reason: string): PolicyProblem {
  return { file, line, reason }
}

function schemaProblems(schema: Schema): PolicyProblem[] {
  const answer = checkParseSchema(schema.text)
  return answer.type === 'success' ? [] : answer.errors.map((error) => schemaProblem(error, schema))
}

function schemaProblem(error: DetailedError, schema: Schema): PolicyProblem {
  const problem = problemOf(error, { ...schema, line: 1 })
  return { ...problem, ...placeIn(schema, problem.line) }
}

/** One policy by itself: its syntax, its annotations and what it refers to. */
function readPolicy(statement: Statement, settings: PolicySettings): { policy?: Policy; problems: PolicyProblem[] } {
  const answer = policyToJson(statement.text)
  if (answer.type === 'failure') return { problems: answer.errors.map((error) => problemOf(error, statement)) }
  const { id, reason } = annotationsOf(answer.json)
  const routing = routingOf(answer.json, settings)
  const problems = [
    ...idProblems(id),
    ...(reason === '' ? ['@reason("...") is missing: say why, for those who read the decision'] : []),
    ...danglingReferences(jsonSchema.parse(answer.json), settings),
    ...routing.problems.map((problem) => (id === '' ? problem : `\`${id}\`: ${problem}`)),
  ].map((problem) => problemAt(statement, problem))
  return id === '' ? { problems } : { policy: { ...statement, id, reason, routes: routing.routes }, problems }
}

function annotationsOf({ annotations }: PolicyJson): { id: string; reason: string } {
  return { id: annotations?.['id'] ?? '', reason: (annotations?.['reason'] ?? '').trim() }
}

function idProblems(id: string): string[] {
  if (id === '') return ['@id("...") is missing: every policy needs one']
  if (id.startsWith(reservedPrefix))
    return [`@id \`${id}\`: ids that begin with \`${reservedPrefix}\` are Gatehouse's own`]
  return idForm.test(id) ? [] : [`@id \`${id}\`: expected lower case letters and digits, joined by . - or _`]
}

/** A warning is a mistake too: a forbid that can never apply protects nothing. */
function typeProblems(schema: Schema, policies: ReadonlyMap<string, Policy>): PolicyProblem[] {
  const staticPolicies = textsOf([...policies.values()])
  const answer = validate({ schema: schema.text, policies: { staticPolicies } })
  if (answer.type === 'failure') return answer.errors.map((error) => schemaProblem(error, schema))
  return [...answer.validationErrors, ...answer.validationWarnings].map(({ policyId, error }) =>
    problemOf(error, policies.get(policyId) ?? { ...schema, line: 1 }),
  )
}

function textsOf(policies: readonly Policy[]): Record<string, string> {
  return Object.fromEntries(policies.map(({ id, text }) => [id, text]))
}

function compile(schema: Schema, policies: readonly Policy[], settings: PolicySettings): PolicyDocument {
  const set = { schema: schema.text, policies: textsOf(policies) }
  const reasons = Object.fromEntries(policies.map(({ id, reason }) => [id, reason]))
  const routes = Object.fromEntries(
    policies.filter(({ routes }) => routes.length > 0).map(({ id, routes }) => [id, routes]),
  )
  return { ...set, reasons, routes, digest: policyDigestOf(set, settings) }
}
