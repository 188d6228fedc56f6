import { electorateOf, isShort, votersOf, type ApprovalRules } from '../../../lambda/domain/electorate.ts'
import type { Judged } from '../../../lambda/domain/event.ts'
import { aJudged } from '../../support/events.ts'

const rules: ApprovalRules = {
  approvers: [
    { id: 'alice', accounts: ['444455556666'] },
    { id: 'bob', principals: ['arn:aws:sts::111111111111:assumed-role/Admin/bob'] },
    { id: 'carol' },
    { id: 'lea' },
  ],
  groups: {
    network: { approvers: ['alice', 'bob', 'carol'], quorum: 1 },
    security: { approvers: ['carol'], quorum: 1 },
    leads: { approvers: ['lea', 'bob'], quorum: 1 },
  },
  defaultGroup: 'network',
  escalationGroup: 'leads',
}

interface Given {
  routing?: Judged['routing']
  counterparty?: string
  initiator?: string
  escalated?: boolean
}

function given(
  { routing, counterparty, initiator, escalated = false }: Given,
  by = rules,
): ReturnType<typeof electorateOf> {
  const round = {
    counterparty: counterparty ?? null,
    judged: aJudged(routing === undefined ? {} : { routing }),
    ...(escalated ? { escalated: { at: '2026-11-20T10:00:00.000Z', approvers: ['lea'], why: 'time' as const } } : {}),
  }
  return electorateOf({ state: { initiators: initiator === undefined ? [] : [initiator] }, round }, by)
}

test('without a route the default group is asked, with its own quorum', () => {
  expect(given({}).groups).toEqual([{ group: 'network', quorum: 1, approvers: ['alice', 'bob', 'carol'] }])
})

test('each routed group is asked; the larger quorum counts, whoever wants it', () => {
  const routing = [
    { group: 'network', quorum: 2 },
    { group: 'network', quorum: 1 },
    { group: 'security', quorum: 1 },
  ]
  expect(given({ routing }).groups.map(({ group, quorum }) => [group, quorum])).toEqual([
    ['network', 2],
    ['security', 1],
  ])
  const stricter = { ...rules, groups: { ...rules.groups, network: { approvers: ['alice', 'bob'], quorum: 2 } } }
  expect(given({ routing: [{ group: 'network', quorum: 1 }] }, stricter).groups[0]?.quorum).toBe(2)
})

test('who works for the counterparty is left out, wherever else they are', () => {
  const { groups, conflicts } = given({ counterparty: '444455556666' })
  expect(groups[0]?.approvers).toEqual(['bob', 'carol'])
  expect(conflicts).toEqual([{ approver: 'alice', why: 'counterparty' }])
})

test('who began the transfer is left out, of the escalation group, too', () => {
  const initiator = 'arn:aws:sts::111111111111:assumed-role/Admin/bob'
  const { groups, reserve, conflicts } = given({ initiator, escalated: true })
  expect(groups[0]?.approvers).toEqual(['alice', 'carol'])
  expect(reserve).toEqual(['lea'])
  expect(conflicts).toEqual([{ approver: 'bob', why: 'initiator' }])
})

test('an entry for a role is one for each of its sessions, and an unknown session may be anybody of the role', () => {
  const principals = ['arn:aws:iam::111111111111:role/teams/Admin']
  const people = { ...rules, approvers: [{ id: 'alice', principals }, ...rules.approvers.slice(1)] }
  const session = 'arn:aws:sts::111111111111:assumed-role/Admin/somebody'
  expect(given({ initiator: session }, people).groups[0]?.approvers).toEqual(['bob', 'carol'])
  const role = 'arn:aws:iam::111111111111:role/teams/Admin'
  expect(given({ initiator: role }, people).groups[0]?.approvers).toEqual(['carol'])
})

test('several who may have begun it are all left out', () => {
  const initiators = ['arn:aws:iam::111111111111:user/alice', 'arn:aws:sts::111111111111:assumed-role/Admin/bob']
  const principals = initiators.slice(0, 1)
  const people = { ...rules, approvers: [{ id: 'alice', principals }, ...rules.approvers.slice(1)] }
  const round = { counterparty: null, judged: aJudged() }
  expect(electorateOf({ state: { initiators }, round }, people).groups[0]?.approvers).toEqual(['carol'])
})

test('the escalation group votes only once it is asked', () => {
  const routing = [{ group: 'security', quorum: 1 }]
  expect([...votersOf(given({ routing }))]).toEqual(['carol'])
  expect([...votersOf(given({ routing, escalated: true }))]).toEqual(['carol', 'lea', 'bob'])
})

test('a group that is configured no more is stood for by the default group', () => {
  expect(given({ routing: [{ group: 'gone', quorum: 1 }] }).groups[0]?.group).toBe('network')
  expect(given({ routing: [{ group: 'toString', quorum: 1 }] }).groups[0]?.group).toBe('network')
})

test('an approver who is named in a group only is nobody', () => {
  const odd = { ...rules, groups: { network: { approvers: ['mallory'], quorum: 1 } } }
  expect(given({}, odd).groups[0]?.approvers).toEqual([])
})

test('a group is short when it cannot reach its quorum, and so is no group at all', () => {
  expect(isShort(given({}))).toBe(false)
  expect(isShort(given({ routing: [{ group: 'security', quorum: 2 }] }))).toBe(true)
  expect(isShort(given({}, { ...rules, defaultGroup: null }))).toBe(true)
})
