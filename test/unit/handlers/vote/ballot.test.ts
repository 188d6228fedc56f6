import type { Settings } from '../../../../lambda/contract/settings.ts'
import type { EventOf, Judged } from '../../../../lambda/domain/event.ts'
import type { Ballot } from '../../../../lambda/handlers/vote/ballot.ts'
import { checkBallot } from '../../../../lambda/handlers/vote/check-ballot.ts'
import { hashA, Story } from '../../../support/events.ts'
import { testSettings } from '../../../support/world.ts'

const now = new Date('2026-11-20T15:00:00.000Z')
const people = [
  { id: 'alice', email: 'alice@example.com' },
  { id: 'bob', email: 'bob@example.com', accounts: ['444455556666'] },
  { id: 'lea', email: 'lea@example.com' },
]
const groups = {
  people: { approvers: ['alice', 'bob'], quorum: 1 },
  leads: { approvers: ['lea'], quorum: 1 },
}

function asked(judged: Partial<Judged> = {}): Story {
  return new Story().inspected(1, hashA).judged(judged).asked(['alice'])
}

function cast(
  story: Story,
  ballot: Partial<Omit<Ballot, 'fields'>> & { fields?: Partial<Ballot['fields']> } = {},
  approvers: Settings['approvers'] = people,
): ReturnType<typeof checkBallot> {
  const settings: Settings = testSettings({ approvers, groups, escalationGroup: 'leads' })
  const fields = { choice: 'accept', comment: '', factsHash: hashA, round: '1', digits: '6666', ...ballot.fields }
  const { offerId } = story.state
  return checkBallot(
    { offerId, approver: 'alice', assurance: 'link holder', ...ballot, fields },
    { state: story.state, now, settings },
  )
}

/** The story with the vote that was let through. */
function voted(story: Story, data: EventOf<'voted'>['data']): Story {
  return story.add({ type: 'voted', data })
}

function voteOf(checked: ReturnType<typeof checkBallot>): EventOf<'voted'>['data'] {
  if (!('vote' in checked)) throw new Error(`refused: ${JSON.stringify(checked)}`)
  return checked.vote
}

describe('who may vote', () => {
  test('an approver of a group that is asked', () => {
    expect(voteOf(cast(asked()))).toEqual({
      approver: 'alice',
      choice: 'accept',
      comment: '',
      assurance: 'link holder',
    })
  })

  test('not somebody who works for the other side, and they are told so', () => {
    expect(cast(asked(), { approver: 'bob' })).toEqual({
      result: 'refused',
      field: 'choice',
      problem: 'You work for the account on the other side, so others decide about this offer.',
    })
  })

  test('not who began the transfer', () => {
    const initiator = 'arn:aws:sts::111111111111:assumed-role/Admin/alice'
    const story = asked().add({ type: 'noticed', data: { initiator } })
    const initiating = people.map((person) => (person.id === 'alice' ? { ...person, principals: [initiator] } : person))
    expect(cast(story, {}, initiating)).toMatchObject({ result: 'refused', field: 'choice' })
  })

  test('the escalation group once it is asked, not before', () => {
    expect(cast(asked(), { approver: 'lea' })).toEqual({
      result: 'refused',
      field: 'choice',
      problem: 'Other people decide about this offer now.',
    })
    const escalated = asked().add({ type: 'escalated', data: { approvers: ['lea'], why: 'time' } })
    expect(voteOf(cast(escalated, { approver: 'lea' }))).toMatchObject({ approver: 'lea' })
  })

  test('nobody who is in no group: their link is none', () => {
    expect(cast(asked(), { approver: 'mallory' })).toEqual({ result: 'unknown-link' })
  })
})

test('what policy lets nobody accept can be rejected, not accepted, and the reason is policy’s', () => {
  const story = asked({
    approval: { allowed: false, policies: [{ id: 'no-ca', reason: 'No certificate authorities.' }], errors: [] },
  })
  expect(cast(story)).toEqual({
    result: 'refused',
    field: 'choice',
    problem: 'Policy lets nobody accept this offer as it is now. No certificate authorities.',
  })
  expect(voteOf(cast(story, { fields: { choice: 'reject', comment: 'no' } }))).toMatchObject({ choice: 'reject' })
})

describe('active at once', () => {
  test('is what the accepter chose, where policy leaves it to them', () => {
    const story = asked({ mayActivate: true })
    expect(voteOf(cast(story, { fields: { active: 'yes' } }))).toMatchObject({ active: true })
    expect(voteOf(cast(story))).toMatchObject({ active: false })
    expect(voteOf(cast(story, { fields: { active: 'true' } }))).toMatchObject({ active: false })
  })

  test('is nothing to choose elsewhere, nor for a reject', () => {
    expect(voteOf(cast(asked(), { fields: { active: 'yes' } }))).not.toHaveProperty('active')
    const reject = { choice: 'reject', comment: 'no', active: 'yes' }
    expect(voteOf(cast(asked({ mayActivate: true }), { fields: reject }))).not.toHaveProperty('active')
  })

  test('makes another vote of the same choice', () => {
    const story = asked({ mayActivate: true })
    voted(story, voteOf(cast(story)))
    expect(cast(story)).toEqual({ result: 'standing', choice: 'accept' })
    expect(voteOf(cast(story, { fields: { active: 'yes' } }))).toMatchObject({ active: true })
  })
})

test('what proves a vote is used once: sent again later it brings no old vote back', () => {
  const story = asked()
  voted(story, voteOf(cast(story, { proof: 'one' })))
  voted(story, voteOf(cast(story, { proof: 'two', fields: { choice: 'reject', comment: 'no' } })))
  expect(cast(story, { proof: 'one' })).toEqual({ result: 'standing', choice: 'reject' })
  expect(story.state.round?.votes.get('alice')?.choice).toBe('reject')
})
