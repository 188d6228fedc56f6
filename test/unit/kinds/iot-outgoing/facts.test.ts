import { factsHashOf } from '../../../../lambda/domain/facts.ts'
import type { Facts } from '../../../../lambda/domain/facts.ts'
import { factsOf, outgoingSchema } from '../../../../lambda/kinds/iot-outgoing/facts.ts'
import { aParty, partner } from '../../../support/kinds.ts'

function facts(overrides: Record<string, unknown> = {}): Facts {
  const outgoing = outgoingSchema.parse({
    certificateId: 'ab'.repeat(32),
    certificateArn: `arn:aws:iot:us-east-1:${partner}:cert/${'ab'.repeat(32)}`,
    transferredTo: partner,
    transferDate: new Date('2026-11-20T10:00:00.900Z'),
    transferMessage: 'for you',
    creationDate: new Date('2026-01-01T00:00:00Z'),
    ...overrides,
  })
  return factsOf(outgoing, aParty({ counterparty: outgoing.transferredTo }))
}

describe('facts of an outgoing certificate', () => {
  it('holds what policy may look at', () => {
    expect(facts()).toMatchObject({
      decisive: {
        counterparty: partner,
        organization: 'not-configured',
        certificateId: 'ab'.repeat(32),
        message: 'for you',
      },
      offeredAt: '2026-11-20T10:00:00.000Z',
      expiresAt: null,
    })
  })

  it('does without what AWS leaves out', () => {
    const bare = facts({ transferDate: undefined, transferMessage: undefined, transferredTo: undefined })
    expect(bare).toMatchObject({ offeredAt: null, decisive: { counterparty: null, message: null } })
  })

  it('has another hash for another target', () => {
    expect(factsHashOf(facts({ transferredTo: '555566667777' }))).not.toBe(factsHashOf(facts()))
  })
})
