import fc from 'fast-check'
import { electorateOf, type ApprovalRules } from '../../../lambda/domain/electorate.ts'
import type { Choice, Judged } from '../../../lambda/domain/event.ts'
import { electorateAsRecorded, progressOf } from '../../../lambda/domain/progress.ts'
import { tally } from '../../../lambda/domain/tally.ts'
import { hashA, Story } from '../../support/events.ts'

const people = ['ada', 'ben', 'cara', 'dora', 'erin']
const rules: ApprovalRules = {
  approvers: people.map((id) => ({ id })),
  groups: {
    network: { approvers: ['ada', 'ben', 'cara'], quorum: 2 },
    security: { approvers: ['cara', 'dora'], quorum: 1 },
    duty: { approvers: ['erin'], quorum: 1 },
  },
  defaultGroup: 'security',
  escalationGroup: 'duty',
}
const routing: Judged['routing'] = [
  { group: 'network', quorum: 2 },
  { group: 'security', quorum: 1 },
]

function storyOf(votes: [string, Choice][] = []): Story {
  const story = new Story().inspected(1, hashA).judged({ routing }).asked(['ada', 'ben', 'cara', 'dora'])
  for (const [approver, choice] of votes) story.voted(approver, choice)
  return story
}

test('says of each group who accepted, how many are missing, and who may still', () => {
  const { state } = storyOf([
    ['cara', 'accept'],
    ['ada', 'reject'],
    ['ada', 'accept'],
  ])
  const progress = progressOf(state.round!, electorateOf({ state, round: state.round! }, rules))

  expect(progress.groups).toEqual([
    { group: 'network', quorum: 2, accepted: ['cara', 'ada'], missing: 0, open: ['ben'] },
    { group: 'security', quorum: 1, accepted: ['cara'], missing: 0, open: ['dora'] },
  ])
  expect(progress.decided).toBe('accept')
})

test('agrees with the count of votes, whatever the votes', () => {
  const votes = fc.array(fc.tuple(fc.constantFrom(...people, 'gone'), fc.constantFrom<Choice>('accept', 'reject')))
  fc.assert(
    fc.property(votes, fc.boolean(), (cast, escalated) => {
      const story = storyOf()
      if (escalated) story.add({ type: 'escalated', data: { approvers: ['erin'], why: 'time' } })
      for (const [approver, choice] of cast) story.voted(approver, choice)
      const { state } = story
      const round = state.round!
      const electorate = electorateOf({ state, round }, rules)
      const decision = tally({ round, electorate, byDefault: 'reject', due: false, askedEnough: false })
      const progress = progressOf(round, electorate)
      expect(progress.decided).toBe(decision?.choice)
      if (decision?.choice !== 'reject') {
        expect(progress.groups.every(({ missing }) => missing === 0)).toBe(decision?.choice === 'accept')
      }
    }),
  )
})

test('goes by the conflicts that were recorded, where what makes one is not known', () => {
  const story = new Story().inspected(1, hashA).judged({ routing })
  const conflicts = [{ approver: 'cara', why: 'counterparty' as const }]
  const deadline = { at: '2026-11-27T11:00:00.000Z', from: 'expiry' as const }
  story.add({ type: 'asked', data: { approvers: ['ada'], deadline, purpose: 'approval', conflicts } })
  const { state } = story
  const electorate = electorateAsRecorded(state, state.round!, rules)

  expect(electorate.groups.flatMap(({ approvers }) => approvers)).toEqual(['ada', 'ben', 'dora'])
  expect(electorate.conflicts).toEqual(conflicts)
})
