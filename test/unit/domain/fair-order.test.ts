import { inTurns } from '../../../lambda/domain/fair-order.ts'

const items = (text: string): { counterparty: string | null; name: string }[] =>
  text.split(' ').map((name) => ({ counterparty: name.startsWith('?') ? null : (name[0] ?? ''), name }))
const names = (text: string): string =>
  inTurns(items(text))
    .map(({ name }) => name)
    .join(' ')

test.each([
  ['a1 a2 a3 b1', 'a1 b1 a2 a3'],
  ['a1 a2 b1 c1 b2 a3', 'a1 b1 c1 a2 b2 a3'],
  ['a1 a2 ?1 ?2', 'a1 ?1 a2 ?2'],
  ['a1', 'a1'],
])('%s: %s', (given, expected) => {
  expect(names(given)).toBe(expected)
})

test('nobody waits longer than one offer of each other party', () => {
  const flood = Array.from({ length: 2000 }, (_, index) => `a${index}`).join(' ')

  expect(names(`${flood} b1`).split(' ').indexOf('b1')).toBe(1)
})
