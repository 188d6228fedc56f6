import { formatDuration, formatInZone, formatUtc, relativeTo } from '../../../lambda/domain/plain-time.ts'

const now = new Date('2026-11-20T12:00:00Z')

test('a time in UTC', () => {
  expect(formatUtc('2026-11-20T00:05:59.999Z')).toBe('20 November 2026, 00:05 UTC')
})

test.each([
  [undefined, '20 November 2026, 16:30 UTC'],
  ['UTC', '20 November 2026, 16:30 UTC'],
  ['Europe/Berlin', '20 November 2026, 17:30 (Europe/Berlin), 16:30 UTC'],
  ['America/New_York', '20 November 2026, 11:30 (America/New York), 16:30 UTC'],
  ['Asia/Tokyo', '21 November 2026, 01:30 (Asia/Tokyo), 20 November 2026, 16:30 UTC'],
])('a time for a reader in %s', (timeZone, words) => {
  expect(formatInZone('2026-11-20T16:30:00Z', timeZone)).toBe(words)
})

test('midnight is 00:00 in every zone', () => {
  expect(formatInZone('2026-11-20T23:00:00Z', 'Europe/Berlin')).toContain('21 November 2026, 00:00')
})

test.each([
  ['2026-11-20T17:59:59Z', 'in 5 hours'],
  ['2026-11-20T12:00:30Z', 'in less than a minute'],
  ['2026-11-20T13:29:00Z', 'in 89 minutes'],
  ['2026-11-20T13:30:00Z', 'in 1 hour'],
  ['2026-11-22T11:00:00Z', 'in 47 hours'],
  ['2026-11-22T12:00:00Z', 'in 2 days'],
  ['2026-11-20T11:59:00Z', '1 minute ago'],
])('%s is %s', (at, words) => {
  expect(relativeTo(now, at)).toBe(words)
})

test('a length of time', () => {
  expect(formatDuration(43_200_000)).toBe('12 hours')
})
