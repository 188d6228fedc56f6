import { tally, type TallyInput } from '../../../lambda/domain/tally.ts'
import { hashA, Story } from '../../support/events.ts'

function input(story: Story, overrides: Partial<TallyInput> = {}): TallyInput {
  return {
    round: story.state.round!,
    approvers: ['alice', 'bob'],
    quorum: 1,
    byDefault: 'reject',
    due: false,
    askedEnough: false,
    ...overrides,
  }
}

const asked = (): Story => new Story().inspected(1, hashA).judged().asked(['alice', 'bob'])

describe('tally', () => {
  test('nobody voted: not yet', () => {
    expect(tally(input(asked()))).toBeUndefined()
  })
  test('one accept is enough for a quorum of one, not of two', () => {
    const story = asked().voted('alice', 'accept')
    expect(tally(input(story))).toMatchObject({ choice: 'accept', by: 'people', people: ['alice'] })
    expect(tally(input(story, { quorum: 2 }))).toBeUndefined()
  })
  test('one reject decides over any accept', () => {
    const story = asked().voted('alice', 'accept').voted('bob', 'reject')
    expect(tally(input(story))).toMatchObject({ choice: 'reject', people: ['bob'] })
  })
  test('an approver who is none any more is not counted', () => {
    expect(tally(input(asked().voted('mallory', 'accept')))).toBeUndefined()
    expect(tally(input(asked().voted('alice', 'accept'), { approvers: ['bob'] }))).toBeUndefined()
  })
  test('at the deadline the default stands, unless people have decided', () => {
    expect(tally(input(asked(), { due: true, byDefault: 'leave' }))).toMatchObject({ choice: 'leave', by: 'deadline' })
    expect(tally(input(asked().voted('alice', 'accept'), { due: true }))).toMatchObject({
      choice: 'accept',
      by: 'people',
    })
  })
  test('asked often enough, the default stands at once', () => {
    expect(tally(input(asked(), { askedEnough: true }))).toMatchObject({
      choice: 'reject',
      by: 'deadline',
      reason: 'asked-too-often',
    })
  })
})
