import { checkBallot } from '../../../../lambda/handlers/vote/check-ballot.ts'
import type { Ballot } from '../../../../lambda/handlers/vote/ballot.ts'
import { held } from '../../../support/gallery.ts'
import { hashA } from '../../../support/events.ts'

const { story, settings } = held('hold')
const { state } = story

/** A reject, as Slack brings it. */
function taking(more: Partial<Ballot['fields']> = {}, by: Partial<Ballot> = {}): ReturnType<typeof checkBallot> {
  const { counterparty } = state
  const fields = { choice: 'reject', comment: 'no', factsHash: hashA, round: '1', digits: counterparty!.slice(-4) }
  const ballot: Ballot = {
    offerId: state.offerId,
    approver: 'ada',
    assurance: 'slack',
    proof: 'a-proof',
    ...by,
    fields: { ...fields, active: '', ...more },
  }
  return checkBallot(ballot, { state, now: new Date(state.lastAt), settings })
}

test('who was asked takes a held accept back', () => {
  expect(taking()).toMatchObject({ revocation: { approver: 'ada', comment: 'no', assurance: 'slack' } })
})

test.each<[string, ReturnType<typeof taking>, object]>([
  ['an accept', taking({ choice: 'accept' }), { result: 'closed' }],
  ['wrong digits', taking({ digits: '0000' }), { result: 'refused', field: 'digits' }],
  ['no word', taking({ comment: ' ' }), { result: 'refused', field: 'comment' }],
  ['somebody else', taking({}, { approver: 'nobody' }), { result: 'unknown-link' }],
  ['a link that is over', taking({}, { expiresAtMs: 0 }), { result: 'expired' }],
  ['a submission to Slack of another round, sent again', taking({ round: '7' }), { result: 'facts-changed' }],
])('%s does not', (_what, reply, expected) => {
  expect(reply).toMatchObject(expected)
})
