import type { PolicyApproval } from '../../../lambda/policy/engine.ts'
import { engineOf, requestOf } from './factory.ts'

const certificate = { certificateId: 'c', message: null }
const request = requestOf({ kind: 'iot-transfer', decisive: certificate })

function policy(does: string, when = 'true'): string {
  return `@id("p.${does}") @reason("Because") ${does} (principal, action == Action::"activate", resource is IotTransfer)
    when { ${when} };`
}

function ask(texts: string[], byDefault: boolean, of = request): PolicyApproval {
  return engineOf(texts).activate(of, byDefault)
}

describe('whether a certificate may be active at once', () => {
  it.each([
    { name: 'nothing said, not by default', texts: [], byDefault: false, allowed: false },
    { name: 'nothing said, by default', texts: [], byDefault: true, allowed: true },
    { name: 'permitted', texts: [policy('permit')], byDefault: false, allowed: true },
    { name: 'forbidden, by default', texts: [policy('forbid')], byDefault: true, allowed: false },
    { name: 'both', texts: [policy('permit'), policy('forbid')], byDefault: true, allowed: false },
    {
      name: 'another one is permitted',
      texts: [policy('permit', 'resource.region == "x"')],
      byDefault: false,
      allowed: false,
    },
  ])('$name: $allowed', ({ texts, byDefault, allowed }) => {
    expect(ask(texts, byDefault)).toMatchObject({ allowed, errors: [] })
  })

  it.each(['permit', 'forbid'])('not where a %s errs', (does) => {
    const erring = '9223372036854775807 + (if resource.account == "1" then 0 else 1) > 0'
    const said = ask([policy(does, erring)], true)
    expect(said.allowed).toBe(false)
    expect(said.errors).toEqual([expect.stringMatching(new RegExp(`^activate: p.${does}: `))])
  })

  it('not where the facts do not fit the schema', () => {
    const odd = requestOf({ kind: 'iot-transfer', decisive: { ...certificate, surprise: true } })
    expect(ask([], true, odd).allowed).toBe(false)
  })

  it('does not care for what is unknown', () => {
    const unknown = requestOf({
      kind: 'iot-transfer',
      decisive: certificate,
      counterparty: null,
      unknown: ['counterparty'],
    })
    expect(ask([], true, unknown).allowed).toBe(true)
  })

  it('names the policies that say so', () => {
    expect(ask([policy('forbid')], true).policies).toEqual([{ id: 'p.forbid', reason: 'Because' }])
  })
})
