import { createHash, randomUUID } from 'node:crypto'
import { isObject } from '../json.ts'

/** Functions that Step Functions adds to JSONata. https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-functions-provided-by-sfn */
export const stepFunctions: Readonly<Record<string, (...given: unknown[]) => unknown>> = {
  uuid: () => randomUUID(),
  random: (seed) => (seed === undefined ? Math.random() : seededRandom(expectNumber('random', seed))),
  parse: (text) => (text === undefined ? undefined : parseText(text)),
  range: (first, last, step) =>
    makeRange(expectNumber('range', first), expectNumber('range', last), expectNumber('range', step)),
  partition: (items, size) => (items === undefined ? undefined : partition(items, expectNumber('partition', size))),
  hash: (data, algorithm) => (data === undefined ? undefined : hash(data, algorithm)),
}

const longestRange = 1000
const longestHashed = 10_000
const hashes = new Map([
  ['MD5', 'md5'],
  ['SHA-1', 'sha1'],
  ['SHA-256', 'sha256'],
  ['SHA-384', 'sha384'],
  ['SHA-512', 'sha512'],
])

function expectNumber(name: string, value: unknown): number {
  if (typeof value === 'number') return value
  throw new TypeError(`expected a number for $${name}, got ${describe(value)}`)
}

function describe(value: unknown): string {
  return value === undefined ? 'nothing' : `\`${JSON.stringify(value)}\``
}

/** The same seed gives the same number (mulberry32). AWS does not say which generator it uses. */
function seededRandom(seed: number): number {
  let state = (Math.trunc(seed) + 0x6d2b79f5) | 0
  state = Math.imul(state ^ (state >>> 15), state | 1)
  state ^= state + Math.imul(state ^ (state >>> 7), state | 61)
  return ((state ^ (state >>> 14)) >>> 0) / 2 ** 32
}

function parseText(text: unknown): unknown {
  if (typeof text !== 'string') throw new TypeError(`expected a string for $parse, got ${describe(text)}`)
  return JSON.parse(text)
}

function makeRange(first: number, last: number, step: number): number[] {
  if (step === 0) throw new RangeError('expected a step other than 0 for $range')
  const length = Math.max(0, Math.floor((last - first) / step) + 1)
  if (length > longestRange) throw new RangeError(`expected at most ${longestRange} items from $range, got ${length}`)
  return Array.from({ length }, (_, index) => first + index * step)
}

function partition(items: unknown, size: number): unknown[] {
  const all: unknown[] = Array.isArray(items) ? items : [items]
  if (!Number.isInteger(size) || size < 1)
    throw new RangeError(`expected a size of 1 or more for $partition, got ${size}`)
  const parts: unknown[] = []
  for (let start = 0; start < all.length; start += size) parts.push(all.slice(start, start + size))
  return parts
}

function hash(data: unknown, algorithm: unknown = 'SHA-256'): string {
  const text =
    typeof data === 'string' ? data : isObject(data) || Array.isArray(data) ? JSON.stringify(data) : String(data)
  const name = typeof algorithm === 'string' ? hashes.get(algorithm) : undefined
  if (name === undefined) {
    throw new TypeError(`expected one of ${[...hashes.keys()].join(', ')} for $hash, got ${describe(algorithm)}`)
  }
  if (text.length > longestHashed) throw new RangeError(`expected at most ${longestHashed} characters for $hash`)
  return createHash(name).update(text).digest('hex')
}
