import fc from 'fast-check'
import type { PolicyVerdict } from '../../../lambda/policy/engine.ts'
import { engineOf, overflow, partner, policy, requestOf, settings, stranger } from './factory.ts'
import type { RequestParts } from './factory.ts'

const acceptAll = '@id("all") @reason("r") permit (principal, action == Action::"accept", resource);'
const rejectAll = '@id("none") @reason("r") permit (principal, action == Action::"reject", resource);'
const withOrganization = { ...settings, organizationId: 'o-1' }

function judge(parts: RequestParts, texts = [acceptAll], of = settings): PolicyVerdict {
  return engineOf(texts, of).judge(requestOf(parts))
}

describe('what is unknown', () => {
  it.each<[string, RequestParts, string[]]>([
    ['a named fact', { unknown: ['permissionPolicy'], kind: 'iam-delegation' }, ['permissionPolicy']],
    ['the counterparty, though nobody named it', { counterparty: null }, ['counterparty']],
    ['a counterparty of another form', { counterparty: 'o-1' }, ['counterparty']],
    ['a counterparty that the hash does not hold', { decisive: { counterparty: stranger } }, ['counterparty']],
    ['the lookup, though nobody named it', { organization: 'unknown' }, ['organization']],
  ])('%s makes an accept impossible', (_, parts, unknown) => {
    expect(judge(parts)).toMatchObject({ verdict: 'review', unknown, notes: ['unknown-facts'] })
  })

  it('a lookup that was not made, though there is an organization, is unknown', () => {
    const parts = { organization: 'not-configured' } as const
    expect(judge(parts, [acceptAll], withOrganization)).toMatchObject({ verdict: 'review', unknown: ['organization'] })
    expect(judge(parts)).toMatchObject({ verdict: 'accept', unknown: [] })
  })

  it.each([null, [], ['elsewhere']])(
    'an account inside whose path is `%s` is somewhere, nobody knows where',
    (path) => {
      const parts = { organization: 'inside', decisive: { organizationPath: path } } as const
      expect(judge(parts, [acceptAll], withOrganization)).toMatchObject({
        verdict: 'review',
        unknown: ['organizationPath'],
      })
    },
  )

  it('outside the organization is an answer', () => {
    expect(judge({ organization: 'outside' }, [acceptAll], withOrganization)).toMatchObject({ verdict: 'accept' })
  })

  it.each([
    ['empty', []],
    ['unreadable', null],
  ])('a share whose resources are %s is not accepted', (_, resources) => {
    const said = judge({ decisive: { resources, resourceTypes: resources, resourceCount: 0 } })
    expect(said).toMatchObject({ verdict: 'review', notes: ['empty-resources'] })
  })

  it.each<[string, string[] | null]>([
    ['empty', []],
    ['missing', null],
    ['of other resources', ['ec2:PrefixList']],
  ])('a share whose types are %s, though it holds a subnet, is not accepted', (_, resourceTypes) => {
    expect(judge({ decisive: { resourceTypes } })).toMatchObject({
      verdict: 'review',
      unknown: ['resourceTypes'],
      notes: ['unknown-facts'],
    })
  })

  it('only a share needs resources', () => {
    const decisive = { certificateId: 'c' }
    expect(judge({ kind: 'iot-outgoing', decisive })).toMatchObject({ verdict: 'accept', notes: [] })
  })

  it('a reject stands on unknown facts', () => {
    const said = judge({ counterparty: null }, [acceptAll, rejectAll])
    expect(said).toMatchObject({ verdict: 'reject', unknown: ['counterparty'], notes: [] })
  })
})

const conditions = fc.constantFrom(
  'true',
  'resource.organization != "outside"',
  '!(resource has shareName)',
  'resource has resourceTypes && ["ec2:Subnet"].containsAll(resource.resourceTypes)',
  'if resource has resourceCount then resource.resourceCount < 5 else true',
  overflow,
  'principal == Account::"unknown"',
  'principal in PartnerGroup::"partners"',
)
const policyText = fc.record({
  effect: fc.constantFrom('permit' as const, 'forbid' as const),
  action: fc.constantFrom('accept' as const, 'accept' as const, 'reject' as const, 'review' as const),
  when: conditions,
})
const policySets = fc
  .array(policyText, { maxLength: 5 })
  .map((list) => [
    acceptAll,
    ...list.map(({ effect, action, when }, at) => policy(`p${at}`, `${effect} ${action}`, when)),
  ])

const doubtful = fc.oneof(
  fc.constantFrom<RequestParts>(
    { counterparty: null },
    { organization: 'unknown' },
    { organization: 'not-configured' },
    { decisive: { resources: [], resourceTypes: [], resourceCount: 0 } },
    { decisive: { resources: null, resourceTypes: null, resourceCount: null } },
    { decisive: { resourceTypes: [] } },
  ),
  fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 3 }).map((unknown): RequestParts => ({ unknown })),
)
const offers = fc.record({
  counterparty: fc.constantFrom(partner, stranger, '222222222222'),
  organization: fc.constantFrom('inside' as const, 'outside' as const),
})

describe('for any policies', () => {
  it('no offer with a doubt is accepted', () => {
    fc.assert(
      fc.property(policySets, offers, doubtful, (texts, offer, doubt) => {
        const said = judge({ ...offer, ...doubt }, texts, withOrganization)
        return said.verdict !== 'accept' && (said.verdict === 'reject' || said.notes.length > 0)
      }),
      { numRuns: 150 },
    )
  })
})
