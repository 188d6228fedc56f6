import { pairsOf, tableOf } from '../../local/table.ts'

test('columns are as wide as their widest cell, and nothing trails', () => {
  const text = tableOf(
    ['id', 'status', 'note'],
    [
      ['a-long-id', 'open', '-'],
      ['b', '', ''],
    ],
  )

  expect(text).toBe(['ID         STATUS  NOTE', 'a-long-id  open    -', 'b', ''].join('\n'))
})

test('wide characters take two columns, combined ones take one', () => {
  expect(
    tableOf(
      ['a', 'b'],
      [
        ['日本', 'x'],
        ['e\u0301', 'x'],
      ],
    ),
  ).toBe(['A     B', '日本  x', 'e\u0301     x', ''].join('\n'))
})

test('pairs are aligned by their labels', () => {
  expect(
    pairsOf([
      ['Offer', 'x'],
      ['', 'more'],
      ['Our account', 'y'],
    ]),
  ).toBe('Offer        x\n             more\nOur account  y\n')
  expect(pairsOf([])).toBe('')
})
