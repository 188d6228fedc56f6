import * as z from 'zod'
import { UnexpectedAnswer } from '../../../lambda/contract/errors.ts'
import { ItemReader, parseAnswer } from '../../../lambda/kinds/answer.ts'
import { cutText } from '../../../lambda/kinds/text.ts'

const schema = z.object({ status: z.enum(['PENDING', 'ACCEPTED']), at: z.date().optional() })

describe('an answer of AWS', () => {
  it('passes where it has the expected form', () => {
    expect(parseAnswer(schema, { status: 'PENDING', more: 1 }, 'invitation')).toEqual({ status: 'PENDING' })
  })

  it.each([
    ['an unknown status', { status: 'WITHDRAWN' }, /^invitation\.status: .*got `WITHDRAWN`$/],
    ['no status', {}, /^invitation\.status: .*got nothing$/],
    ['nothing at all', undefined, /^invitation: .*got nothing$/],
    ['a number for a date', { status: 'PENDING', at: 3 }, /^invitation\.at: .*got `3`$/],
  ])('names the field where it has %s', (_what, value, message) => {
    expect(() => parseAnswer(schema, value, 'invitation')).toThrow(UnexpectedAnswer)
    expect(() => parseAnswer(schema, value, 'invitation')).toThrow(message)
  })

  it('quotes no more than 80 characters', () => {
    expect(() => parseAnswer(schema, { status: 'x'.repeat(9000) }, 'i')).toThrow(new RegExp(`got \`x{80}\`$`))
  })
})

describe('the items of a listing', () => {
  it('reads the sound ones and then throws the first odd one', () => {
    const items = new ItemReader()
    const read = [{ status: 'PENDING' }, { status: 'odd' }, { status: 'odder' }, { status: 'ACCEPTED' }].map((item) =>
      items.read(() => parseAnswer(schema, item, 'item').status),
    )
    expect(read).toEqual(['PENDING', undefined, undefined, 'ACCEPTED'])
    expect(() => {
      items.finish()
    }).toThrow('got `odd`')
  })

  it('lets other errors through', () => {
    const fails = (): never => {
      throw new RangeError('a bug')
    }
    expect(() => {
      new ItemReader().read(fails)
    }).toThrow(RangeError)
  })
})

describe('cutting text', () => {
  it('counts code units and never splits a pair', () => {
    expect(cutText('abc', 3)).toBe('abc')
    expect(cutText('abcd', 3)).toBe('abc')
    expect(cutText('ab\u{1f600}', 3)).toBe('ab')
    expect(cutText('ab\u{1f600}', 4)).toBe('ab\u{1f600}')
    expect(cutText('a\u{1f600}b', 3)).toBe('a\u{1f600}')
  })

  it('replaces halves that came in alone', () => {
    expect(cutText('a\ud83db\ude00', 10)).toBe('a\ufffdb\ufffd')
  })
})
