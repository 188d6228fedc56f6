import { fold, hasBasis, isCurrent } from '../../../lambda/domain/state.ts'
import { hashA, hashB, Story } from '../../support/events.ts'

describe('fold', () => {
  test('of no events is undefined', () => {
    expect(fold([])).toBeUndefined()
  })

  test('a detected offer is open in run 1 and has no round', () => {
    const { state } = new Story()
    expect(state).toMatchObject({ status: 'open', run: 1, seq: 1, changes: 0 })
    expect(state.round).toBeUndefined()
  })

  test('refuses a story that does not begin with detected', () => {
    const { events } = new Story().inspected(1, hashA)
    expect(() => fold(events.slice(1))).toThrow(/first event/)
  })

  test("counts an approver's last vote of the current round", () => {
    const { state } = new Story().inspected(1, hashA).judged().asked().voted('alice', 'accept').voted('alice', 'reject')
    expect(state.round?.votes.get('alice')?.choice).toBe('reject')
    expect(state.round?.voteCounts.get('alice')).toBe(2)
  })

  test('ignores votes on another round or other facts', () => {
    const story = new Story().inspected(1, hashA).judged().asked().inspected(2, hashB, { cause: 'facts-changed' })
    story
      .voted('alice', 'accept', { round: 1, factsHash: hashA })
      .voted('bob', 'accept', { round: 2, factsHash: hashA })
    expect(story.state.round?.votes.size).toBe(0)
  })

  test('voids votes when the next round begins, even on the same facts', () => {
    const { state } = new Story()
      .inspected(1, hashA)
      .judged()
      .asked()
      .voted('alice', 'accept')
      .inspected(2, hashA, { cause: 'refused' })
    expect(state.round?.votes.size).toBe(0)
    expect(state.changes).toBe(1)
  })

  test('a new run on the same round keeps votes, and judges anew', () => {
    const story = new Story().inspected(1, hashA).judged().asked().voted('alice', 'accept').decided('accept').failed()
    const { state } = story.inspected(1, hashA, { cause: 'look' })
    expect(state.round?.votes.get('alice')?.choice).toBe('accept')
    expect(state.round?.judged).toBeUndefined()
    expect(state.round?.decision).toBeUndefined()
    expect(state.round?.asked?.approvers).toEqual(['alice'])
  })

  test('a verdict or decision of an earlier run is not of this one', () => {
    const story = new Story().inspected(1, hashA).failed().inspected(1, hashA, { cause: 'look' })
    const { state } = story.add({ type: 'judged', run: 1, data: { ...storyJudged, verdict: 'accept' } })
    expect(state.round?.judged).toBeUndefined()
  })

  test("people's reject is carried into every later round and run, until it is settled", () => {
    const story = new Story().inspected(1, hashA).judged().asked().voted('alice', 'reject').decided('reject').failed()
    expect([...story.state.carriedRejects]).toEqual([hashA])
    story
      .inspected(1, hashA, { cause: 'look' })
      .add({ type: 'settled', data: { action: 'reject', result: 'settled', detail: '', changed: [] } })
    expect([...story.state.carriedRejects]).toEqual([])
  })

  test("the deadline's reject is not carried", () => {
    const { state } = new Story().inspected(1, hashA).judged().decided('reject', 'deadline').failed()
    expect([...state.carriedRejects]).toEqual([])
  })

  test('the window that people were first asked in stands for later rounds, until a reopening', () => {
    const window = { at: '2026-11-27T10:00:00.000Z', from: 'window' as const }
    const story = new Story().inspected(1, hashA).judged()
    story.add({ type: 'asked', data: { approvers: ['alice'], deadline: window, purpose: 'approval' } })
    const later = { ...window, at: '2026-12-01T10:00:00.000Z' }
    story
      .inspected(2, hashB, { cause: 'facts-changed' })
      .add({ type: 'asked', data: { approvers: ['alice'], deadline: later, purpose: 'approval' } })
    expect(story.state.askedUntil).toBe(window.at)
    story.add({ type: 'closed', data: { outcome: 'LEFT', finding: 'left' } }).reopened()
    expect(story.state.askedUntil).toBeUndefined()
  })

  test('a failure ends the run, not the case', () => {
    const { state } = new Story().inspected(1, hashA).failed()
    expect(state).toMatchObject({ status: 'open', run: 2, failures: 1 })
    expect(isCurrent(state, 1)).toBe(false)
    expect(isCurrent(state, 2)).toBe(true)
  })

  test('a reopening starts a new run, counts changes anew and forgets votes', () => {
    const story = new Story()
      .inspected(1, hashA)
      .judged()
      .asked()
      .voted('alice', 'accept')
      .inspected(2, hashB, { cause: 'facts-changed' })
    story.add({ type: 'closed', data: { outcome: 'OBSERVED', finding: 'observed' } }).reopened()
    expect(story.state).toMatchObject({ status: 'open', run: 2, changes: 0, lastRound: 2 })
    expect(story.state.round).toBeUndefined()
  })
})

const storyJudged = new Story().inspected(1, hashA).judged().state.round!.judged!

describe('hasBasis', () => {
  test('an accept by people needs the second judging', () => {
    const story = new Story().inspected(1, hashA).judged().asked().voted('alice', 'accept').decided('accept')
    expect(hasBasis(story.state, 'accept')).toBe(false)
    story.add({
      type: 'approved',
      data: { allowed: true, policies: [], errors: [], mode: 'enforce', policyDigest: 'd' },
    })
    expect(hasBasis(story.state, 'accept')).toBe(true)
  })

  test("is never that of an earlier run's verdict", () => {
    const { state } = new Story().inspected(1, hashA).judged({ verdict: 'accept' }).failed()
    expect(hasBasis(state, 'accept')).toBe(false)
  })
})
