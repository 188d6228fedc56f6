import { findingOf, outcomeOf } from '../../../lambda/domain/outcome.ts'
import { aRef, hashA, Story } from '../../support/events.ts'

const now = new Date('2026-11-21T10:00:00Z')
const certificate = aRef({ kind: 'iot-transfer' })
const inspected = (expiresAt: string | null = null, ref = aRef()): Story =>
  new Story(ref).inspected(1, hashA, { expiresAt })

describe('outcomeOf', () => {
  test('found answered with no attempt and no decision: somebody else did', () => {
    expect(outcomeOf(inspected().state, 'accepted', now)).toBe('SUPERSEDED')
    expect(outcomeOf(inspected().state, 'rejected', now)).toBe('SUPERSEDED')
  })
  test('found answered as the current verdict says: ours', () => {
    expect(outcomeOf(inspected().judged({ verdict: 'accept' }).state, 'accepted', now)).toBe('ACCEPTED')
    expect(outcomeOf(inspected().judged({ verdict: 'accept' }).state, 'rejected', now)).toBe('SUPERSEDED')
  })
  test('found answered as an attempt of an earlier run wanted: ours', () => {
    const story = inspected()
      .judged({ verdict: 'accept' })
      .add({ type: 'attempted', data: { action: 'accept' } })
      .failed()
    expect(outcomeOf(story.state, 'accepted', now)).toBe('ACCEPTED')
  })
  test('gone is LAPSED past its expiry, else WITHDRAWN', () => {
    expect(outcomeOf(inspected('2026-11-21T09:00:00.000Z').state, 'gone', now)).toBe('LAPSED')
    expect(outcomeOf(inspected('2026-11-21T11:00:00.000Z').state, 'gone', now)).toBe('WITHDRAWN')
    expect(outcomeOf(inspected().state, 'gone', now)).toBe('WITHDRAWN')
    expect(outcomeOf(inspected().state, 'expired', now)).toBe('LAPSED')
  })
  test('left and observed speak for themselves', () => {
    expect(outcomeOf(inspected().state, 'left', now)).toBe('LEFT')
    expect(outcomeOf(inspected().state, 'observed', now)).toBe('OBSERVED')
  })
})

describe('findingOf', () => {
  const attempted = (): Story =>
    inspected(null, certificate)
      .judged({ verdict: 'reject' })
      .add({ type: 'attempted', data: { action: 'reject' } })

  test('gone after an attempt to reject was that attempt', () => {
    expect(findingOf({ state: 'gone' }, attempted().state)).toBe('rejected')
  })
  test('gone without an attempt, or after an attempt to accept, is gone', () => {
    expect(findingOf({ state: 'gone' }, inspected(null, certificate).state)).toBe('gone')
    const accepting = inspected(null, certificate)
      .judged({ verdict: 'accept' })
      .add({ type: 'attempted', data: { action: 'accept' } })
    expect(findingOf({ state: 'gone' }, accepting.state)).toBe('gone')
  })
  test('an attempt that found it gone before the call did not reject it', () => {
    const story = attempted().add({
      type: 'settled',
      data: { action: 'reject', result: 'gone', detail: '', changed: [] },
    })
    expect(findingOf({ state: 'gone' }, story.state)).toBe('gone')
  })

  test('a kind that shows a reject as such needs no guess', () => {
    const story = inspected()
      .judged({ verdict: 'reject' })
      .add({ type: 'attempted', data: { action: 'reject' } })
    expect(findingOf({ state: 'gone' }, story.state)).toBe('gone')
  })
})
