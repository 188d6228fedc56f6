import {
  deadlineOf,
  escalationDue,
  remindersDue,
  secondsToNextCheck,
  secondsUntil,
  type DeadlineInput,
} from '../../../lambda/domain/schedule.ts'

const hour = 3_600_000
function input(overrides: Partial<DeadlineInput>): DeadlineInput {
  return {
    expiresAt: null,
    openedAt: '2026-11-20T10:00:00.000Z',
    askedUntil: undefined,
    now: new Date('2026-11-20T10:00:01Z'),
    marginMs: hour,
    windowMs: 7 * 24 * hour,
    ...overrides,
  }
}

describe('deadlineOf', () => {
  test('is the expiry that AWS sets, less the margin', () => {
    expect(deadlineOf(input({ expiresAt: '2026-11-20T22:00:00.000Z' }))).toEqual({
      at: '2026-11-20T21:00:00.000Z',
      from: 'expiry',
    })
  })
  test('is the window from the opening where AWS sets none', () => {
    expect(deadlineOf(input({}))).toEqual({ at: '2026-11-27T10:00:00.000Z', from: 'window' })
  })
  test('a window that ran out before anybody was asked starts anew', () => {
    const late = { now: new Date('2026-12-01T10:00:00Z') }
    expect(deadlineOf(input(late)).at).toBe('2026-12-08T10:00:00.000Z')
    const askedUntil = '2026-12-05T10:00:00.000Z'
    expect(deadlineOf(input({ ...late, askedUntil })).at).toBe(askedUntil)
  })
})

describe('secondsUntil', () => {
  test('is whole, at least 1 until the time has come, then 0', () => {
    const at = '2026-11-20T10:00:10.000Z'
    expect(secondsUntil(at, new Date('2026-11-20T10:00:00.500Z'))).toBe(10)
    expect(secondsUntil(at, new Date('2026-11-20T10:00:09.999Z'))).toBe(1)
    expect(secondsUntil(at, new Date('2026-11-20T10:00:10Z'))).toBe(0)
    expect(secondsUntil(at, new Date('2026-11-20T11:00:00Z'))).toBe(0)
  })
})

describe('checks while people are asked', () => {
  const asking = {
    askedAt: '2026-11-20T10:00:00.000Z',
    deadlineAt: '2026-11-20T14:00:00.000Z',
    times: { remindAt: [0.5, 0.75], escalateAt: 0.75 },
  }
  const at = (time: string): typeof asking & { now: Date } => ({ ...asking, now: new Date(`2026-11-20T${time}Z`) })

  test('are at each fraction of the time left, and at the deadline', () => {
    expect(secondsToNextCheck(at('10:00:00.000'))).toBe(2 * 3600)
    expect(secondsToNextCheck(at('12:00:00.000'))).toBe(3600)
    expect(secondsToNextCheck(at('13:30:00.500'))).toBe(1800)
    expect(secondsToNextCheck(at('14:00:00.000'))).toBe(0)
    expect(secondsToNextCheck(at('15:00:00.000'))).toBe(0)
  })
  test('a timer that fires a little early finds what it is for', () => {
    expect(remindersDue(at('11:59:56.000'))).toBe(1)
    expect(secondsToNextCheck(at('11:59:56.000'))).toBe(3604)
    expect(remindersDue(at('11:59:50.000'))).toBe(0)
  })
  test('stages add up, and escalation is a stage of its own', () => {
    expect(remindersDue(at('13:00:00.000'))).toBe(2)
    expect(escalationDue(at('12:59:00.000'))).toBe(false)
    expect(escalationDue(at('13:00:00.000'))).toBe(true)
  })
})
