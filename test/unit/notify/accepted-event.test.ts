import { detailOf } from '../../../lambda/notify/accepted-event.ts'
import { hashA, Story } from '../../support/events.ts'
import { factsOfKind } from '../../support/facts.ts'

const received = { visible: true, seen: { shareStatus: 'ACTIVE' }, changed: [] }
const state = new Story()
  .inspected(1, hashA)
  .judged({ policies: [{ id: 'ram.network', reason: 'r' }] })
  .add({ type: 'received', data: received }).state

describe('the event of an accept', () => {
  it('has all facts and what the accept gave us', () => {
    const facts = factsOfKind('ram-invitation')
    expect(JSON.parse(detailOf(state, facts))).toMatchObject({
      offerId: state.offerId,
      kind: 'ram-invitation',
      policies: ['ram.network'],
      people: [],
      facts: { decisive: facts.decisive, context: facts.context, expiresAt: facts.expiresAt },
      received,
      leftOut: [],
    })
  })

  it('leaves out the largest and says which, until it fits', () => {
    const big = (count: number): string[] => Array.from({ length: count }, (_, at) => `${at}`.padStart(1000, 'é'))
    const facts = factsOfKind(
      'ram-invitation',
      { resources: big(300), resourceTypes: big(10) },
      { context: { more: big(150) } },
    )
    const text = detailOf(state, facts)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(250_000)
    const detail = JSON.parse(text) as { facts: { decisive: object }; leftOut: string[] }
    expect(detail.leftOut).toEqual(['decisive.resources', 'context.more'])
    expect(Object.keys(detail.facts.decisive)).toContain('resourceTypes')
  })

  it('is told without facts where there are none', () => {
    expect(JSON.parse(detailOf(new Story().state, undefined))).toMatchObject({
      facts: { decisive: {} },
      received: null,
    })
  })
})
