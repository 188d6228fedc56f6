import jsonata from 'jsonata'
import { isObject } from '../json.ts'
import { compileFast, SLOW } from './fast.ts'
import type { FastEvaluate } from './fast.ts'
import { stepFunctions } from './functions.ts'
import type { Scope } from './scope.ts'

export interface Expression {
  readonly text: string
  /** Gives SLOW where only jsonata can answer. */
  readonly fast: FastEvaluate
  /** jsonata itself; rejects with an Error. */
  readonly slow: (scope: Scope) => Promise<unknown>
}

/** Definitions are few and their expressions are met again on every run. */
const compiled = new Map<string, Expression>()

/** Throws an Error that says what is wrong with the expression. */
export function compileExpression(text: string): Expression {
  const known = compiled.get(text)
  if (known !== undefined) return known
  const expression = compile(text)
  compiled.set(text, expression)
  return expression
}

function compile(text: string): Expression {
  const parsed = rethrow(() => jsonata(text))
  const tree: unknown = parsed.ast()
  if (usesVariable(tree, 'eval')) throw new Error('$eval is not supported in state machines')
  for (const [name, implementation] of Object.entries(stepFunctions)) parsed.registerFunction(name, implementation)
  const readsClock = usesVariable(tree, 'now') || usesVariable(tree, 'millis')
  return {
    text,
    fast: compileFast(tree) ?? ((): typeof SLOW => SLOW),
    slow: async (scope) => {
      const bindings = { ...(readsClock ? clockFunctions(scope.nowMs) : {}), ...scope.variables, states: scope.states }
      try {
        const result: unknown = await parsed.evaluate(undefined, bindings)
        return result
      } catch (error) {
        throw toError(error)
      }
    },
  }
}

const formatMillis = jsonata('$fromMillis($millis, $picture, $timezone)')

/** jsonata's own read the machine's clock, which does not move with the local one. */
function clockFunctions(nowMs: number): Record<string, unknown> {
  return {
    millis: () => nowMs,
    now: (picture?: string, timezone?: string) =>
      formatMillis.evaluate(undefined, { millis: nowMs, picture, timezone }),
  }
}

function usesVariable(tree: unknown, name: string): boolean {
  if (Array.isArray(tree)) return tree.some((item) => usesVariable(item, name))
  if (!isObject(tree)) return false
  if (tree.type === 'variable' && tree.value === name) return true
  return Object.values(tree).some((member) => usesVariable(member, name))
}

function rethrow<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw toError(error)
  }
}

/** jsonata throws plain objects. */
function toError(error: unknown): Error {
  if (error instanceof Error) return error
  if (isObject(error) && typeof error.message === 'string') return new Error(error.message, { cause: error })
  return new Error('the expression failed', { cause: error })
}
