import fc from 'fast-check'
import { changesBetween, type FactChange } from '../../../lambda/domain/fact-changes.ts'
import { canonicalJson, type JsonObject } from '../../../lambda/domain/json.ts'
import type { OfferKind } from '../../../lambda/domain/offer.ts'
import { factsOfKind } from '../../support/facts.ts'

function changed(kind: OfferKind, before: JsonObject, after: JsonObject): FactChange[] {
  return changesBetween(kind, factsOfKind(kind, before), factsOfKind(kind, after))
}

function aParameter(type: string): JsonObject {
  return { parameters: [{ name: 'bucketName', type, values: ['metrics'] }] }
}

describe('changesBetween', () => {
  test('shows what came and what went of a list, and both values of a scalar', () => {
    const before = factsOfKind('ram-invitation', { resourceTypes: ['a', 'b'], shareName: 'old' })
    const after = factsOfKind('ram-invitation', { resourceTypes: ['b', 'c'], shareName: 'new' })

    expect(changesBetween('ram-invitation', before, after)).toEqual([
      { label: 'Name of the share', from: 'counterparty', before: ['old'], after: ['new'] },
      { label: 'Types of resources', from: 'aws', before: ['a'], after: ['c'] },
    ])
  })

  test('shows a fact that is new and one that is gone', () => {
    const before = factsOfKind('iot-transfer', { message: null })
    const after = factsOfKind('iot-transfer', { subject: null })

    expect(
      changesBetween('iot-transfer', before, after).map(({ label, before, after }) => [
        label,
        before.length,
        after.length,
      ]),
    ).toEqual([
      ['Message', 0, 1],
      ['Subject in the certificate', 1, 0],
    ])
  })

  test('shows a long text around its first difference', () => {
    const policy = (action: string): string => `${'x'.repeat(1500)}${action}${'y'.repeat(1500)}`
    const [change] = changed(
      'iam-delegation',
      { permissionPolicy: policy('s3:Get') },
      { permissionPolicy: policy('*') },
    )

    expect(change?.before[0]).toMatch(/^\(1300 characters as before\) … x{200}s3:Gety+ … \(\d+ more characters\)$/)
    expect(change?.after[0]).toMatch(/^\(1300 characters as before\) … x{200}\*y+ … /)
  })

  test('shows everything that came to a list', () => {
    const resourceTypes = Array.from({ length: 100 }, (_, index) => `type:${index}`)

    expect(changed('ram-invitation', { resourceTypes: [] }, { resourceTypes })[0]?.after).toHaveLength(100)
  })

  test.each<[string, OfferKind, [JsonObject, JsonObject]]>([
    ['only the order', 'iam-delegation', [{ permissionPolicy: ['a', 'b'] }, { permissionPolicy: ['b', 'a'] }]],
    ['a member that is not shown', 'iam-delegation', [aParameter('string'), aParameter('secret')]],
    ['white space', 'iot-transfer', [{ message: 'a b' }, { message: 'a  b' }]],
    ['the normal form', 'iot-transfer', [{ message: '\u00e9' }, { message: 'e\u0301' }]],
    ['an invisible character and its name', 'iot-transfer', [{ message: '\u200b' }, { message: '[U+200B]' }]],
    [
      'fractions of a second',
      'iot-transfer',
      [{ notAfter: '2031-01-01T00:00:00Z' }, { notAfter: '2031-01-01T00:00:01Z' }],
    ],
    ['how often an item is there', 'ram-invitation', [{ resourceTypes: ['a'] }, { resourceTypes: ['a', 'a'] }]],
    ['nothing and none', 'ram-invitation', [{ resourceTypes: null }, { resourceTypes: [] }]],
  ])('shows a difference in %s', (_what, kind, [before, after]) => {
    const changes = changed(kind, before, after)

    expect(changes).toHaveLength(1)
    expect(changes[0]?.before).not.toEqual(changes[0]?.after)
  })

  test('shows any difference', () => {
    const text = fc
      .tuple(fc.constantFrom('', 'x'.repeat(2000)), fc.string({ unit: 'binary' }))
      .map((parts) => parts.join(''))
    const value = fc.oneof(text, fc.array(text, { maxLength: 4 }), fc.constant(null), fc.integer(), fc.boolean())
    fc.assert(
      fc.property(fc.constantFrom('message', 'permissionPolicy', 'resources'), value, value, (name, before, after) => {
        fc.pre(canonicalJson(before) !== canonicalJson(after))
        const changes = changed('iam-delegation', { [name]: before }, { [name]: after })
        return (
          changes.length === 1 &&
          changes.every((change) => canonicalJson(change.before) !== canonicalJson(change.after))
        )
      }),
    )
  })

  test('is empty for the same facts', () => {
    expect(changesBetween('iam-delegation', factsOfKind('iam-delegation'), factsOfKind('iam-delegation'))).toEqual([])
  })
})
