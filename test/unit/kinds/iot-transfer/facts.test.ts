import { factsHashOf } from '../../../../lambda/domain/facts.ts'
import { toTransferDate } from '../../../../lambda/domain/offer.ts'
import { descriptionSchema, transferDateOf } from '../../../../lambda/kinds/iot-calls.ts'
import type { Description } from '../../../../lambda/kinds/iot-calls.ts'
import { factsOf, senderOf } from '../../../../lambda/kinds/iot-transfer/facts.ts'
import { makeCertificate } from '../../../../local/certificates.ts'
import { aParty, partner, stranger, us } from '../../../support/kinds.ts'

function aDescription(overrides: Record<string, unknown> = {}): Description {
  return descriptionSchema.parse({
    certificateId: 'ab'.repeat(32),
    certificateArn: `arn:aws:iot:us-east-1:${us}:cert/${'ab'.repeat(32)}`,
    status: 'PENDING_TRANSFER',
    ownedBy: us,
    previousOwnedBy: partner,
    certificateMode: 'SNI_ONLY',
    creationDate: new Date('2026-01-01T00:00:00Z'),
    lastModifiedDate: new Date('2026-11-20T10:00:00Z'),
    validity: { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2036-01-01T00:00:00Z') },
    transferData: { transferMessage: 'pump 7', transferDate: new Date('2026-11-20T10:00:00.789Z') },
    ...overrides,
  })
}

describe('facts of an incoming certificate', () => {
  it('holds what policy may look at', async () => {
    const { pem } = await makeCertificate({ commonName: 'pump-7', days: 30 })
    const facts = factsOf(aDescription({ certificatePem: pem }), aParty())
    expect(facts.decisive).toEqual({
      counterparty: partner,
      organization: 'not-configured',
      certificateId: 'ab'.repeat(32),
      certificateMode: 'SNI_ONLY',
      caCertificateId: null,
      notBefore: '2026-01-01T00:00:00.000Z',
      notAfter: '2036-01-01T00:00:00.000Z',
      message: 'pump 7',
      subject: 'CN=pump-7',
      issuer: 'CN=pump-7',
    })
    expect(facts).toMatchObject({ offeredAt: '2026-11-20T10:00:00.000Z', expiresAt: null, unknown: [] })
  })

  it('has no names where the PEM cannot be read or is missing', () => {
    for (const certificatePem of ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', undefined]) {
      const { decisive } = factsOf(aDescription({ certificatePem }), aParty())
      expect(decisive).toMatchObject({ subject: null, issuer: null })
    }
  })

  it('has the same hash whatever changed only its times, its version or its owner', () => {
    const changed = aDescription({ lastModifiedDate: new Date(), customerVersion: 9, ownedBy: undefined })
    expect(factsHashOf(factsOf(changed, aParty()))).toBe(factsHashOf(factsOf(aDescription(), aParty())))
  })

  it('has another hash for another message', () => {
    const changed = aDescription({ transferData: { transferMessage: 'pump 8' } })
    expect(factsHashOf(factsOf(changed, aParty()))).not.toBe(factsHashOf(factsOf(aDescription(), aParty())))
  })

  it('takes the transfer date in whole seconds, or a dash', () => {
    expect(transferDateOf(aDescription())).toBe('2026-11-20T10:00:00Z')
    expect(transferDateOf(aDescription({ transferData: undefined }))).toBe(toTransferDate(undefined))
  })
})

describe('who sends a certificate', () => {
  it.each([
    ['the previous owner', { ownedBy: us, previousOwnedBy: partner }, partner],
    ['the previous owner where no owner is named', { ownedBy: undefined, previousOwnedBy: partner }, partner],
    ['the owner where both are the same', { ownedBy: partner, previousOwnedBy: partner }, partner],
    ['unknown where we are the previous owner', { ownedBy: us, previousOwnedBy: us }, null],
    ['unknown where nobody is named', { ownedBy: us, previousOwnedBy: undefined }, null],
    ['unknown where a stranger had it from a partner', { ownedBy: stranger, previousOwnedBy: partner }, null],
  ])('is %s', (_what, owners, sender) => {
    expect(senderOf(aDescription(owners), us)).toBe(sender)
  })
})
