import { join } from 'node:path'
import type { JsonObject } from '../../../lambda/domain/json.ts'
import { offerIdOf, offerKinds, type OfferKind } from '../../../lambda/domain/offer.ts'
import {
  renderApprovalMail,
  renderHandOverMail,
  renderOutcomeMail,
  renderTroubleMail,
  type ApprovalMail,
  type MailOffer,
} from '../../../lambda/notify/mails.ts'
import type { Mail } from '../../../lambda/notify/mail.ts'
import { aRefOf, factsOfKind, hostileTexts, partner } from '../../support/facts.ts'
import { expectGolden } from '../../support/golden.ts'

const link = 'https://gatehouse.example/a/T0kEn-T0kEn_T0kEn-T0kEn_T0kEn-T0kEn_T0kEn-1'
const approver = { id: 'ada', email: 'ada@example.com' }

function anOffer(kind: OfferKind, counterparty: string | null = partner): MailOffer {
  const ref = aRefOf(kind)
  return { offerId: offerIdOf(ref), ref, counterparty }
}

function anApproval(kind: OfferKind, overrides: Partial<ApprovalMail> = {}): ApprovalMail {
  return {
    offer: anOffer(kind),
    facts: factsOfKind(kind),
    judged: {
      policies: [{ id: 'review-outside', reason: 'Offers from outside the organization need a person.' }],
      notes: [],
      errors: [],
    },
    cause: 'first',
    deadline: { at: '2026-11-27T08:30:00.000Z', from: 'expiry' },
    byDefault: kind === 'iot-outgoing' ? 'leave' : 'reject',
    link,
    approver,
    ...overrides,
  }
}

/** Where each kind keeps text that the other side wrote. */
const theirs: Readonly<Record<OfferKind, readonly string[]>> = {
  'ram-invitation': ['shareName'],
  'iot-transfer': ['message', 'subject'],
  'iot-outgoing': ['message'],
  'iam-delegation': ['requestorName', 'description', 'requestMessage', 'redirectUrl'],
}

function hostileFacts(kind: OfferKind, text: string): ReturnType<typeof factsOfKind> {
  const decisive: JsonObject = Object.fromEntries(theirs[kind].map((name) => [name, text]))
  return factsOfKind(kind, decisive)
}

function linksOf({ html }: Mail): string[] {
  return [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href ?? '')
}

describe.each(offerKinds)('asking about %s', (kind) => {
  test('reads as agreed', () => {
    const text = Object.values(hostileTexts)
      .filter((each) => each.length < 1000)
      .join(' | ')
    const mail = renderApprovalMail(anApproval(kind, { facts: hostileFacts(kind, text) }))
    const whole = `Subject: ${mail.subject}\n\n${mail.text}\n=== HTML ===\n${mail.html}`

    expectGolden(join(__dirname, 'golden', `${kind}.txt`), whole)
  })

  test('has kind, account and deadline in its subject', () => {
    const { subject } = renderApprovalMail(anApproval(kind))

    expect(subject).toMatch(kind === 'iot-outgoing' ? /to 444455556666/ : /from 444455556666/)
    expect(subject).toContain('answer by 27 November 2026, 08:30 UTC')
  })

  test.each(Object.entries(hostileTexts))('is not bent by what they write: %s', (_name, text) => {
    const mail = renderApprovalMail(anApproval(kind, { facts: hostileFacts(kind, text) }))
    const plain = renderApprovalMail(anApproval(kind))

    expect(linksOf(mail)).toEqual([link])
    expect(tagsOf(mail)).toEqual(tagsOf(plain))
    expect(mail.subject).toBe(plain.subject)
    expect(mail.text.split('\n')).toHaveLength(plain.text.split('\n').length)
    expect(mail.text.replace(link, '')).not.toMatch(/:\/\/|www\.|\w@\w|evil\.example/)
  })
})

/** The markup of a mail; their text may add none. */
function tagsOf({ html }: Mail): string[] {
  return [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag)
}

test('their words come after the link, quoted line by line', () => {
  const { text } = renderApprovalMail(anApproval('iam-delegation'))

  expect(text.indexOf(link)).toBeLessThan(text.indexOf('Written by the other side'))
  expect(text).toContain('> Message: Please approve before Friday.')
})

test('nothing is loaded from anywhere and no link is tracked', () => {
  const { html } = renderApprovalMail(anApproval('ram-invitation'))

  expect(html).not.toMatch(/<img|<link|<script|url\(|@import|src=/)
  expect(html).toContain(`<a ses:no-track href="${link}"`)
})

test('says why people are asked again', () => {
  const { text } = renderApprovalMail(anApproval('ram-invitation', { cause: 'facts-changed' }))

  expect(text).toContain('Earlier votes no longer count.')
})

test('says what policy would not decide', () => {
  const judged = { policies: [], notes: ['unknown-facts', 'something-new'], errors: ['boom'] }
  const { text } = renderApprovalMail(anApproval('ram-invitation', { judged }))

  expect(text).toContain('Some facts could not be read')
  expect(text).toContain('something-new')
  expect(text).toContain('could not be evaluated: 1')
})

test('an unknown counterparty is called unknown', () => {
  const facts = factsOfKind('iot-transfer', { counterparty: null }, { counterparty: null })
  const mail = renderApprovalMail(anApproval('iot-transfer', { offer: anOffer('iot-transfer', null), facts }))

  expect(mail.subject).toContain('from an unknown account')
  expect(mail.text).toContain('Offered by account: Unknown: AWS does not say')
})

describe('handing over', () => {
  test('links to the AWS console by the id', () => {
    const offer = anOffer('iam-delegation')
    const mail = renderHandOverMail({ offer, facts: factsOfKind('iam-delegation'), approver })

    expect(linksOf(mail)).toEqual([
      `https://us-east-1.console.aws.amazon.com/iam/account-access-requests/review/${offer.ref.awsId}`,
    ])
    expect(mail.subject).toContain('accept it in the AWS console: do it by 27 November 2026')
  })

  test.each(['https://evil.example/', 'a/../b?c=ddddddddddd', 'short', 'x" onclick="alert(1)'])(
    'makes no link of an id that is none: %s',
    (awsId) => {
      const offer = { ...anOffer('iam-delegation'), ref: { ...aRefOf('iam-delegation'), awsId } }

      expect(linksOf(renderHandOverMail({ offer, facts: factsOfKind('iam-delegation'), approver }))).toEqual([])
    },
  )
})

test('an outcome says who decided, and how', () => {
  const mail = renderOutcomeMail({
    offer: anOffer('ram-invitation'),
    outcome: 'REJECTED',
    decision: { choice: 'reject', by: 'people', people: ['ada'], reason: 'votes' },
    policies: [{ id: 'review-outside', reason: 'Needs a person.' }],
    votes: [{ approver: 'ada', choice: 'reject', comment: 'not ours, see http://x.example', assurance: 'link holder' }],
    approver,
  })

  expect(mail.subject).toBe('Resource share invitation from 444455556666: rejected')
  expect(mail.text).toContain('Decided by: ada')
  expect(mail.text).toContain('ada: reject (not ours, see http[:]//x[.]example)')
  expect(linksOf(mail)).toEqual([])
})

test('an outcome that nobody decided says only what happened', () => {
  const { text } = renderOutcomeMail({ offer: anOffer('iot-outgoing'), outcome: 'WITHDRAWN', approver })

  expect(text).toContain('no longer there')
  expect(text).not.toContain('Decided by')
})

test('trouble is told with the name of the error and stays short', () => {
  const mail = renderTroubleMail({ offer: anOffer('ram-invitation'), failures: 5, error: 'UnexpectedAnswer', approver })

  expect(mail.subject).toBe('Gatehouse needs help: resource share invitation from 444455556666')
  expect(mail.text).toContain('5 runs in a row failed')
  expect(mail.text.length).toBeLessThan(700)
})
