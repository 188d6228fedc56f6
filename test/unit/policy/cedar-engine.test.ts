import type { Membership } from '../../../lambda/domain/facts.ts'
import type { JsonObject } from '../../../lambda/domain/json.ts'
import { createPolicyEngine } from '../../../lambda/policy/cedar-engine.ts'
import { validatePolicySet } from '../../../lambda/policy/validate.ts'
import { engineOf, fileOf, overflow, partner, policy, requestOf, schema, settings, stranger } from './factory.ts'

const accept = policy('a.accept', 'permit accept')
const reject = policy('a.reject', 'permit reject')
const review = policy('a.review', 'permit review')

function idsOf({ policies }: { policies: { id: string }[] }): string[] {
  return policies.map(({ id }) => id)
}

describe('the order of verdicts', () => {
  it.each([
    { name: 'no policies', texts: [], verdict: 'review', ids: [] },
    { name: 'reject before accept', texts: [accept, reject, review], verdict: 'reject', ids: ['a.reject'] },
    { name: 'accept before review', texts: [accept, review], verdict: 'accept', ids: ['a.accept'] },
    { name: 'review', texts: [review], verdict: 'review', ids: ['a.review'] },
    {
      name: 'a forbid ends the accept',
      texts: [accept, review, policy('f', 'forbid accept')],
      verdict: 'review',
      ids: ['a.review', 'f'],
    },
    {
      name: 'a forbid ends the reject, not the accept',
      texts: [accept, reject, policy('f', 'forbid reject')],
      verdict: 'accept',
      ids: ['a.accept'],
    },
    {
      name: 'every permit decides',
      texts: [accept, policy('b.accept', 'permit accept')],
      verdict: 'accept',
      ids: ['a.accept', 'b.accept'],
    },
  ])('$name: $verdict', ({ texts, verdict, ids }) => {
    const said = engineOf(texts).judge(requestOf())
    expect(said).toMatchObject({ verdict, errors: [], notes: [] })
    expect(idsOf(said)).toEqual(ids)
  })

  it('gives the reason of each deciding policy', () => {
    expect(engineOf([accept]).judge(requestOf()).policies).toEqual([{ id: 'a.accept', reason: 'Because of a.accept' }])
  })
})

describe('evaluation errors', () => {
  it.each(['permit', 'forbid'] as const)('a %s of accept that errs leaves the offer to people', (effect) => {
    const said = engineOf([accept, policy('erring', `${effect} accept`, overflow)]).judge(requestOf())
    expect(said).toMatchObject({ verdict: 'review', policies: [], notes: ['evaluation-error'] })
    expect(said.errors).toEqual([expect.stringMatching(/^accept: erring: integer overflow/)])
  })

  it.each(['reject', 'review'] as const)('an error of %s stops the accept too', (action) => {
    const said = engineOf([accept, policy('erring', `forbid ${action}`, overflow)]).judge(requestOf())
    expect(said).toMatchObject({ verdict: 'review', notes: ['evaluation-error'] })
  })

  it('an error stops the reject', () => {
    const said = engineOf([reject, policy('erring', 'forbid reject', overflow)]).judge(requestOf())
    expect(said.verdict).toBe('review')
  })

  it.each([
    ['of another type than the schema says', { resourceCount: 'many' }],
    ['unknown to the schema', { surprise: true }],
    ['no whole number', { resourceCount: 1.5 }],
    ['beyond what Cedar counts', { resourceCount: 2 ** 64 }],
    ['a list with a hole', { resourceTypes: ['ec2:Subnet', null] }],
    ['an escape of Cedar', { shareName: { __entity: { type: 'Account', id: partner } } }],
    ['an escape of Cedar in a list', { resourceTypes: [{ __extn: { fn: 'ip', arg: '10.0.0.1' } }] }],
    ['no valid text', { shareName: '\ud800' }],
  ])('a fact that is %s makes a review', (_, decisive) => {
    const engine = engineOf([accept, reject])
    const notes: unknown = expect.arrayContaining(['evaluation-error'])
    expect(engine.judge(requestOf({ decisive }))).toMatchObject({ verdict: 'review', notes })
    expect(engine.approve(requestOf({ decisive }))).toMatchObject({ allowed: false, policies: [] })
    expect(engine.approve(requestOf({ decisive })).errors).not.toEqual([])
  })

  it('an error is bounded, however long the fact that it quotes', () => {
    const said = engineOf([accept]).judge(requestOf({ decisive: { ['x'.repeat(5000)]: 1 } }))
    expect(Math.max(...said.errors.map(({ length }) => length))).toBeLessThan(400)
  })
})

describe('approve', () => {
  it('is permitted by default', () => {
    expect(engineOf([]).approve(requestOf())).toEqual({
      allowed: true,
      policies: [{ id: 'gatehouse.approve-by-default', reason: 'No policy forbids people to accept' }],
      errors: [],
    })
  })

  it('is refused by a forbid, and not by a forbid of accept', () => {
    const forbidden = engineOf([policy('f', 'forbid approve')]).approve(requestOf())
    expect(forbidden).toMatchObject({ allowed: false, policies: [{ id: 'f' }] })
    expect(engineOf([policy('f', 'forbid accept')]).approve(requestOf()).allowed).toBe(true)
  })

  it.each(['permit', 'forbid'] as const)('is refused when a %s errs', (effect) => {
    const said = engineOf([policy('erring', `${effect} approve`, overflow)]).approve(requestOf())
    expect(said.allowed).toBe(false)
    expect(said.errors).toEqual([expect.stringMatching(/^approve: erring: /)])
  })

  it('does not care for what is unknown: people see that themselves', () => {
    expect(engineOf([]).approve(requestOf({ counterparty: null, unknown: ['resources'] })).allowed).toBe(true)
  })
})

describe('the counterparty', () => {
  const toPartners =
    '@id("p") @reason("r") permit (principal in PartnerGroup::"partners", action == Action::"accept", resource);'
  const toOrganization =
    '@id("o") @reason("r") permit (principal in Organization::"o-1", action == Action::"accept", resource);'
  const withOrganization = { ...settings, organizationId: 'o-1' }

  it('is in its partner groups, and a stranger is in none', () => {
    expect(engineOf([toPartners]).judge(requestOf()).verdict).toBe('accept')
    expect(engineOf([toPartners]).judge(requestOf({ counterparty: stranger })).verdict).toBe('review')
  })

  it.each([
    ['inside', 'accept'],
    ['outside', 'review'],
    ['unknown', 'review'],
    ['not-configured', 'review'],
  ] as const)('that is %s the organization gets %s', (organization, verdict) => {
    const engine = engineOf([toOrganization], withOrganization)
    expect(engine.judge(requestOf({ counterparty: '222222222222', organization })).verdict).toBe(verdict)
  })

  it.each<[unit: string, about: { is: string; decisive?: JsonObject; inside: string }]>([
    ['ou-ab12-c3d4e5f6', { is: 'the nearest OU', inside: 'accept' }],
    ['r-ab12', { is: 'the root', inside: 'accept' }],
    ['ou-ab12-00000000', { is: 'another OU', inside: 'review' }],
    ['r-ab12', { is: 'unknown', decisive: { organizationPath: null }, inside: 'review' }],
    ['r-ab12', { is: 'of another form', decisive: { organizationPath: ['r-ab12', 'X'] }, inside: 'review' }],
    ['r-ab12', { is: 'nowhere', decisive: { organizationPath: [] }, inside: 'review' }],
  ])('gets what is permitted to OU %s only when it is in it: $is', (unit, { decisive = {}, inside }) => {
    const toUnit = `@id("u") @reason("r") permit (principal in OrganizationalUnit::"${unit}", action == Action::"accept", resource);`
    const engine = engineOf([toUnit], withOrganization)
    const judge = (organization: Membership): string =>
      engine.judge(requestOf({ counterparty: '222222222222', organization, decisive })).verdict
    expect([judge('inside'), judge('outside')]).toEqual([inside, 'review'])
  })

  it.each([
    ['2026-06-30T23:59:59.999Z', 'accept'],
    ['2026-07-01T00:00:00.000Z', 'review'],
  ])('whose group ends on 30 June gets at %s: %s', (at, verdict) => {
    const until = { ...settings, partnersUntil: { partners: '2026-06-30T23:59:59.999Z' } }
    expect(engineOf([toPartners], until).judge(requestOf({ now: new Date(at) })).verdict).toBe(verdict)
  })

  it.each([null, 'unknown', '', '44445555666'])('that is `%s` is the unknown account, in no group', (counterparty) => {
    const unknown =
      '@id("u") @reason("r") permit (principal == Account::"unknown", action == Action::"reject", resource);'
    expect(engineOf([unknown]).judge(requestOf({ counterparty })).policies).toEqual([{ id: 'u', reason: 'r' }])
  })
})

describe('the document', () => {
  it('is refused with settings other than those it was validated with', () => {
    const document = validatePolicySet({ schema, files: [fileOf(accept)] }, settings)
    const others = { ...settings, partners: { partners: [stranger] } }
    expect(() => createPolicyEngine(document, others)).toThrow('digest of the policies')
  })

  it('is refused when a policy in it was changed', () => {
    const document = validatePolicySet({ schema, files: [fileOf(review)] }, settings)
    const changed = { ...document, policies: { 'a.review': accept } }
    expect(() => createPolicyEngine(changed, settings)).toThrow('digest of the policies')
  })
})
