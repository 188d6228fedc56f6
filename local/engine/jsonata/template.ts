import { dataLimitError, evaluationError, StateError } from '../errors.ts'
import { isObject, isWithinLimit, payloadLimitBytes, toJson } from '../json.ts'
import type { Json, JsonObject } from '../json.ts'
import { compileExpression } from './expression.ts'
import type { Expression } from './expression.ts'
import { SLOW } from './fast.ts'
import type { Scope } from './scope.ts'

/** A field of a state: JSON with `{% … %}` strings in it, ready to evaluate. */
export interface Template {
  /** Name of the field, for messages. */
  readonly field: string
  readonly root: Node
}

type Node =
  | { kind: 'constant'; value: Json }
  | { kind: 'expression'; path: string; expression: Expression }
  | { kind: 'array'; items: Node[] }
  | { kind: 'object'; members: [string, Node][] }

/** Throws an Error for text that opens an expression and does not close it, and for bad JSONata. */
export function compileTemplate(field: string, source: Json): Template {
  return { field, root: compileNode(field, source) }
}

/** The text between `{%` and `%}`, or undefined when the string is an ordinary one. */
export function expressionText(text: string): string | undefined {
  const opens = text.startsWith('{%')
  const closes = text.endsWith('%}')
  if (opens && closes && text.length >= 4) return text.slice(2, -2).trim()
  if (opens || closes) throw new Error('an expression must start with {% and end with %}')
  return undefined
}

function compileNode(path: string, source: Json): Node {
  if (typeof source === 'string') return compileText(path, source)
  if (typeof source !== 'object' || source === null) return { kind: 'constant', value: source }
  if (Array.isArray(source)) {
    const items = source.map((item, index) => compileNode(`${path}[${index}]`, item))
    return items.every(isConstant) ? { kind: 'constant', value: source } : { kind: 'array', items }
  }
  const members: [string, Node][] = Object.entries(source).map(([name, member]) => [
    name,
    compileNode(`${path}/${name}`, member),
  ])
  return members.every(([, node]) => isConstant(node))
    ? { kind: 'constant', value: source }
    : { kind: 'object', members }
}

function compileText(path: string, text: string): Node {
  try {
    const inner = expressionText(text)
    if (inner === undefined) return { kind: 'constant', value: text }
    return { kind: 'expression', path, expression: compileExpression(inner) }
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : 'bad expression'}`, { cause: error })
  }
}

function isConstant(node: Node): boolean {
  return node.kind === 'constant'
}

/** Undefined when the template holds an expression. */
export function constantOf(template: Template): Json | undefined {
  return template.root.kind === 'constant' ? template.root.value : undefined
}

/** Throws StateError: States.QueryEvaluationError, or States.DataLimitExceeded when the result is too large. */
export async function evaluateTemplate(template: Template, scope: Scope): Promise<Json> {
  // Expressions have no effects, so what the fast way did is simply done again by the slow one.
  const fast = evaluateFast(template.root, scope)
  const value = fast === SLOW ? await evaluateSlow(template.root, scope) : fast
  expectWithinLimit(value, template.field)
  return value
}

export function expectWithinLimit(value: Json, what: string): void {
  if (isWithinLimit(value)) return
  throw new StateError(dataLimitError, `${what} is larger than the limit of ${payloadLimitBytes} bytes`)
}

function evaluateFast(node: Node, scope: Scope): Json | typeof SLOW {
  switch (node.kind) {
    case 'constant':
      return node.value
    case 'expression':
      return evaluateExpressionFast(node, scope)
    case 'array': {
      const array: Json[] = []
      for (const item of node.items) {
        const value = evaluateFast(item, scope)
        if (value === SLOW) return SLOW
        array.push(value)
      }
      return array
    }
    case 'object': {
      const object: JsonObject = {}
      for (const [name, member] of node.members) {
        const value = evaluateFast(member, scope)
        if (value === SLOW) return SLOW
        object[name] = value
      }
      return object
    }
  }
}

function evaluateExpressionFast(node: { path: string; expression: Expression }, scope: Scope): Json | typeof SLOW {
  const value = node.expression.fast(scope)
  if (value === SLOW) return SLOW
  if (value === undefined) throw nothingError(node)
  return isShared(value) ? value : SLOW
}

/** What the fast way gives is made of values that are JSON already. */
function isShared(value: unknown): value is Json {
  return typeof value !== 'function' && typeof value !== 'symbol'
}

async function evaluateSlow(node: Node, scope: Scope): Promise<Json> {
  switch (node.kind) {
    case 'constant':
      return node.value
    case 'expression':
      return evaluateExpressionSlow(node, scope)
    case 'array': {
      const array: Json[] = []
      for (const item of node.items) array.push(await evaluateSlow(item, scope))
      return array
    }
    case 'object': {
      const object: JsonObject = {}
      for (const [name, member] of node.members) object[name] = await evaluateSlow(member, scope)
      return object
    }
  }
}

async function evaluateExpressionSlow(node: { path: string; expression: Expression }, scope: Scope): Promise<Json> {
  let value: unknown
  try {
    value = await node.expression.slow(scope)
    if (value !== undefined) return toJson(value)
  } catch (error) {
    const message = error instanceof Error ? error.message : 'unknown error'
    throw evaluationFailed(node, `threw an error: ${message}`)
  }
  throw nothingError(node)
}

function nothingError(node: { path: string; expression: Expression }): StateError {
  return evaluationFailed(node, 'returned nothing (undefined)')
}

function evaluationFailed(node: { path: string; expression: Expression }, what: string): StateError {
  const reason = `the JSONata expression '${node.expression.text}' specified for the field '${node.path}' ${what}`
  return new StateError(evaluationError, reason, node.path)
}

/** Reads a field that must be a number, such as TimeoutSeconds. */
export async function evaluateSeconds(template: Template, scope: Scope, least: number): Promise<number> {
  const value = await evaluateTemplate(template, scope)
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= 99_999_999) return value
  throw wrongType(template, `a whole number from ${least} to 99999999`, value)
}

export async function evaluateText(template: Template, scope: Scope): Promise<string> {
  const value = await evaluateTemplate(template, scope)
  if (typeof value === 'string') return value
  throw wrongType(template, 'a string', value)
}

export function wrongType(template: Pick<Template, 'field'>, expected: string, got: Json): StateError {
  const shown =
    isObject(got) || Array.isArray(got) ? (Array.isArray(got) ? 'an array' : 'an object') : JSON.stringify(got)
  return new StateError(evaluationError, `expected ${expected} for '${template.field}', got ${shown}`, template.field)
}
