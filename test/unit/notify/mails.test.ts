import { join } from 'node:path'
import type { JsonObject } from '../../../lambda/domain/json.ts'
import { kindNames } from '../../../lambda/domain/kinds.ts'
import { goesOut, offerIdOf, type OfferKind } from '../../../lambda/domain/offer.ts'
import type { Mail } from '../../../lambda/notify/mail.ts'
import { renderApprovalMail, type ApprovalMail } from '../../../lambda/notify/mails/approval-mail.ts'
import type { Decision } from '../../../lambda/domain/event.ts'
import { renderDigestMail, type DigestEnding } from '../../../lambda/notify/mails/digest-mail.ts'
import { renderHandOverMail } from '../../../lambda/notify/mails/hand-over-mail.ts'
import { renderHoldMail } from '../../../lambda/notify/mails/hold-mail.ts'
import type { MailOffer } from '../../../lambda/notify/mails/mail-parts.ts'
import { renderOutcomeMail } from '../../../lambda/notify/mails/outcome-mail.ts'
import { renderTroubleMail } from '../../../lambda/notify/mails/trouble-mail.ts'
import { aJudged } from '../../support/events.ts'
import { withPartnerGroups } from '../../../lambda/domain/partners.ts'
import { aRefOf, factsOfKind, hostileTexts, partner } from '../../support/facts.ts'
import { expectGolden } from '../../support/golden.ts'

const link = 'https://gatehouse.example/a/T0kEn-T0kEn_T0kEn-T0kEn_T0kEn-T0kEn_T0kEn-1'
const approver = { id: 'ada', email: 'ada@example.com' }

function anOffer(kind: OfferKind, counterparty: string | null = partner): MailOffer {
  const ref = aRefOf(kind)
  return { offerId: offerIdOf(ref), ref, counterparty }
}

function aRound(overrides: Partial<ApprovalMail['round']> = {}): ApprovalMail['round'] {
  return { cause: 'first', votes: new Map(), ...overrides }
}

const asked: ApprovalMail['round']['asked'] = {
  at: '2026-11-20T10:00:00.000Z',
  approvers: ['ada', 'ben'],
  groups: [],
  deadline: { at: '2026-11-27T08:30:00.000Z', from: 'expiry' },
  conflicts: [],
  digest: false,
}
const benAccepts = {
  approver: 'ben',
  choice: 'accept' as const,
  comment: 'fine',
  assurance: 'link holder',
  at: '2026-11-21T10:00:00.000Z',
}

function anApproval(kind: OfferKind, overrides: Partial<ApprovalMail> = {}): ApprovalMail {
  return {
    about: 'approval',
    offer: anOffer(kind),
    facts: factsOfKind(kind),
    round: aRound(),
    judged: aJudged({
      policies: [{ id: 'review-outside', reason: 'Offers from outside the organization need a person.' }],
      deadline: { at: '2026-11-27T08:30:00.000Z', from: 'expiry' },
    }),
    groups: [{ group: 'security', quorum: 2, approvers: ['ada', 'ben', 'eve'] }],
    now: new Date('2026-11-24T08:00:00.000Z'),
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
  'iot-send': ['message'],
  'iam-delegation': ['requestorName', 'description', 'requestMessage', 'redirectUrl'],
}

function hostileFacts(kind: OfferKind, text: string): ReturnType<typeof factsOfKind> {
  const decisive: JsonObject = Object.fromEntries(theirs[kind]!.map((name) => [name, text]))
  return factsOfKind(kind, decisive)
}

function linksOf({ html }: Mail): string[] {
  return [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href ?? '')
}

const goldens: Readonly<Record<string, Partial<ApprovalMail>>> = {
  approval: {},
  'reminder-1': { about: 'reminder-1', round: aRound({ asked, votes: new Map([['ben', benAccepts]]) }) },
  escalation: {
    about: 'escalation',
    approver: { id: 'eve', email: 'eve@example.com', timeZone: 'Europe/Berlin' },
    round: aRound({
      asked,
      cause: 'facts-changed',
      escalated: { at: '2026-11-24T08:00:00.000Z', approvers: ['eve'], why: 'nobody-reachable' },
    }),
    groups: [
      { group: 'security', quorum: 2, approvers: ['ada', 'ben'] },
      { group: 'network', quorum: 1, approvers: ['ada'] },
    ],
  },
}

function expectMail(name: string, { subject, text, html }: Mail): void {
  expectGolden(join(__dirname, 'golden', `${name}.txt`), `Subject: ${subject}\n\n${text}`)
  expectGolden(join(__dirname, 'golden', `${name}.html`), html)
}

const hostileText = Object.values(hostileTexts)
  .filter((each) => each.length < 1000)
  .join(' | ')

test('asking about an account that is known reads as agreed: where it is, who knows it, and what it calls itself', () => {
  const decisive = { organization: 'inside', organizationPath: ['ou-ab12-producti', 'ou-ab12-workload', 'r-ab12'] }
  const context = { organizationalUnit: 'Root / Workloads / Production', accountName: hostileTexts.html ?? '' }
  const partnerGroups = [{ name: 'network', owner: 'Jane Doe, networks', until: '2027-01-31T23:59:59.999Z' }]
  const facts = withPartnerGroups(factsOfKind('ram-invitation', decisive, { context }), { partnerGroups })
  expectMail('ram-invitation-known-sender', renderApprovalMail(anApproval('ram-invitation', { facts })))
})

describe.each(kindNames())('asking about %s', (kind) => {
  test.each(Object.entries(goldens))('reads as agreed: %s', (name, overrides) => {
    const facts = hostileFacts(kind, hostileText)

    expectMail(`${kind}-${name}`, renderApprovalMail(anApproval(kind, { facts, ...overrides })))
  })

  test('reads as agreed: hand-over, outcome, trouble', () => {
    const [offer, facts] = [anOffer(kind), hostileFacts(kind, hostileText)]
    expectMail(`${kind}-hand-over`, renderHandOverMail({ offer, facts, approver }))
    expectMail(
      `${kind}-outcome`,
      renderOutcomeMail({
        offer,
        outcome: kind === 'iot-outgoing' ? 'LEFT' : 'REJECTED',
        decision: {
          choice: kind === 'iot-outgoing' ? 'leave' : 'reject',
          by: 'deadline',
          people: [],
          reason: 'found-too-late',
        },
        policies: aJudged({ policies: [{ id: 'review-outside', reason: 'Needs a person.' }] }).policies,
        votes: [{ ...benAccepts, comment: hostileText }],
        approver,
      }),
    )
    expectMail(`${kind}-trouble`, renderTroubleMail({ offer, failures: 5, error: hostileText, approver }))
  })

  test('has kind, account and deadline in its subject', () => {
    const { subject } = renderApprovalMail(anApproval(kind))

    expect(subject).toMatch(goesOut(kind) ? /to 444455556666/ : /from 444455556666/)
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

describe('telling of an accept of the delegator role', () => {
  const held = { until: '2026-11-24T08:30:00.000Z', link }
  const zoned = { ...approver, timeZone: 'Europe/Berlin' }
  const offer = anOffer('iam-delegation')
  const base = hostileFacts('iam-delegation', hostileText)
  const delegatorPolicies = ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess']
  const delegatorGives = [
    { given: 'allowed', actions: ['s3:GetObject'], resources: ['arn:aws:s3:::metrics/*'] },
    { given: 'not-allowed', actions: [hostileText], resources: ['*'] },
  ]
  const facts = { ...base, context: { ...base.context, delegatorPolicies, delegatorGives } }
  const console = `https://us-east-1.console.aws.amazon.com/iam/account-access-requests/review/${offer.ref.awsId}`

  test.each(['hold', 'release', 'stranded'] as const)('reads as agreed: %s', (about) => {
    const mail = renderHoldMail({ about, offer, facts, approver: zoned, held })

    expectMail(`iam-delegation-${about}`, mail)
    expect(linksOf(mail)).toEqual(about === 'hold' ? [link] : [console, link])
  })

  test('gives no link where nothing of ours could be taken back', () => {
    const mail = renderHoldMail({ about: 'stranded', offer, facts, approver, held: undefined })

    expect(linksOf(mail)).toEqual([console])
    expect(mail.text).toContain('most likely by the delegator role')
  })

  test.each(Object.entries(hostileTexts))('is not bent by what they write: %s', (_name, words) => {
    const told = { about: 'hold' as const, offer, approver, held }
    const mail = renderHoldMail({ ...told, facts: hostileFacts('iam-delegation', words) })

    expect(linksOf(mail)).toEqual([link])
    expect(tagsOf(mail)).toEqual(tagsOf(renderHoldMail({ ...told, facts: factsOfKind('iam-delegation') })))
  })
})

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
  const { text } = renderApprovalMail(anApproval('ram-invitation', { round: aRound({ cause: 'facts-changed' }) }))

  expect(text).toContain('Earlier votes no longer count.')
})

test('says what policy would not decide', () => {
  const judged = aJudged({ notes: ['unknown-facts', 'something-new'], errors: ['boom'] })
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

test.each(Object.entries(hostileTexts))(
  'an outcome says how a transfer of ours ended, and quotes why: %s',
  (_name, reason) => {
    const ending = { how: 'rejected', reason, at: null } as const
    const mail = (offer: MailOffer): Mail => renderOutcomeMail({ offer, outcome: 'WITHDRAWN', approver })
    const ended = mail({ ...anOffer('iot-send'), ending })

    expect(ended.text).toContain('The other account sent the certificate back.')
    expect(ended.text).toMatch(/^> The other account says/m)
    expect(linksOf(ended)).toEqual([])
    expect(ended.subject).toBe(mail(anOffer('iot-send')).subject)
  },
)

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

describe('time', () => {
  test('the deadline is in UTC, and in the zone of who has one', () => {
    const timeZone = 'America/New_York'
    const mail = renderApprovalMail(anApproval('ram-invitation', { approver: { ...approver, timeZone } }))

    expect(mail.text).toContain('Answer by 27 November 2026, 03:30 (America/New York), 08:30 UTC, in 3 days.')
    expect(mail.subject).toContain('answer by 27 November 2026, 08:30 UTC')
  })
})

describe('asking again', () => {
  const reminder = goldens['reminder-1']
  const escalation = goldens['escalation']

  test('a reminder says which, how long there is, and who has voted', () => {
    const { subject, text } = renderApprovalMail(anApproval('ram-invitation', reminder))

    expect(subject).toMatch(/^Reminder 1: Resource share invitation from 444455556666: answer by/)
    expect(text).toContain(
      'this is reminder 1, and the time to answer ends in 3 days. Links in earlier mails stay valid.',
    )
    expect(text).toContain('Voted already: ben (accept).')
    expect(text).not.toContain('fine')
  })

  test.each([
    ['time', 'Time runs short.'],
    ['too-few', 'Too few of those who are asked'],
    ['nobody-reachable', 'Nobody who is asked can be reached.'],
  ] as const)('an escalation says why: %s', (why, words) => {
    const round = aRound({ asked, escalated: { at: '2026-11-24T08:00:00.000Z', approvers: ['eve'], why } })
    const { subject, text } = renderApprovalMail(anApproval('ram-invitation', { ...escalation, round }))

    expect(subject).toMatch(/^Escalated: /)
    expect(text.slice(0, 300)).toContain(words)
    expect(text).toContain('Asked before you: ada, ben.')
    expect(text).toContain('Nobody has voted yet.')
  })

  test('whose accept is needed', () => {
    const { text } = renderApprovalMail(anApproval('ram-invitation', escalation))

    expect(text).toContain('To accept, it needs 2 of security and 1 of network. One reject decides.')
  })
})

test('where policy lets nobody accept, it says so and why', () => {
  const approval = { allowed: false, policies: [{ id: 'never', reason: 'Not from there.' }], errors: [] }
  const { text } = renderApprovalMail(anApproval('ram-invitation', { judged: aJudged({ approval }) }))

  expect(text).toContain('You can only reject it:')
  expect(text).toContain('* Not from there. (never)')
})

describe('a digest', () => {
  const entryOf = (kind: OfferKind, index: number): Parameters<typeof renderDigestMail>[0]['entries'][number] => ({
    ref: aRefOf(kind),
    counterparty: kind === 'iot-transfer' ? null : partner,
    deadlineAt: `2026-11-2${index + 3}T08:30:00.000Z`,
    link: `${link.slice(0, -1)}${index}`,
  })
  const entries = ['ram-invitation', 'iot-transfer', 'iot-outgoing', 'iot-send', 'iam-delegation'].map(entryOf)
  const byDefault: Decision = { choice: 'reject', by: 'deadline', people: [], reason: 'deadline' }
  const byPeople: Decision = { choice: 'accept', by: 'people', people: ['ada', 'ben'], reason: 'votes' }
  const endings: DigestEnding[] = [
    { ...anOffer('ram-invitation'), outcome: 'REJECTED', decision: byDefault },
    { ...anOffer('iot-transfer', null), outcome: 'ACCEPTED', decision: byPeople },
    { ...anOffer('iot-outgoing'), outcome: 'REJECTED', decision: byDefault },
    { ...anOffer('iam-delegation'), outcome: 'REJECTED', policies: [{ id: 'no-admin', reason: 'No.' }] },
    { ...anOffer('ram-invitation'), outcome: 'SUPERSEDED', decision: byPeople },
  ]
  const zoned = { ...approver, timeZone: 'Europe/Berlin' }

  test('reads as agreed', () => {
    expectMail('digest', renderDigestMail({ group: 'security', approver: zoned, entries, endings: [], left: 7 }))
  })

  test('with endings reads as agreed, and so it does with nothing else', () => {
    const digest = { group: 'security', approver: zoned, endings, left: 0 }
    expectMail('digest-with-endings', renderDigestMail({ ...digest, entries: entries.slice(0, 1) }))
    expectMail('digest-of-endings', renderDigestMail({ ...digest, entries: [] }))
  })

  test('has a link for each offer, in order, and names kind, account and first deadline', () => {
    const mail = renderDigestMail({ group: 'security', approver: zoned, entries, endings, left: 0 })

    expect(linksOf(mail)).toEqual(entries.map((entry) => entry.link))
    expect(mail.html.match(/ses:no-track/g)).toHaveLength(entries.length)
    expect(mail.subject).toBe(
      '5 offers of 444455556666, an unknown account: answer the first by 23 November 2026, 08:30 UTC',
    )
    expect(mail.text).not.toContain('more come')
  })

  test('2,000 entries stay far below what SES takes (10 MB)', () => {
    const many = Array.from({ length: 2000 }, () => entryOf('ram-invitation', 1))
    const { html, text } = renderDigestMail({ group: 'security', approver: zoned, entries: many, endings: [], left: 0 })

    expect(html.length + text.length).toBeLessThan(2_000_000)
  })
})
