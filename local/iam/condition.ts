import { isKnownKey, type Context } from './context.ts'
import { arnPattern, wildcard } from './wildcard.ts'

/** What came of a condition: the values of the policy that hold, or why it cannot be evaluated here. */
export type Tested = { holds: boolean; matched: readonly string[] } | { unclear: string }

export interface Condition {
  /** `StringEquals sts:ExternalId` */
  readonly name: string
  readonly key: string
  readonly values: readonly string[]
  readonly test: (context: Context) => Tested
}

interface Operator {
  /** True when the policy's value fits the call's. */
  compare: (value: string) => (given: string) => boolean
  negated: boolean
}

const equals = (value: string): ((given: string) => boolean) => wildcardFree(value)
const equalsIgnoringCase = (value: string): ((given: string) => boolean) => {
  const lower = value.toLowerCase()
  return (given) => given.toLowerCase() === lower
}

const operators: Readonly<Record<string, Operator>> = {
  StringEquals: { compare: equals, negated: false },
  StringNotEquals: { compare: equals, negated: true },
  StringEqualsIgnoreCase: { compare: equalsIgnoringCase, negated: false },
  StringNotEqualsIgnoreCase: { compare: equalsIgnoringCase, negated: true },
  StringLike: { compare: (value) => wildcard(value), negated: false },
  StringNotLike: { compare: (value) => wildcard(value), negated: true },
  // Both operators of a pair take wildcards.
  ArnEquals: { compare: arnPattern, negated: false },
  ArnLike: { compare: arnPattern, negated: false },
  ArnNotEquals: { compare: arnPattern, negated: true },
  ArnNotLike: { compare: arnPattern, negated: true },
  Bool: { compare: equalsIgnoringCase, negated: false },
}

function wildcardFree(value: string): (given: string) => boolean {
  return (given) => given === value
}

type Quantity = 'ForAllValues' | 'ForAnyValue' | undefined

/** Compiles one operator with one key. What cannot be evaluated is found when it is asked for, and named then. */
export function compileCondition(operator: string, key: string, values: readonly string[]): Condition {
  const name = `${operator} ${key}`
  const test = testOf(operator, key, values)
  return { name, key, values, test: typeof test === 'string' ? () => ({ unclear: test }) : test }
}

function testOf(written: string, key: string, values: readonly string[]): Condition['test'] | string {
  const [, set, base = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(written) ?? []
  const quantity: Quantity = set === 'ForAllValues' || set === 'ForAnyValue' ? set : undefined
  if (!isKnownKey(key)) return `the key ${key} is not known here`
  if (values.some((value) => value.includes('${'))) return `the values of ${key} hold a policy variable`
  if (base === 'Null' && quantity === undefined && ifExists === undefined) return nullTest(key, values)
  const operator = Object.hasOwn(operators, base) ? operators[base] : undefined
  if (operator === undefined) return `the operator ${written} is not known here`
  return compare({ ...operator, quantity, key, values, absentHolds: ifExists !== undefined })
}

function nullTest(key: string, values: readonly string[]): Condition['test'] {
  return (context) => {
    const absent = String(!context.has(key.toLowerCase()))
    return { holds: values.includes(absent), matched: values.filter((value) => value === absent) }
  }
}

interface Comparison extends Operator {
  quantity: Quantity
  key: string
  values: readonly string[]
  absentHolds: boolean
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html */
function compare({ quantity, key, values, absentHolds, compare: fits, negated }: Comparison): Condition['test'] {
  const lower = key.toLowerCase()
  const tests = values.map((value) => ({ value, fits: fits(value) }))
  const passes = (given: string): boolean => tests.some((one) => one.fits(given)) !== negated
  return (context) => {
    const given = context.get(lower)
    if (given === undefined)
      return {
        holds: absentHolds || (negated && quantity !== 'ForAnyValue') || quantity === 'ForAllValues',
        matched: [],
      }
    if (typeof given !== 'string' && quantity === undefined)
      return { unclear: `${key} has several values and the operator none of ForAllValues and ForAnyValue` }
    const all = typeof given === 'string' ? [given] : given
    const holds = quantity === 'ForAnyValue' ? all.some(passes) : all.every(passes)
    return { holds, matched: tests.filter((one) => all.some(one.fits)).map(({ value }) => value) }
  }
}
