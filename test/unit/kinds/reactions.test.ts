import { AccessRefused, ServiceThrottled, UnexpectedAnswer } from '../../../lambda/contract/errors.ts'
import { answerOf, callAws, reactionTo } from '../../../lambda/kinds/reactions.ts'

const call = { table: { Look: { NotThere: { read: 'gone' } } }, operation: 'Look' } as const

const failure = (fields: Record<string, unknown>): Error => Object.assign(new Error('said AWS'), fields)

describe('an error that no table names', () => {
  it.each([
    ['a status of 429', { name: 'NewThrottle', $metadata: { httpStatusCode: 429 } }, { retry: 'ServiceThrottled' }],
    ['the throttling trait', { name: 'New', $retryable: { throttling: true } }, { retry: 'ServiceThrottled' }],
    ['a status of 502', { name: 'BadGateway', $metadata: { httpStatusCode: 502 } }, { retry: 'ServiceUnavailable' }],
    ['a broken connection', { code: 'ECONNRESET' }, { retry: 'ServiceUnavailable' }],
    [
      'a broken connection in its text',
      { message: 'AWS SDK error wrapper for Error: connect ECONNREFUSED 127.0.0.1:1' },
      { retry: 'ServiceUnavailable' },
    ],
    [
      'a refusal that quotes the text of a broken connection',
      { message: 'no such thing: `ECONNRESET`', $metadata: { httpStatusCode: 400 } },
      { loud: 'UnexpectedAnswer' },
    ],
    ['a status of 400', { name: 'NewRule', $metadata: { httpStatusCode: 400 } }, { loud: 'UnexpectedAnswer' }],
    ['nothing that we know', { name: 'SyntaxError' }, { loud: 'UnexpectedAnswer' }],
    ['the name of a property of every object', { name: 'constructor' }, { loud: 'UnexpectedAnswer' }],
  ])('with %s', (_what, fields, reaction) => {
    expect(reactionTo(call, failure(fields))).toEqual(reaction)
  })

  it('goes by its name where IoT throttles with a status of 400', () => {
    const error = failure({ name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } })
    expect(reactionTo(call, error)).toEqual({ retry: 'ServiceThrottled' })
  })
})

describe('a call', () => {
  it('answers with what AWS answered', async () => {
    expect(answerOf(await callAws(call, async () => 7))).toBe(7)
  })

  it('answers with the table where that says where the offer stands', async () => {
    const error = failure({ name: 'NotThere' })
    const result = await callAws(call, () => Promise.reject(error))
    expect(result).toEqual({ ok: false, reaction: { read: 'gone' }, detail: 'Look: NotThere: said AWS' })
    expect(() => answerOf(result)).toThrow(UnexpectedAnswer)
  })

  it('throws the error that somebody reacts to, with its cause', async () => {
    const error = failure({ name: 'SlowDown' })
    await expect(callAws(call, () => Promise.reject(error))).rejects.toMatchObject({
      name: 'ServiceThrottled',
      message: 'Look: SlowDown: said AWS',
      cause: error,
    })
  })

  it('passes on what is one of ours already', async () => {
    const ours = new AccessRefused('no such role')
    await expect(callAws(call, () => Promise.reject(ours))).rejects.toBe(ours)
    await expect(callAws(call, () => Promise.reject(new ServiceThrottled('slow')))).rejects.toThrow('slow')
  })

  it('bounds what it quotes', async () => {
    const error = failure({ name: 'AccessDenied', message: 'x'.repeat(9000) })
    await expect(callAws(call, () => Promise.reject(error))).rejects.toThrow(/^Look: AccessDenied: x{480}$/)
  })
})
