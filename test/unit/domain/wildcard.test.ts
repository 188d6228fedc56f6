import fc from 'fast-check'
import { includesPattern, patternsOverlap } from '../../../lambda/domain/wildcard.ts'

const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 7 })
const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 7 })

/** Said once more, by a regular expression. */
function matches(pattern: string, text: string): boolean {
  return new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text)
}

/** Every text up to this length: long enough to tell patterns of seven apart. */
function textsUpTo(length: number): string[] {
  const longer = length === 0 ? [] : textsUpTo(length - 1).filter((text) => text.length === length - 1)
  return length === 0
    ? ['']
    : [...textsUpTo(length - 1), ...longer.flatMap((text) => ['a', 'b', 'c'].map((c) => text + c))]
}
const allTexts = textsUpTo(5)

test.each([
  ['*', 's3:GetObject', true],
  ['s3:Get*', 's3:GetObject', true],
  ['s3:Get*', 's3:Get*', true],
  ['s3:Get*', 's3:*', false],
  ['s3:GetObject?', 's3:GetObject*', false],
  ['*?', '?*', true],
  ['a*b*c', 'a?b??c', true],
  ['', '*', false],
])('`%s` includes `%s`: %s', (whole, part, expected) => {
  expect(includesPattern(whole, part)).toBe(expected)
})

test('a pattern includes a text exactly if it matches it', () => {
  fc.assert(fc.property(patterns, texts, (pattern, text) => includesPattern(pattern, text) === matches(pattern, text)))
})

test('what one includes, it includes of every text', () => {
  fc.assert(
    fc.property(patterns, patterns, (whole, part) => {
      if (!includesPattern(whole, part)) return true
      return allTexts.every((text) => !matches(part, text) || matches(whole, text))
    }),
  )
})

test('two overlap if some text is of both, and not if none is', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '*', '?'), maxLength: 4 }), patterns, (one, other) => {
      fc.pre(other.replaceAll('*', '').length + one.replaceAll('*', '').length <= 5)
      return patternsOverlap(one, other) === allTexts.some((text) => matches(one, text) && matches(other, text))
    }),
  )
})

test('a long pattern of stars takes no time', () => {
  expect(patternsOverlap('*a'.repeat(1000), `${'*b'.repeat(999)}*a`)).toBe(true)
  expect(includesPattern('*a'.repeat(1000), 'a'.repeat(2000))).toBe(true)
})
