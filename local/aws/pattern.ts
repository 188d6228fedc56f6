import { BlockList, isIP } from 'node:net'

/**
 * EventBridge's event patterns, compiled once. A matcher that is not known here is refused by name when the pattern is
 * compiled, never passed over.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export type EventMatcher = (event: unknown) => boolean

export class PatternError extends Error {
  override readonly name = 'PatternError'
}

/** A leaf sees all values at its place: none when the key is absent, each element of an array. */
type LeafTest = (values: readonly unknown[]) => boolean
type ValueTest = (value: unknown) => boolean

export function compilePattern(pattern: unknown): EventMatcher {
  if (!isObject(pattern) || Object.keys(pattern).length === 0)
    throw new PatternError('expected a pattern object with at least one field')
  return compileObject(pattern, '')
}

function compileObject(pattern: Record<string, unknown>, at: string): EventMatcher {
  const fields = Object.entries(pattern).map(([key, sub]) =>
    key === '$or' && isOr(sub) ? compileOr(sub, at) : compileField({ key, sub, at: at === '' ? key : `${at}.${key}` }),
  )
  return (event) => fields.every((field) => field(event))
}

function isOr(sub: unknown): sub is Record<string, unknown>[] {
  return Array.isArray(sub) && sub.length > 0 && sub.every(isObject)
}

function compileOr(branches: Record<string, unknown>[], at: string): EventMatcher {
  const tests = branches.map((branch) => compileObject(branch, at))
  return (event) => tests.some((test) => test(event))
}

function compileField({ key, sub, at }: { key: string; sub: unknown; at: string }): EventMatcher {
  if (Array.isArray(sub)) {
    const tests = sub.map((one: unknown) => compileLeaf(one, at))
    if (tests.length === 0) throw new PatternError(`expected at least one value at \`${at}\``)
    return (event) => {
      const values = leafValues(valueAt(event, key))
      return tests.some((test) => test(values))
    }
  }
  if (!isObject(sub)) throw new PatternError(`expected an array or an object at \`${at}\``)
  const nested = compileObject(sub, at)
  return (event) => {
    const value = valueAt(event, key)
    return Array.isArray(value) ? value.some((element) => nested(element)) : nested(value)
  }
}

function valueAt(event: unknown, key: string): unknown {
  return isObject(event) && Object.hasOwn(event, key) ? event[key] : undefined
}

function leafValues(value: unknown): readonly unknown[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value]
  return all.filter((one) => one !== undefined && !isObject(one))
}

function compileLeaf(matcher: unknown, at: string): LeafTest {
  if (isObject(matcher) && Object.keys(matcher).length === 1 && 'exists' in matcher) {
    const wanted = matcher.exists
    if (typeof wanted !== 'boolean') throw new PatternError(`expected true or false for \`exists\` at \`${at}\``)
    return (values) => values.length > 0 === wanted
  }
  const test = compileValue(matcher, at)
  return (values) => values.some(test)
}

function compileValue(matcher: unknown, at: string): ValueTest {
  if (matcher === null || ['string', 'number', 'boolean'].includes(typeof matcher)) return (value) => value === matcher
  if (!isObject(matcher)) throw new PatternError(`expected a value or a matcher at \`${at}\``)
  const [entry, ...others] = Object.entries(matcher)
  if (entry === undefined || others.length > 0) throw new PatternError(`expected one operator at \`${at}\``)
  const [operator, operand] = entry
  if (operator === 'anything-but') return compileAnythingBut(operand, at)
  if (operator === 'numeric') return compileNumeric(operand, at)
  return compileText({ operator, operand, at })
}

function compileAnythingBut(operand: unknown, at: string): ValueTest {
  if (isObject(operand)) {
    const [entry, ...others] = Object.entries(operand)
    if (entry === undefined || others.length > 0) throw new PatternError(`expected one operator at \`${at}\``)
    const [operator, inner] = entry
    const tests = asList(inner).map((one) => compileText({ operator, operand: one, at }))
    return (value) => !tests.some((test) => test(value))
  }
  const excluded = asList(operand).map((one) => compileValue(one, at))
  return (value) => !excluded.some((test) => test(value))
}

function compileText({ operator, operand, at }: { operator: string; operand: unknown; at: string }): ValueTest {
  if (operator === 'prefix' || operator === 'suffix') {
    const folded = isObject(operand) && 'equals-ignore-case' in operand
    const affix = textOperand(folded ? operand['equals-ignore-case'] : operand, at)
    const fold = (text: string): string => (folded ? text.toLowerCase() : text)
    const ends = operator === 'suffix'
    return onText((text) => (ends ? fold(text).endsWith(fold(affix)) : fold(text).startsWith(fold(affix))))
  }
  if (operator === 'equals-ignore-case') {
    const wanted = textOperand(operand, at).toLowerCase()
    return onText((text) => text.toLowerCase() === wanted)
  }
  if (operator === 'wildcard') {
    const expression = wildcard(textOperand(operand, at))
    return onText((text) => expression.test(text))
  }
  if (operator === 'cidr') return compileCidr(textOperand(operand, at), at)
  throw new PatternError(`operator \`${operator}\` at \`${at}\` is not supported`)
}

function onText(test: (text: string) => boolean): ValueTest {
  return (value) => typeof value === 'string' && test(value)
}

function textOperand(operand: unknown, at: string): string {
  if (typeof operand !== 'string') throw new PatternError(`expected a string at \`${at}\``)
  return operand
}

/** `*` stands for any characters, `\*` and `\\` for themselves. */
function wildcard(text: string): RegExp {
  const source = text.replace(/\\([*\\])|\*|[.+?^${}()|[\]\\/]/g, (found, escaped: string | undefined) =>
    escaped === undefined ? (found === '*' ? '[^]*' : `\\${found}`) : `\\${escaped}`,
  )
  return new RegExp(`^${source}$`)
}

function compileCidr(operand: string, at: string): ValueTest {
  const [address, bits] = operand.split('/')
  const family = isIP(address ?? '')
  if (address === undefined || family === 0 || !/^\d{1,3}$/.test(bits ?? ''))
    throw new PatternError(`expected a CIDR block at \`${at}\``)
  const block = new BlockList()
  block.addSubnet(address, Number(bits), family === 6 ? 'ipv6' : 'ipv4')
  return onText((text) => isIP(text) !== 0 && block.check(text, isIP(text) === 6 ? 'ipv6' : 'ipv4'))
}

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
}

function compileNumeric(operand: unknown, at: string): ValueTest {
  const parts = asList(operand)
  if (parts.length !== 2 && parts.length !== 4) throw new PatternError(`expected one or two comparisons at \`${at}\``)
  const tests = [parts.slice(0, 2), parts.slice(2)]
    .filter((pair) => pair.length > 0)
    .map(([sign, bound]) => {
      const compare = typeof sign === 'string' ? comparisons[sign] : undefined
      if (compare === undefined || typeof bound !== 'number')
        throw new PatternError(`expected a comparison and a number at \`${at}\``)
      return (value: number): boolean => compare(value, bound)
    })
  return (value) => typeof value === 'number' && tests.every((test) => test(value))
}

function asList(operand: unknown): readonly unknown[] {
  return Array.isArray(operand) ? operand : [operand]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
