import { roundOf } from '../../../lambda/domain/rounds.ts'
import { hashA, hashB, Story } from '../../support/events.ts'

describe('roundOf', () => {
  test('the first inspection begins round 1', () => {
    const step = roundOf(new Story().state, { run: 1, round: 0, cause: 'first', factsHash: hashA })
    expect(step).toEqual({ step: 'next', round: 1, cause: 'first' })
  })

  test('the same facts append nothing', () => {
    const { state } = new Story().inspected(1, hashA)
    expect(roundOf(state, { run: 1, round: 1, cause: 'look', factsHash: hashA })).toEqual({ step: 'same', round: 1 })
  })

  test('other facts begin the next round', () => {
    const { state } = new Story().inspected(1, hashA)
    const step = roundOf(state, { run: 1, round: 1, cause: 'look', factsHash: hashB })
    expect(step).toEqual({ step: 'next', round: 2, cause: 'facts-changed' })
  })

  test.each(['facts-changed', 'refused', 'policy-changed', 'mode-changed', 'out-of-bound'] as const)(
    '%s begins the next round on the same facts too',
    (cause) => {
      const { state } = new Story().inspected(1, hashA)
      expect(roundOf(state, { run: 1, round: 1, cause, factsHash: hashA })).toEqual({ step: 'next', round: 2, cause })
    },
  )

  test('a repeated inspection gives back the round that it began, whatever the facts are now', () => {
    const { state } = new Story().inspected(1, hashA).inspected(2, hashB, { cause: 'facts-changed' })
    expect(roundOf(state, { run: 1, round: 1, cause: 'facts-changed', factsHash: hashA })).toEqual({
      step: 'stored',
      round: 2,
    })
  })

  test('a new run goes on with the round of the same facts', () => {
    const { state } = new Story().inspected(3, hashA).failed()
    expect(roundOf(state, { run: 2, round: 0, cause: 'first', factsHash: hashA })).toEqual({
      step: 'next',
      round: 3,
      cause: 'look',
    })
  })

  test('a new run that finds other facts begins the next round, and it counts', () => {
    const { state } = new Story().inspected(3, hashA).failed()
    expect(roundOf(state, { run: 2, round: 0, cause: 'first', factsHash: hashB })).toEqual({
      step: 'next',
      round: 4,
      cause: 'facts-changed',
    })
  })

  test('a reopening never goes on with an old round', () => {
    const { state } = new Story()
      .inspected(1, hashA)
      .add({ type: 'closed', data: { outcome: 'LEFT', finding: 'left' } })
      .reopened()
    expect(roundOf(state, { run: 2, round: 0, cause: 'first', factsHash: hashA })).toEqual({
      step: 'next',
      round: 2,
      cause: 'first',
    })
  })
})
