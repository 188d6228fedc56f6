import { partnerGroupsOf, policyDigestAt, withPartnerGroups } from '../../../lambda/domain/partners.ts'
import { factSheetOf } from '../../../lambda/domain/fact-sheet.ts'
import { factsOfKind, partner } from '../../support/facts.ts'

const rules = {
  partners: { network: [partner], auditors: [partner, '555566667777'] },
  partnersUntil: { auditors: '2026-06-30T23:59:59.999Z' },
  partnerOwners: { network: 'Jane Doe' },
  policyDigest: 'digest-1',
}
const lastMoment = new Date('2026-06-30T23:59:59.999Z')
const after = new Date('2026-07-01T00:00:00.000Z')
const namesAt = (account: string | null, now: Date): string[] =>
  partnerGroupsOf(account, rules, now).map(({ name }) => name)

describe('partner groups', () => {
  it('count until their end, and groups without one always', () => {
    expect(namesAt(partner, lastMoment)).toEqual(['network', 'auditors'])
    expect(namesAt(partner, after)).toEqual(['network'])
    expect(namesAt('555566667777', after)).toEqual([])
    expect(namesAt(null, lastMoment)).toEqual([])
  })

  it('count no longer where their end cannot be read', () => {
    expect(partnerGroupsOf(partner, { ...rules, partnersUntil: { auditors: 'soon' } }, lastMoment)).toEqual([
      { name: 'network', owner: 'Jane Doe' },
    ])
  })

  it('that end make another digest, so that what rests on them is judged anew', () => {
    expect(policyDigestAt(rules, lastMoment)).toBe('digest-1')
    expect(policyDigestAt(rules, after)).toMatch(/^[0-9a-f]{64}$/)
    expect(policyDigestAt({ ...rules, policyDigest: 'digest-2' }, after)).not.toBe(policyDigestAt(rules, after))
  })

  it('are shown with who says so and until when', () => {
    const facts = withPartnerGroups(factsOfKind('ram-invitation'), {
      partnerGroups: partnerGroupsOf(partner, rules, lastMoment),
    })
    expect(factSheetOf('ram-invitation', facts)).toContainEqual({
      label: 'Known to you',
      from: 'aws',
      value: ['As partner group network, says Jane Doe', 'As partner group auditors, until 30 June 2026, 23:59 UTC'],
    })
  })
})

describe('where the other account is', () => {
  const path = { organization: 'inside', organizationPath: ['ou-ab12-c3d4e5f6', 'r-ab12'] }
  const context = { organizationalUnit: 'Root / Workloads', accountName: 'Logistics\u202e http://example.com' }

  it('is said right after the account; its name is its own words', () => {
    const rows = factSheetOf('iot-transfer', factsOfKind('iot-transfer', path, { context }))
    expect(rows.slice(1, 3)).toEqual([
      { label: 'Organization', value: 'Inside your organization', from: 'aws' },
      { label: 'Organizational unit', value: 'Root / Workloads', from: 'aws' },
    ])
    expect(rows.filter(({ from }) => from === 'counterparty')[0]).toEqual({
      label: 'Name of the account',
      value: 'Logistics[U+202E] http://example.com',
      from: 'counterparty',
    })
    expect(rows.find(({ isMinor }) => isMinor)?.value).toEqual(['ou-ab12-c3d4e5f6', 'r-ab12'])
  })

  it('is said to be unknown where it could not be had', () => {
    const decisive = { organization: 'inside', organizationPath: null }
    const facts = factsOfKind('iot-transfer', decisive, { unknown: ['organizationPath'] })
    expect(factSheetOf('iot-transfer', facts)).toContainEqual(
      expect.objectContaining({ label: 'Could not be read', value: expect.stringContaining('organizational units') }),
    )
  })
})
