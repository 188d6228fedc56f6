import type { Shape } from '../model.ts'
import { constraint, type Problem } from './problem.ts'

export type Check<Value> = (value: Value, path: string, problems: Problem[]) => void

/** Length, enum and pattern of a string, compiled once. Length goes first, so that a pattern sees bounded text only. */
export function stringCheck(shape: Shape): Check<string> {
  const allowed = shape.enum === undefined ? undefined : new Set(shape.enum)
  const pattern = shape.pattern === undefined ? undefined : wholePattern(shape.pattern)
  const shown = (value: string): string => (shape.sensitive ? '' : ` '${value.slice(0, 1024)}'`)
  return (value, path, problems) => {
    const problem = lengthProblem(shape, lengthOf(value))
    if (problem !== undefined) problems.push(constraint(path, shown(value), problem))
    else if (allowed !== undefined && !allowed.has(value)) {
      problems.push(constraint(path, shown(value), `Member must satisfy enum value set: [${[...allowed].join(', ')}]`))
    } else if (pattern !== undefined && !pattern.test(value)) {
      const rule = `Member must satisfy regular expression pattern: ${shape.pattern ?? ''}`
      problems.push(constraint(path, shown(value), rule))
    }
  }
}

/** Number of items of a list or map, or bytes of a blob. */
export function sizeCheck(shape: Shape): Check<number> {
  return (size, path, problems) => {
    const problem = lengthProblem(shape, size)
    if (problem !== undefined) problems.push(constraint(path, '', problem))
  }
}

export function rangeCheck({ min, max }: Shape): Check<number> {
  return (value, path, problems) => {
    if (min !== undefined && value < min) {
      problems.push(constraint(path, ` '${value}'`, `Member must have value greater than or equal to ${min}`))
    } else if (max !== undefined && value > max) {
      problems.push(constraint(path, ` '${value}'`, `Member must have value less than or equal to ${max}`))
    }
  }
}

function lengthProblem({ min, max }: Shape, length: number): string | undefined {
  if (min !== undefined && length < min) return `Member must have length greater than or equal to ${min}`
  if (max !== undefined && length > max) return `Member must have length less than or equal to ${max}`
  return undefined
}

/** AWS counts code points, JavaScript counts UTF-16 units: they differ only where a surrogate stands. */
function lengthOf(value: string): number {
  return /[\ud800-\udfff]/.test(value) ? Array.from(value).length : value.length
}

/** The whole value has to match. Model patterns are Java's: those that the `u` flag refuses are read without it. */
function wholePattern(pattern: string): RegExp {
  const whole = `^(?:${pattern})$`
  try {
    return new RegExp(whole, 'u')
  } catch {
    return new RegExp(whole)
  }
}
