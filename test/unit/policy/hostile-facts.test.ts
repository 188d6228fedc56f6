import fc from 'fast-check'
import { createPolicyEngine } from '../../../lambda/policy/cedar-engine.ts'
import { compilePolicySet } from '../../../lambda/policy/load.ts'
import { engineOf, partner, requestOf, settings, stranger } from './factory.ts'

const defaults = createPolicyEngine(compilePolicySet('policies', settings), settings)

const hostile = [
  '"); permit (principal, action, resource); //',
  'Account::"444455556666"',
  '{"__entity":{"type":"PartnerGroup","id":"partners"}}',
  '*',
  '\u0000\u202e\u200b\ufeff',
  '\n@id("x")',
  '💥'.repeat(1000),
  '__proto__',
]

describe('hostile words of the other side', () => {
  it.each(hostile)('change no verdict: %j', (text) => {
    const decisive = { certificateId: 'c', message: text, subject: text, issuer: text, certificateMode: text }
    const judge = (counterparty: string): unknown =>
      defaults.judge(requestOf({ kind: 'iot-transfer', counterparty, decisive }))
    expect(judge(partner)).toMatchObject({ verdict: 'accept', errors: [] })
    expect(judge(stranger)).toMatchObject({ verdict: 'review', errors: [] })
  })

  it.each(hostile)('are compared as they are: %j', (text) => {
    const exact = `@id("a") @reason("r") permit (principal, action == Action::"reject", resource is IotOutgoing)
      when { resource has message && resource.message == "plain" };`
    const said = (message: string): string =>
      engineOf([exact]).judge(requestOf({ kind: 'iot-outgoing', decisive: { certificateId: 'c', message } })).verdict
    expect(said(text)).toBe('review')
    expect(said('plain')).toBe('reject')
  })

  it('never accept for a stranger, nor throw, whatever the text', () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 })
    fc.assert(
      fc.property(text, text, (shareName, type) => {
        const resources = [{ arn: shareName, type, regionScope: null }]
        const decisive = { shareName, receiver: type, resources, resourceTypes: [type], resourceCount: 1 }
        const { verdict, errors } = defaults.judge(requestOf({ counterparty: stranger, decisive }))
        return verdict !== 'accept' && errors.length === 0
      }),
      { numRuns: 200 },
    )
  })
})
