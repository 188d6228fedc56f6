import { Recent } from '../../lambda/recent.ts'

test('keeps what was used last, at most so many, and makes the others anew', () => {
  const made: string[] = []
  const recent = new Recent<string>(2)
  const get = (key: string): string =>
    recent.get(key, () => {
      made.push(key)
      return `value of ${key}`
    })
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) expect(get(key)).toBe(`value of ${key}`)
  expect(made).toEqual(['a', 'b', 'c', 'b'])
  recent.delete('a')
  get('a')
  expect(made).toEqual(['a', 'b', 'c', 'b', 'a'])
})
