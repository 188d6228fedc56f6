import { isObject } from '../json.ts'
import type { Scope } from './scope.ts'

/** Says: this case is jsonata's own to decide. */
export const SLOW = Symbol('slow')

/** Evaluates without jsonata; undefined means "nothing", as in JSONata, and SLOW that jsonata has to do it. */
export type FastEvaluate = (scope: Scope) => unknown

/** The parts of jsonata's syntax tree that are read here. */
interface Node extends Record<string, unknown> {
  type: string
}

/** Members that change what a node means: with one of them it is jsonata's. */
const modifiers = [
  'predicate',
  'stages',
  'group',
  'focus',
  'index',
  'tuple',
  'ancestor',
  'keepArray',
  'keepSingletonArray',
  'consarray',
  'seekingParent',
  'nextFunction',
  'thunk',
]

/**
 * A direct evaluation of the simple expressions that state machines are made of: literals, plain paths, comparisons,
 * sums, conditions and object templates. Undefined when the expression is anything else.
 */
export function compileFast(node: unknown): FastEvaluate | undefined {
  if (!isNode(node) || modifiers.some((member) => member in node)) return undefined
  switch (node.type) {
    case 'string':
    case 'number':
    case 'value':
      return compileLiteral(node)
    case 'variable':
      return compileVariable(node)
    case 'path':
      return compilePath(node)
    case 'binary':
      return compileBinary(node)
    case 'condition':
      return compileCondition(node)
    case 'block':
      return compileBlock(node)
    case 'unary':
      return compileConstructor(node)
    case 'function':
      return compileExists(node)
    default:
      return undefined
  }
}

function isNode(value: unknown): value is Node {
  return isObject(value) && typeof value.type === 'string'
}

function listOf(member: unknown): unknown[] {
  return Array.isArray(member) ? member : []
}

function compileLiteral(node: Node): FastEvaluate {
  const { value } = node
  return () => value
}

function compileVariable(node: Node): FastEvaluate | undefined {
  const name = node.value
  // $states as a whole is no plain data; paths into it are.
  if (typeof name !== 'string' || name === '' || name === '$' || name === 'states') return undefined
  return (scope) => {
    const value = scope.variables[name]
    return value === undefined ? SLOW : value
  }
}

function compilePath(node: Node): FastEvaluate | undefined {
  const [first, ...rest] = listOf(node.steps)
  if (!isNode(first) || first.type !== 'variable') return undefined
  const start: FastEvaluate | undefined =
    first.value === 'states' ? (scope): unknown => scope.states : compileFast(first)
  const names: string[] = []
  for (const step of rest) {
    if (!isNode(step) || step.type !== 'name' || typeof step.value !== 'string') return undefined
    if (modifiers.some((member) => member in step)) return undefined
    names.push(step.value)
  }
  return start === undefined ? undefined : (scope) => walk(start(scope), names)
}

function walk(start: unknown, names: readonly string[]): unknown {
  let value = start
  for (const name of names) {
    // Arrays on the way map and flatten: jsonata's own rules.
    if (value === SLOW || Array.isArray(value)) return SLOW
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined
    value = value[name]
  }
  return value
}

function compileBlock(node: Node): FastEvaluate | undefined {
  const expressions = listOf(node.expressions)
  return expressions.length === 1 ? compileFast(expressions[0]) : undefined
}

function compileExists(node: Node): FastEvaluate | undefined {
  const { procedure } = node
  const given = listOf(node.arguments)
  if (!isNode(procedure) || procedure.type !== 'variable' || procedure.value !== 'exists') return undefined
  const evaluate = given.length === 1 ? compileFast(given[0]) : undefined
  if (evaluate === undefined) return undefined
  return (scope) => {
    if (scope.variables.exists !== undefined) return SLOW
    const value = evaluate(scope)
    return value === SLOW ? SLOW : value !== undefined
  }
}

function compileCondition(node: Node): FastEvaluate | undefined {
  const condition = compileFast(node.condition)
  const then = compileFast(node.then)
  const otherwise = node.else === undefined ? (): undefined => undefined : compileFast(node.else)
  if (condition === undefined || then === undefined || otherwise === undefined) return undefined
  return (scope) => {
    const chosen = truth(condition(scope))
    if (chosen === SLOW) return SLOW
    return chosen === true ? then(scope) : otherwise(scope)
  }
}

/** What jsonata's boolean cast gives; only the plain cases. */
function truth(value: unknown): boolean | undefined | typeof SLOW {
  switch (typeof value) {
    case 'undefined':
      return undefined
    case 'boolean':
      return value
    case 'string':
      return value !== ''
    case 'number':
      return value !== 0
    default:
      return value === null ? false : SLOW
  }
}

function compileConstructor(node: Node): FastEvaluate | undefined {
  if (node.value === '{') return compileObject(node)
  return node.value === '[' ? compileArray(node) : undefined
}

function compileObject(node: Node): FastEvaluate | undefined {
  const members = new Map<string, FastEvaluate>()
  for (const pair of listOf(node.lhs)) {
    const [key, value] = listOf(pair)
    const evaluate = compileFast(value)
    if (!isNode(key) || key.type !== 'string' || typeof key.value !== 'string' || evaluate === undefined)
      return undefined
    // A name given twice is an error, and names with a meaning of their own are not for here.
    if (members.has(key.value) || key.value.startsWith('_')) return undefined
    members.set(key.value, evaluate)
  }
  const entries = [...members]
  return (scope) => {
    const object: Record<string, unknown> = {}
    for (const [name, evaluate] of entries) {
      const value = evaluate(scope)
      if (value === SLOW) return SLOW
      if (value !== undefined) object[name] = value
    }
    return object
  }
}

function compileArray(node: Node): FastEvaluate | undefined {
  const items: FastEvaluate[] = []
  for (const item of listOf(node.expressions)) {
    const evaluate = compileFast(item)
    if (evaluate === undefined) return undefined
    items.push(evaluate)
  }
  return (scope) => {
    const array: unknown[] = []
    for (const evaluate of items) {
      const value = evaluate(scope)
      // An array inside is joined or nested depending on how it was written.
      if (value === SLOW || Array.isArray(value)) return SLOW
      if (value !== undefined) array.push(value)
    }
    return array
  }
}

type Operator = (left: unknown, right: unknown) => unknown

function compileBinary(node: Node): FastEvaluate | undefined {
  const left = compileFast(node.lhs)
  const right = compileFast(node.rhs)
  if (left === undefined || right === undefined || typeof node.value !== 'string') return undefined
  if (node.value === 'and' || node.value === 'or') return compileLogic({ left, right, isAnd: node.value === 'and' })
  const operator = operators.get(node.value)
  if (operator === undefined) return undefined
  return (scope) => {
    const a = left(scope)
    const b = right(scope)
    return a === SLOW || b === SLOW ? SLOW : operator(a, b)
  }
}

function compileLogic(parts: { left: FastEvaluate; right: FastEvaluate; isAnd: boolean }): FastEvaluate {
  const { left, right, isAnd } = parts
  return (scope) => {
    const a = truth(left(scope))
    if (a === SLOW) return SLOW
    if ((a === true) !== isAnd) return !isAnd
    const b = truth(right(scope))
    return b === SLOW ? SLOW : b === true
  }
}

const operators = new Map<string, Operator>([
  ['=', (a, b) => isEqual(a, b)],
  [
    '!=',
    (a, b) => {
      if (a === undefined || b === undefined) return false
      const equal = isEqual(a, b)
      return equal === SLOW ? SLOW : !equal
    },
  ],
  ['<', compare((a, b) => a < b)],
  ['<=', compare((a, b) => a <= b)],
  ['>', compare((a, b) => a > b)],
  ['>=', compare((a, b) => a >= b)],
  ['+', calculate((a, b) => a + b)],
  ['-', calculate((a, b) => a - b)],
  ['*', calculate((a, b) => a * b)],
  ['/', calculate((a, b) => a / b)],
  ['%', calculate((a, b) => a % b)],
  ['&', join],
  ['in', isIn],
])

function isEqual(a: unknown, b: unknown): boolean | typeof SLOW {
  if (a === undefined || b === undefined) return false
  const bothObjects = typeof a === 'object' && typeof b === 'object' && a !== null && b !== null
  return bothObjects ? SLOW : a === b
}

function compare(isOrdered: (a: number | string, b: number | string) => boolean): Operator {
  return (a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return isOrdered(a, b)
    return typeof a === 'string' && typeof b === 'string' ? isOrdered(a, b) : SLOW
  }
}

/** Results that JSON cannot hold are left to jsonata, which has its own errors for them. */
function calculate(apply: (a: number, b: number) => number): Operator {
  return (a, b) => {
    if (typeof a !== 'number' || typeof b !== 'number') return SLOW
    const result = apply(a, b)
    return Number.isFinite(result) ? result : SLOW
  }
}

function join(a: unknown, b: unknown): unknown {
  const left = toText(a)
  const right = toText(b)
  return left === SLOW || right === SLOW ? SLOW : `${left}${right}`
}

function toText(value: unknown): string | typeof SLOW {
  if (typeof value === 'string') return value
  if (value === undefined) return ''
  return typeof value === 'boolean' || Number.isSafeInteger(value) ? JSON.stringify(value) : SLOW
}

function isIn(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return false
  return Array.isArray(b) ? b.some((item) => item === a) : a === b
}
