import { readCursor, takePage } from '../../../local/aws/paging.ts'

const items = [1, 2, 3, 4, 5].map((seq) => ({ seq }))
const seqs = (page: { items: { seq: number }[] }) => page.items.map(({ seq }) => seq)

test('what leaves between two pages hides nothing and doubles nothing', () => {
  const first = takePage(items, { cursor: undefined, size: 2 })
  const left = items.filter(({ seq }) => seq > 2)

  const second = takePage(left, { cursor: readCursor(first.next ?? ''), size: 2 })
  const third = takePage(left, { cursor: readCursor(second.next ?? ''), size: 2 })

  expect([first, second, third].map(seqs)).toEqual([[1, 2], [3, 4], [5]])
  expect(third.next).toBeUndefined()
})

test('pages go downwards as well', () => {
  const newestFirst = [...items].reverse()
  const first = takePage(newestFirst, { cursor: undefined, size: 3, descending: true })

  const second = takePage(newestFirst, { cursor: readCursor(first.next ?? ''), size: 3, descending: true })

  expect([first, second].map(seqs)).toEqual([
    [5, 4, 3],
    [2, 1],
  ])
})

test('a token of another make is no cursor', () => {
  expect(readCursor('bm9uZQ==')).toBeUndefined()
  expect(readCursor('')).toBeUndefined()
})
