import { changesBetween, factSheetOf, type FactRow } from '../../../lambda/domain/fact-sheet.ts'
import { offerKinds } from '../../../lambda/domain/offer.ts'
import { factsOfKind, hostileTexts } from '../../support/facts.ts'

function valueOf(rows: FactRow[], label: string): string | string[] | undefined {
  return rows.find((row) => row.label === label)?.value
}

describe('factSheetOf', () => {
  test.each(offerKinds)('leads with account and organization and ends with their words: %s', (kind) => {
    const rows = factSheetOf(kind, factsOfKind(kind))
    const sources = rows.map(({ from }) => from)

    expect(rows.slice(0, 2).map(({ value }) => value)).toEqual(['444455556666', 'Outside your organization'])
    expect(sources).toEqual([...sources].sort())
    expect(sources).toContain('counterparty')
  })

  test.each([
    ['ram-invitation', 'shareName'],
    ['iot-transfer', 'message'],
    ['iot-transfer', 'subject'],
    ['iam-delegation', 'description'],
    ['iam-delegation', 'requestMessage'],
    ['iam-delegation', 'requestorName'],
    ['iam-delegation', 'redirectUrl'],
    ['iam-delegation', 'somethingNew'],
  ] as const)('marks %s %s as the words of the other side', (kind, name) => {
    const rows = factSheetOf(kind, factsOfKind(kind, { [name]: 'SENT' }))

    expect(rows.find(({ value }) => value === 'SENT')).toMatchObject({ from: 'counterparty' })
  })

  test('says that accepting a share is open-ended', () => {
    const rows = factSheetOf('ram-invitation', factsOfKind('ram-invitation'))

    expect(valueOf(rows, 'Accepting means')).toContain('its owner can add resources later')
  })

  test('cuts a long list and says how much is left out', () => {
    const resources = Array.from({ length: 5000 }, (_, index) => ({
      arn: `arn:${index}`,
      type: 'ec2:Subnet',
      regionScope: null,
    }))
    const shown = valueOf(factSheetOf('ram-invitation', factsOfKind('ram-invitation', { resources })), 'Resources')

    expect(shown).toHaveLength(41)
    expect(shown?.at(-1)).toBe('… and 4960 more')
    expect(shown?.[0]).toBe('ec2:Subnet arn:0')
  })

  test('names what could not be read', () => {
    const facts = factsOfKind(
      'ram-invitation',
      { resources: null, organization: 'unknown' },
      { unknown: ['organization', 'resources'] },
    )
    const rows = factSheetOf('ram-invitation', facts)

    expect(valueOf(rows, 'Could not be read')).toBe('Organization, Resources')
    expect(valueOf(rows, 'Organization')).toContain('Unknown')
  })

  test('writes permissions as one line a statement', () => {
    const rows = factSheetOf('iam-delegation', factsOfKind('iam-delegation'))

    expect(valueOf(rows, 'Permissions asked for')).toEqual([
      'Allow cloudwatch:GetMetricData, cloudwatch:ListMetrics on *',
      'Allow s3:PutObject on arn:aws:s3:::metrics/*, if {"Bool":{"aws:SecureTransport":"true"}}',
    ])
    expect(valueOf(rows, 'Access lasts')).toBe('4 hours')
  })

  test('shows permissions that are no policy as they are', () => {
    const rows = factSheetOf('iam-delegation', factsOfKind('iam-delegation', { permissionPolicy: '{"Statement": 1}' }))

    expect(valueOf(rows, 'Permissions asked for')).toBe('{"Statement": 1}')
  })

  test.each(Object.entries(hostileTexts))('keeps hostile text on one bounded line: %s', (_name, text) => {
    const value = valueOf(factSheetOf('iot-transfer', factsOfKind('iot-transfer', { message: text })), 'Message')

    expect(value).not.toMatch(/[\n\r\p{Cc}\p{Cf}]/u)
    expect(value!.length).toBeLessThan(1100)
  })
})

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

  test('is empty for the same facts', () => {
    expect(changesBetween('iam-delegation', factsOfKind('iam-delegation'), factsOfKind('iam-delegation'))).toEqual([])
  })
})
