import {
  approvedBy,
  beliefOf,
  delegationStates,
  isDelegator,
  nextStep,
  type Belief,
  type DelegationStep,
  type Sight,
} from '../../../lambda/domain/delegation.ts'

type State = Sight['state']
type Words = DelegationStep['do'] | `close ${'accepted' | 'rejected' | 'expired' | 'gone'}`

/** What the delegator does: our belief by what AWS says. `ours`, `theirs`, `unknown`: who accepted. */
const table: Record<
  Belief,
  Record<Exclude<State, 'ACCEPTED'> | 'ACCEPTED ours' | 'ACCEPTED theirs' | 'ACCEPTED unknown', Words>
> = {
  decided: {
    UNASSIGNED: 'associate',
    ASSIGNED: 'check',
    PENDING_APPROVAL: 'check',
    'ACCEPTED ours': 'fail',
    'ACCEPTED theirs': 'close accepted',
    'ACCEPTED unknown': 'close accepted',
    FINALIZED: 'close accepted',
    REJECTED: 'close rejected',
    EXPIRED: 'close expired',
    gone: 'close gone',
  },
  attempted: {
    UNASSIGNED: 'associate',
    ASSIGNED: 'check',
    PENDING_APPROVAL: 'check',
    'ACCEPTED ours': 'confirm',
    'ACCEPTED theirs': 'close accepted',
    'ACCEPTED unknown': 'fail',
    FINALIZED: 'close accepted',
    REJECTED: 'close rejected',
    EXPIRED: 'close expired',
    gone: 'close gone',
  },
  held: {
    UNASSIGNED: 'fail',
    ASSIGNED: 'fail',
    PENDING_APPROVAL: 'fail',
    'ACCEPTED ours': 'hold',
    'ACCEPTED theirs': 'fail',
    'ACCEPTED unknown': 'fail',
    FINALIZED: 'close accepted',
    REJECTED: 'close rejected',
    EXPIRED: 'close expired',
    gone: 'close gone',
  },
  due: {
    UNASSIGNED: 'fail',
    ASSIGNED: 'fail',
    PENDING_APPROVAL: 'fail',
    'ACCEPTED ours': 'release',
    'ACCEPTED theirs': 'fail',
    'ACCEPTED unknown': 'fail',
    FINALIZED: 'close accepted',
    REJECTED: 'close rejected',
    EXPIRED: 'close expired',
    gone: 'close gone',
  },
  revoked: {
    UNASSIGNED: 'fail',
    ASSIGNED: 'undo',
    PENDING_APPROVAL: 'undo',
    'ACCEPTED ours': 'undo',
    'ACCEPTED theirs': 'undo',
    'ACCEPTED unknown': 'undo',
    FINALIZED: 'close accepted',
    REJECTED: 'close rejected',
    EXPIRED: 'close expired',
    gone: 'close gone',
  },
}

function wordsOf(step: DelegationStep): string {
  return step.do === 'close' ? `close ${step.finding}` : step.do
}

const columns = Object.keys(table.decided) as (keyof typeof table.decided)[]
const cells = (Object.keys(table) as Belief[]).flatMap((belief) =>
  columns.map((column) => [belief, column, table[belief][column]] as const),
)

function sightOf(column: string, more: Partial<Sight> = {}): Sight {
  const [state] = column.split(' ') as [State]
  const approvedBy = column.endsWith('ours') ? 'us' : column.endsWith('theirs') ? 'another' : 'unknown'
  return { state, approvedBy, sameFacts: true, mayRelease: true, ...more }
}

test.each(cells)('%s, and AWS says %s: %s', (belief, column, expected) => {
  expect(wordsOf(nextStep(belief, sightOf(column), { allowed: false }))).toBe(expected)
})

test('the table has a row for every state of AWS', () => {
  expect(new Set(columns.map((column) => column.split(' ')[0]))).toEqual(new Set([...delegationStates, 'gone']))
})

test.each(cells)('%s, and AWS says %s: other facts are neither accepted nor released', (belief, column) => {
  const step = wordsOf(nextStep(belief, sightOf(column, { sameFacts: false }), { allowed: true }))
  expect(['associate', 'accept', 'check', 'release', 'hold']).not.toContain(step)
})

test.each(cells)('%s, and AWS says %s: nothing is accepted that was not allowed', (belief, column) => {
  expect(nextStep(belief, sightOf(column), { allowed: false }).do).not.toBe('accept')
})

test('what was allowed is accepted, and what others have to release is left to them', () => {
  expect(nextStep('decided', sightOf('ASSIGNED'), { allowed: true })).toEqual({ do: 'accept' })
  expect(nextStep('due', sightOf('ACCEPTED ours', { mayRelease: false }), { allowed: true }).do).toBe('tell-owner')
  expect(nextStep('held', sightOf('ACCEPTED ours', { sameFacts: false }), { allowed: true }).do).toBe('undo')
})

test('a revocation goes before the end of the hold', () => {
  const now = new Date('2026-11-21T12:00:00Z')
  const delegation = { factsHash: 'a', undoing: false, heldUntil: '2026-11-21T11:00:00.000Z', told: true }
  const revoked = { approver: 'ada', comment: 'no', at: '2026-11-21T11:30:00.000Z' }
  expect(beliefOf({}, now)).toBe('decided')
  expect(beliefOf({ delegation: { factsHash: 'a', undoing: false } }, now)).toBe('attempted')
  expect(beliefOf({ delegation }, now)).toBe('due')
  expect(beliefOf({ delegation: { ...delegation, told: false } }, now)).toBe('held')
  expect(beliefOf({ delegation }, new Date('2026-11-21T10:59:59Z'))).toBe('held')
  expect(beliefOf({ delegation: { ...delegation, revoked } }, now)).toBe('revoked')
  expect(beliefOf({ delegation: { ...delegation, undoing: true } }, now)).toBe('revoked')
})

test('a session of the role is the role, a role of another account or name is not', () => {
  const role = 'arn:aws:iam::111111111111:role/gatehouse-delegator'
  expect(isDelegator(role, role)).toBe(true)
  expect(isDelegator('arn:aws:sts::111111111111:assumed-role/gatehouse-delegator/x', role)).toBe(true)
  expect(isDelegator('arn:aws:sts::222222222222:assumed-role/gatehouse-delegator/x', role)).toBe(false)
  expect(isDelegator('arn:aws:iam::111111111111:role/admin', role)).toBe(false)
  expect(isDelegator(null, role)).toBe(false)
  expect(approvedBy(role, role)).toBe('us')
  expect(approvedBy('arn:aws:iam::111111111111:user/ada', role)).toBe('another')
  expect([null, 'AROAEXAMPLE:x'].map((id) => approvedBy(id, role))).toEqual(['unknown', 'unknown'])
})
