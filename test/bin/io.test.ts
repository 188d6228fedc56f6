import { printJson } from '../../bin/cli/io.ts'

function printed(value: unknown): string {
  let text = ''
  printJson({ root: '', env: {}, out: (more) => (text += more), err: () => undefined, onStop: () => undefined }, value)
  return text
}

test('JSON on a terminal shows what would steer it or turn its text around', () => {
  const hostile = 'a\u009b31m\u007f\u202eb\u2066\u2028\u{e0041}c é 😀'
  expect(printed({ hostile })).toBe(
    '{\n  "hostile": "a\\u009b31m\\u007f\\u202eb\\u2066\\u2028\\udb40\\udc41c é 😀"\n}\n',
  )
  expect(JSON.parse(printed({ hostile }))).toEqual({ hostile })
})
