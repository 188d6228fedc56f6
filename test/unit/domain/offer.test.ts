import { offerIdOf, toTransferDate } from '../../../lambda/domain/offer.ts'
import { aRef } from '../../support/events.ts'

describe('offerIdOf', () => {
  test('is the kind and 32 hex, the same for the same offer', () => {
    expect(offerIdOf(aRef())).toMatch(/^ram-invitation-[0-9a-f]{32}$/)
    expect(offerIdOf(aRef())).toBe(offerIdOf(aRef()))
  })
  test.each([
    { account: '222222222222' },
    { region: 'eu-west-1' },
    { awsId: 'other' },
    { kind: 'iam-delegation' as const },
  ])('differs by %j', (change) => {
    expect(offerIdOf(aRef(change))).not.toBe(offerIdOf(aRef()))
  })
  test('a certificate offered again is a new offer; both ends of a transfer are two', () => {
    const first = aRef({ kind: 'iot-transfer', awsId: 'c'.repeat(64), transferDate: '2026-11-20T10:00:00Z' })
    expect(offerIdOf({ ...first, transferDate: '2026-11-20T10:00:01Z' })).not.toBe(offerIdOf(first))
    expect(offerIdOf({ ...first, kind: 'iot-outgoing' })).not.toBe(offerIdOf(first))
  })
  test('a transfer date does not matter where the kind has none', () => {
    expect(offerIdOf(aRef({ transferDate: '2026-11-20T10:00:00Z' }))).toBe(offerIdOf(aRef()))
  })
})

test('a transfer date has whole seconds whatever AWS gives', () => {
  expect(toTransferDate(new Date('2026-11-20T10:00:00.987Z'))).toBe('2026-11-20T10:00:00Z')
  expect(toTransferDate(undefined)).toBe('-')
})
