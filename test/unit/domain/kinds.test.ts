import {
  allKinds,
  deadlineDefaultOf,
  isForPartnersOnly,
  kindNames,
  kindOfOffer,
  registerKinds,
  specOf,
} from '../../../lambda/domain/kinds.ts'
import { offerIdSchema, offerKindSchema } from '../../../lambda/domain/offer.ts'

const hex = '0123456789abcdef'.repeat(2)
const known = kindNames()

describe('the kinds of a process', () => {
  it('may be registered twice, and a name by one spec only', () => {
    registerKinds(allKinds())
    expect(kindNames()).toEqual(known)
    expect(() => {
      registerKinds([{ ...specOf('ram-invitation') }])
    }).toThrow('expected one kind `ram-invitation`, got two')
  })

  it('are known from when they are registered: to schemas that were made before, too', () => {
    expect(offerKindSchema.safeParse('some-share').success).toBe(false)
    expect(offerIdSchema.safeParse(`some-share-${hex}`).success).toBe(false)
    registerKinds([{ ...specOf('ram-invitation'), kind: 'some-share' }])
    expect(offerKindSchema.parse('some-share')).toBe('some-share')
    expect(offerIdSchema.parse(`some-share-${hex}`)).toBe(`some-share-${hex}`)
  })

  it.each(['', 'constructor', '__proto__', 'ram', 'iot-transfer-'])('%j is none', (kind) => {
    expect(offerKindSchema.safeParse(kind).success).toBe(false)
    expect(() => specOf(kind)).toThrow(/expected one of .*ram-invitation.*, got/)
  })
})

test.each([
  [`iot-transfer-${hex}`, 'iot-transfer'],
  [`iot-transfer-${hex}-1`, undefined],
  [`iot-transfer-${hex.toUpperCase()}`, undefined],
  [`nothing-${hex}`, undefined],
  [hex, undefined],
])('the kind of the offer %s is %s', (offerId, kind) => {
  expect(kindOfOffer(offerId)).toBe(kind)
})

test('the deadline brings what is configured, else what the kind has', () => {
  expect(deadlineDefaultOf('iot-outgoing', {})).toBe('leave')
  expect(deadlineDefaultOf('iot-outgoing', { 'iot-outgoing': 'reject' })).toBe('reject')
})

test('partners only is what the accepting role is bounded to, by IAM or by Judge', () => {
  expect(known.filter(isForPartnersOnly)).toEqual(['iot-transfer', 'ram-invitation'])
})
