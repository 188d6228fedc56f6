import type { Outcome } from '../../../lambda/domain/event.ts'
import { afterStart, reconcile, type ReconcileInput } from '../../../lambda/domain/reconcile.ts'
import type { OfferState } from '../../../lambda/domain/state.ts'
import { hashA, hashB, Story } from '../../support/events.ts'

const closedAt = '2026-11-20T20:00:00.000Z'

function closedAs(outcome: Outcome): OfferState {
  const story = new Story().inspected(1, hashA).judged()
  return story.add({ type: 'closed', at: closedAt, data: { outcome, finding: 'gone' } }).state
}

function input(overrides: Partial<ReconcileInput>): ReconcileInput {
  return {
    state: undefined,
    pending: true,
    mode: 'enforce',
    policyDigest: 'digest-1',
    now: new Date('2026-11-21T10:00:00Z'),
    consistencyMs: 300_000,
    backoffMs: (failures) => failures * 60_000,
    ...overrides,
  }
}

describe('reconcile: unknown to the ledger', () => {
  test('pending: open it', () => {
    expect(reconcile(input({}))).toEqual({ do: 'open' })
  })
  test('not pending: nothing', () => {
    expect(reconcile(input({ pending: false })).do).toBe('nothing')
  })
})

describe('reconcile: open', () => {
  test.each([true, false])('needs its run, pending at AWS or not (%s)', (pending) => {
    expect(reconcile(input({ state: new Story().state, pending }))).toEqual({ do: 'start' })
  })
  test('the next run waits until an older attempt is surely dead', () => {
    const state = new Story().add({
      type: 'failed',
      at: '2026-11-21T09:59:30.000Z',
      data: { error: 'Boom', detail: '' },
    }).state
    expect(reconcile(input({ state }))).toEqual({ do: 'wait', until: '2026-11-21T10:00:30.000Z' })
    expect(reconcile(input({ state, now: new Date('2026-11-21T10:00:30Z') }))).toEqual({ do: 'start' })
  })
})

describe('reconcile: closed', () => {
  const all: Outcome[] = ['ACCEPTED', 'REJECTED', 'SUPERSEDED', 'LAPSED', 'WITHDRAWN', 'LEFT', 'OBSERVED']

  test.each(all)('%s and not pending: nothing', (outcome) => {
    expect(reconcile(input({ state: closedAs(outcome), pending: false })).do).toBe('nothing')
  })
  test.each(['ACCEPTED', 'REJECTED'] as const)(
    '%s and pending after the window: reopened, with an alarm',
    (outcome) => {
      expect(reconcile(input({ state: closedAs(outcome) }))).toMatchObject({ do: 'reopen', alarm: true })
    },
  )
  test.each(['SUPERSEDED', 'LAPSED', 'WITHDRAWN'] as const)('%s and pending after the window: reopened', (outcome) => {
    expect(reconcile(input({ state: closedAs(outcome) }))).toMatchObject({ do: 'reopen', alarm: false })
  })
  test.each(['ACCEPTED', 'REJECTED', 'SUPERSEDED', 'LAPSED', 'WITHDRAWN'] as const)(
    '%s and pending inside the window: AWS may lag',
    (outcome) => {
      const now = new Date(Date.parse(closedAt) + 300_000)
      expect(reconcile(input({ state: closedAs(outcome), now })).do).toBe('nothing')
    },
  )
  test.each(['LEFT', 'OBSERVED'] as const)('%s and pending as judged: nothing', (outcome) => {
    expect(reconcile(input({ state: closedAs(outcome), factsHash: hashA })).do).toBe('nothing')
  })
  test.each([
    ['mode', { mode: 'observe' as const }],
    ['policy', { policyDigest: 'digest-2' }],
    ['facts', { factsHash: hashB }],
  ])('LEFT or OBSERVED and the %s changed since it was judged: reopened', (name, change) => {
    for (const outcome of ['LEFT', 'OBSERVED'] as const) {
      const step = reconcile(input({ state: closedAs(outcome), factsHash: hashA, ...change }))
      expect(step).toMatchObject({ do: 'reopen', why: expect.stringContaining(name), alarm: false })
    }
  })
})

describe('afterStart', () => {
  test.each([
    [{ start: 'ended', pending: true, tallyDue: false }, 'fail-run'],
    [{ start: 'ended', pending: false, tallyDue: true }, 'fail-run'],
    [{ start: 'answered', pending: false, tallyDue: true }, 'look-again'],
    [{ start: 'answered', pending: true, tallyDue: true }, 'tally'],
    [{ start: 'answered', pending: true, tallyDue: false }, 'nothing'],
  ] as const)('%j: %s', (given, expected) => {
    expect(afterStart(given)).toBe(expected)
  })
})
