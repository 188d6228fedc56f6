import type { EventBody } from '../../../lambda/domain/event.ts'
import { renderOffer, renderOffers, type OfferRow } from '../../../lambda/web/offer-views.ts'
import { aJudged, hashA, Story } from '../../support/events.ts'
import { aRefOf, factsOfKind } from '../../support/facts.ts'

const now = new Date('2026-11-20T15:00:00Z')
const row: OfferRow = {
  offerId: 'iot-outgoing-0123456789abcdef0123456789abcdef',
  kind: 'iot-outgoing',
  account: '111111111111',
  region: 'us-east-1',
  counterparty: '444455556666',
  status: 'awaiting-approval',
  verdict: 'review',
  deadline: '2026-11-20T20:00:00.000Z',
  outcome: null,
}

describe('the list', () => {
  const listOf = (offers: OfferRow[]): string =>
    renderOffers({ offers, now, hrefOf: (id) => `/offers/${id}` }).toString()

  test('shows what waits, for whom, and how long', () => {
    const list = listOf([row])

    expect(list).toContain('href="/offers/iot-outgoing-0123456789abcdef0123456789abcdef"')
    expect(list).toContain('Waits for people')
    expect(list).toContain('(in 5 hours)')
  })

  test('shows the outcome of what is closed, and no deadline', () => {
    const list = listOf([{ ...row, status: 'closed', outcome: 'REJECTED' }])

    expect(list).toContain('Cancelled')
    expect(list).not.toContain('<time')
  })

  test('shows what is unknown as unknown', () => {
    expect(listOf([{ ...row, counterparty: null, verdict: null, deadline: null, status: 'open' }])).toContain('unknown')
  })

  test('says that there is nothing yet', () => {
    expect(listOf([])).toContain('No offers yet')
  })
})

const deadline = aJudged().deadline
const bodies: EventBody[] = [
  { type: 'judged', data: aJudged({ policies: [{ id: 'p-1', reason: 'Because.' }] }) },
  { type: 'asked', data: { approvers: ['ada'], deadline, purpose: 'approval' } },
  {
    type: 'delivered',
    data: { approver: 'ada', channel: 'email', about: 'approval', status: 'failed', detail: 'no such box' },
  },
  { type: 'reminded', data: { approvers: ['ada'], stage: 1 } },
  { type: 'escalated', data: { approvers: ['ben'], why: 'time' } },
  { type: 'voted', data: { approver: 'ada', choice: 'accept', comment: 'fine', assurance: 'link holder' } },
  { type: 'approved', data: { allowed: true, policies: [], errors: [], mode: 'enforce', policyDigest: 'd' } },
  { type: 'decided', data: { choice: 'accept', by: 'people', people: ['ada'], reason: 'votes' } },
  { type: 'attempted', data: { action: 'accept' } },
  { type: 'settled', data: { action: 'accept', result: 'settled', detail: 'done', changed: [] } },
  { type: 'closed', data: { outcome: 'ACCEPTED', finding: 'accepted' } },
  { type: 'reopened', data: { why: 'still pending', alarm: true } },
  { type: 'failed', data: { error: 'Boom', detail: 'no' } },
]

test('one offer shows facts, policies, votes and everything that happened', () => {
  const story = new Story(aRefOf('ram-invitation')).inspected(1, hashA)
  for (const body of bodies.slice(0, 11)) story.add(body)
  const facts = factsOfKind('ram-invitation')
  const page = renderOffer({ state: story.state, facts, events: story.events, now }).toString()

  for (const words of [
    'Accepted',
    'What AWS says',
    'Policy says: review',
    'Because.',
    'Votes',
    'What happened',
    'no such box',
  ]) {
    expect(page).toContain(words)
  }
  const timeline = page.slice(page.indexOf('<ol class="timeline">'))
  expect(timeline.match(/<li><strong>/g)).toHaveLength(story.events.length)
})

test.each(bodies.map((body) => [body.type, body] as const))('the timeline has words for `%s`', (_type, body) => {
  const story = new Story(aRefOf('iot-transfer')).inspected(1, hashA).add(body)
  const page = renderOffer({ state: story.state, facts: undefined, events: story.events, now }).toString()

  expect(page).toMatch(/<li><strong>[^<]{5,}<\/strong>[^]*<\/li><\/ol>/)
})
