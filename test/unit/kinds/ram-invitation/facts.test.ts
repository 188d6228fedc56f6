import { factsHashOf, factsSchema } from '../../../../lambda/domain/facts.ts'
import type { Facts } from '../../../../lambda/domain/facts.ts'
import { expiryOf } from '../../../../lambda/kinds/ram-invitation/expiry.ts'
import { factsOf, invitationSchema, resourceSchema } from '../../../../lambda/kinds/ram-invitation/facts.ts'
import type { Resources } from '../../../../lambda/kinds/ram-invitation/facts.ts'
import { aParty, ordersOf, partner, us } from '../../../support/kinds.ts'

const arn = `arn:aws:ram:us-east-1:${partner}:resource-share-invitation/5b0f3a4e-1111-4222-8333-444455556666`
const subnet = { arn: `arn:aws:ec2:us-east-1:${partner}:subnet/subnet-1`, type: 'ec2:Subnet' }
const subnet2 = { arn: `arn:aws:ec2:us-east-1:${partner}:subnet/subnet-2`, type: 'ec2:Subnet' }
const bus = { arn: `arn:aws:events:us-east-1:${partner}:event-bus/orders`, type: 'events:EventBus' }

function anInvitation(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    resourceShareInvitationArn: arn,
    resourceShareName: 'network',
    resourceShareArn: `arn:aws:ram:us-east-1:${partner}:resource-share/1`,
    senderAccountId: partner,
    receiverAccountId: us,
    invitationTimestamp: new Date('2026-11-20T10:00:00.250Z'),
    status: 'PENDING',
    ...overrides,
  }
}

function facts(
  items: unknown[] | { problem: string },
  overrides: { invitation?: Record<string, unknown>; party?: Parameters<typeof aParty>[0] } = {},
): Facts {
  const resources: Resources = Array.isArray(items) ? { list: items.map((item) => resourceSchema.parse(item)) } : items
  return factsOf({
    invitation: invitationSchema.parse(anInvitation(overrides.invitation)),
    resources,
    party: aParty(overrides.party),
    sevenDayTypes: ['ec2:Subnet'],
  })
}

describe('facts of an invitation', () => {
  it('holds what policy may look at', () => {
    const { decisive, offeredAt, counterparty, unknown } = facts([bus, { ...subnet, resourceRegionScope: 'REGIONAL' }])
    expect(decisive).toEqual({
      counterparty: partner,
      organization: 'not-configured',
      shareName: 'network',
      shareArn: `arn:aws:ram:us-east-1:${partner}:resource-share/1`,
      receiver: us,
      resources: [
        { ...subnet, regionScope: 'REGIONAL' },
        { ...bus, regionScope: null },
      ],
      resourceTypes: ['ec2:Subnet', 'events:EventBus'],
      resourceCount: 2,
    })
    expect({ offeredAt, counterparty, unknown }).toEqual({
      offeredAt: '2026-11-20T10:00:00.250Z',
      counterparty: partner,
      unknown: [],
    })
  })

  it('names the user or role that was invited', () => {
    const receiverArn = `arn:aws:iam::${us}:role/builder`
    expect(facts([subnet], { invitation: { receiverArn } }).decisive.receiver).toBe(receiverArn)
  })

  it('has the same hash for every order of pages, and for a resource on two of them', () => {
    const hashes = ordersOf([bus, subnet, subnet2]).map((items) => factsHashOf(facts(items)))
    expect(new Set([...hashes, factsHashOf(facts([bus, subnet, subnet2, subnet]))]).size).toBe(1)
  })

  it('has the same hash whatever the state and the times of the resources', () => {
    const later = { ...subnet, status: 'AVAILABLE', lastUpdatedTime: new Date('2027-01-01T00:00:00Z') }
    expect(factsHashOf(facts([later]))).toBe(factsHashOf(facts([{ ...subnet, status: 'PENDING' }])))
  })

  it('has another hash when a resource, the name or the organization is another', () => {
    const hashes = [
      facts([subnet]),
      facts([subnet, subnet2]),
      facts([subnet], { invitation: { resourceShareName: 'Network' } }),
      facts([subnet], { party: { organization: 'outside' } }),
    ].map(factsHashOf)
    expect(new Set(hashes).size).toBe(4)
  })

  it('knows an empty share as empty, and an unreadable one as unknown', () => {
    const empty = facts([])
    expect(empty.decisive).toMatchObject({ resources: [], resourceTypes: [], resourceCount: 0 })
    expect(empty.unknown).toEqual([])
    const unreadable = facts({ problem: 'AccessDenied' }, { party: { unknown: ['organization'] } })
    expect(unreadable.decisive).toMatchObject({ resources: null, resourceTypes: null, resourceCount: null })
    expect(unreadable.unknown).toEqual(['organization', 'resources'])
  })

  it('takes hostile text as it is', () => {
    const resourceShareName = '"><script>alert(1)</script>\u202e\ud800\u0000'
    const hostile = facts([subnet], { invitation: { resourceShareName } })
    expect(hostile.decisive.shareName).toBe(resourceShareName)
    expect(factsHashOf(hostile)).toMatch(/^[0-9a-f]{64}$/)
    expect(factsSchema.parse(JSON.parse(JSON.stringify(hostile)))).toEqual(hostile)
  })
})

describe('when an invitation ends', () => {
  const invitedAt = '2026-11-20T10:00:00.000Z'
  const sevenDayTypes = ['ec2:Subnet', 'ec2:PrefixList']
  const expiry = (types: string[] | null): string => expiryOf({ invitedAt, types, sevenDayTypes })

  it.each([
    ['every type is on the list', ['ec2:PrefixList', 'ec2:Subnet'], '2026-11-27T10:00:00.000Z'],
    ['one type is not', ['ec2:Subnet', 'events:EventBus'], '2026-11-20T22:00:00.000Z'],
    ['the share is empty', [], '2026-11-20T22:00:00.000Z'],
    ['the resources cannot be read', null, '2026-11-20T22:00:00.000Z'],
    ['a type only looks like one on the list', ['EC2:subnet'], '2026-11-20T22:00:00.000Z'],
  ])('where %s', (_what, types, at) => {
    expect(expiry(types)).toBe(at)
  })
})
