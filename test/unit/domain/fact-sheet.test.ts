import { factSheetOf, whole, type FactRow } from '../../../lambda/domain/fact-sheet.ts'
import { kindNames } from '../../../lambda/domain/kinds.ts'
import { factsOfKind, hostileTexts } from '../../support/facts.ts'

function valueOf(rows: FactRow[], label: string): string | string[] | undefined {
  return rows.find((row) => row.label === label)?.value
}

describe('factSheetOf', () => {
  test.each(kindNames())('leads with account and organization and ends with their words: %s', (kind) => {
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

  test.each([
    ['iam-delegation', 'permissionPolicy'],
    ['iam-delegation', 'permissionsBoundaryArns'],
    ['iam-delegation', 'templateArn'],
    ['ram-invitation', 'resources'],
  ] as const)('marks %s %s as what the other side asks for, before its words', (kind, name) => {
    const theirs = factSheetOf(kind, factsOfKind(kind, { [name]: 'SENT' })).filter((row) => row.from !== 'aws')
    const requests = theirs.map(({ isRequest }) => isRequest === true)

    expect(theirs.find(({ value }) => value === 'SENT')?.isRequest).toBe(true)
    expect(requests).toEqual([...requests].sort().reverse())
  })

  test('leaves out nothing of a share at its quota, for a page', () => {
    const resources = Array.from({ length: 5000 }, (_, index) => ({
      arn: `arn:aws:ec2:us-east-1:444455556666:subnet/subnet-${String(index).padStart(17, '0')}`,
      type: 'ec2:Subnet',
      regionScope: 'REGIONAL',
    }))
    const rows = factSheetOf('ram-invitation', factsOfKind('ram-invitation', { resources }), whole)

    expect(valueOf(rows, 'Resources')).toHaveLength(5000)
  })

  test('says so where even a page has no room', () => {
    const parts = Array.from({ length: 100 }, () => 'x'.repeat(10_000))
    const text = 'x'.repeat(700_000)
    const facts = factsOfKind('iam-delegation', { permissionsBoundaryArns: parts, description: text })
    const rows = factSheetOf('iam-delegation', facts, whole)

    expect(valueOf(rows, 'Boundaries of roles it creates')?.at(-1)).toBe('… and 40 more')
    expect(valueOf(rows, 'Description')).toMatch(/x … \(100000 more characters\)$/)
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

  test.each([
    '{"Statement": 1}',
    '{"Statement":{"Effect":"Allow","Action":"s3:*"}}',
    '{"Statement":{"Effect":"Allow","Resource":"*"}}',
    '{"Statement":{"Effect":"Allow","Action":"s3:*","NotAction":"s3:GetObject","Resource":"*"}}',
    '{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Principal":"*"}}',
  ])('shows permissions that no line could say as they are: %s', (permissionPolicy) => {
    const rows = factSheetOf('iam-delegation', factsOfKind('iam-delegation', { permissionPolicy }))

    expect(valueOf(rows, 'Permissions asked for')).toBe(permissionPolicy)
  })

  test.each(Object.entries(hostileTexts))('keeps hostile text on one bounded line: %s', (_name, text) => {
    const value = valueOf(factSheetOf('iot-transfer', factsOfKind('iot-transfer', { message: text })), 'Message')

    expect(value).not.toMatch(/[\n\r\p{Cc}\p{Cf}]/u)
    expect(value!.length).toBeLessThan(1100)
  })
})
