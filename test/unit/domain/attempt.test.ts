import { acceptsAsActive } from '../../../lambda/domain/attempt.ts'
import type { Approved } from '../../../lambda/domain/event.ts'
import { aJudged } from '../../support/events.ts'

const approved: Approved = { allowed: true, policies: [], errors: [], mode: 'enforce', policyDigest: 'digest-1' }

describe('whether an accepted certificate is active', () => {
  it.each([
    { name: 'policy accepts, configured', judged: { mayActivate: true }, byDefault: true, active: true },
    { name: 'policy accepts, not configured', judged: { mayActivate: true }, byDefault: false, active: false },
    { name: 'policy accepts and forbids it', judged: { mayActivate: false }, byDefault: true, active: false },
    { name: 'policy accepted before it was asked', judged: {}, byDefault: true, active: false },
  ])('$name: $active', ({ judged, byDefault, active }) => {
    const round = { judged: aJudged({ verdict: 'accept', ...judged }), approved: { ...approved, setAsActive: !active } }
    expect(acceptsAsActive(round, byDefault)).toBe(active)
  })

  it.each([
    { name: 'people chose it, and may', setAsActive: true, active: true },
    { name: 'people chose otherwise, or may not', setAsActive: false, active: false },
    { name: 'people were not asked', setAsActive: undefined, active: false },
  ])('$name: $active, whatever is configured', ({ setAsActive, active }) => {
    const round = { judged: aJudged({ mayActivate: true }), approved: { ...approved, setAsActive } }
    expect([true, false].map((byDefault) => acceptsAsActive(round, byDefault))).toEqual([active, active])
  })
})
