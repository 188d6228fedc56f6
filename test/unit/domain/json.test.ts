import { canonicalJson, jsonSchema } from '../../../lambda/domain/json.ts'

test.each([null, 0, -1.5, '', true, [], {}, Object.create(null), { a: [{ b: null }, 'c'] }])('%j is JSON', (value) => {
  expect(jsonSchema.parse(value)).toBe(value)
})

test.each([
  ...[undefined, NaN, Infinity, 1n, Symbol('s'), () => null, new Date(0), new Map(), new Uint8Array(1)],
  ...[[undefined], { a: undefined }, { a: { b: [new Date(0)] } }],
])('JSON cannot hold %p', (value) => {
  expect(jsonSchema.safeParse(value).success).toBe(false)
})

test('the same value gives the same text, whatever the order of its keys', () => {
  expect(canonicalJson({ b: 1, a: [{ d: null, c: '\u20ac' }] })).toBe('{"a":[{"c":"€","d":null}],"b":1}')
})
