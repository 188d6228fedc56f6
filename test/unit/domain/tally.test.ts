import type { Electorate } from '../../../lambda/domain/electorate.ts'
import { tally, type TallyInput } from '../../../lambda/domain/tally.ts'
import { hashA, Story } from '../../support/events.ts'

function of(groups: Record<string, [quorum: number, ...approvers: string[]]>, standIns: string[] = []): Electorate {
  const benches = Object.entries(groups).map(([group, [quorum, ...approvers]]) => ({ group, quorum, approvers }))
  return { groups: benches, standIns, reserve: standIns, conflicts: [] }
}

function input(story: Story, overrides: Partial<TallyInput> = {}): TallyInput {
  return {
    round: story.state.round!,
    electorate: of({ people: [1, 'alice', 'bob'] }),
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
    expect(tally(input(story, { electorate: of({ people: [2, 'alice', 'bob'] }) }))).toBeUndefined()
  })
  test('the same person twice is one person', () => {
    const story = asked().voted('alice', 'accept').voted('alice', 'accept')
    expect(tally(input(story, { electorate: of({ people: [2, 'alice', 'bob'] }) }))).toBeUndefined()
  })
  test('every group that is asked has to reach its quorum', () => {
    const electorate = of({ network: [1, 'alice'], security: [1, 'bob'] })
    expect(tally(input(asked().voted('alice', 'accept'), { electorate }))).toBeUndefined()
    const both = asked().voted('alice', 'accept').voted('bob', 'accept')
    expect(tally(input(both, { electorate }))).toMatchObject({ choice: 'accept', people: ['alice', 'bob'] })
  })
  test('who is in two groups counts in both', () => {
    const electorate = of({ network: [1, 'alice'], security: [1, 'alice', 'bob'] })
    expect(tally(input(asked().voted('alice', 'accept'), { electorate }))).toMatchObject({ choice: 'accept' })
  })
  test('one reject decides over any accept, and over any quorum', () => {
    const story = asked().voted('alice', 'accept').voted('bob', 'reject')
    const electorate = of({ people: [2, 'alice', 'bob'] })
    expect(tally(input(story, { electorate }))).toMatchObject({ choice: 'reject', people: ['bob'] })
  })
  test('the escalation group counts in place of any group, once it is asked', () => {
    const story = asked().voted('lea', 'accept').voted('alice', 'accept')
    const groups = { network: [1, 'alice'], security: [2, 'bob', 'carol'] } satisfies Parameters<typeof of>[0]
    expect(tally(input(story, { electorate: of(groups) }))).toBeUndefined()
    expect(tally(input(story, { electorate: of(groups, ['lea']) }))).toBeUndefined()
    const enough = story.voted('bob', 'accept')
    expect(tally(input(enough, { electorate: of(groups, ['lea']) }))).toMatchObject({ choice: 'accept' })
  })
  test('where nobody is configured nothing is accepted', () => {
    expect(tally(input(asked().voted('alice', 'accept'), { electorate: of({}, ['alice']) }))).toBeUndefined()
  })
  test('an approver who is none any more is not counted', () => {
    expect(tally(input(asked().voted('mallory', 'accept')))).toBeUndefined()
    const electorate = of({ people: [1, 'bob'] })
    expect(tally(input(asked().voted('alice', 'accept').voted('alice', 'reject'), { electorate }))).toBeUndefined()
  })
  test('at the deadline the default stands, unless people have decided', () => {
    expect(tally(input(asked(), { due: true, byDefault: 'leave' }))).toMatchObject({ choice: 'leave', by: 'deadline' })
    expect(tally(input(asked().voted('alice', 'accept'), { due: true }))).toMatchObject({
      choice: 'accept',
      by: 'people',
    })
  })
  test('a default for an offer that nobody was asked about says so', () => {
    const unasked = new Story().inspected(1, hashA).judged()
    expect(tally(input(asked(), { due: true }))).toMatchObject({ reason: 'deadline' })
    expect(tally(input(unasked, { due: true }))).toMatchObject({ reason: 'found-too-late' })
  })
  test('asked often enough, the default stands at once', () => {
    expect(tally(input(asked(), { askedEnough: true }))).toMatchObject({
      choice: 'reject',
      by: 'deadline',
      reason: 'asked-too-often',
    })
  })
  test('a certificate is activated only if everybody who accepts wants it', () => {
    const vote = (approver: string, active?: boolean): Parameters<Story['add']>[0] => ({
      type: 'voted',
      data: {
        approver,
        choice: 'accept',
        comment: '',
        assurance: 'link holder',
        ...(active === undefined ? {} : { active }),
      },
    })
    const electorate = of({ people: [2, 'alice', 'bob'] })
    const decide = (...votes: Parameters<Story['add']>[0][]): unknown => {
      return tally(
        input(
          votes.reduce((story, one) => story.add(one), asked()),
          { electorate },
        ),
      )
    }
    expect(decide(vote('alice', true), vote('bob', true))).toMatchObject({ active: true })
    expect(decide(vote('alice', true), vote('bob', false))).toMatchObject({ active: false })
    expect(decide(vote('alice', true), vote('bob'))).toMatchObject({ active: false })
    expect(decide(vote('alice'), vote('bob'))).not.toHaveProperty('active')
  })
})
