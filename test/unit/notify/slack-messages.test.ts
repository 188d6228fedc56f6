import { join } from 'node:path'
import { slackLimits, type SlackBlock } from '../../../lambda/contract/slack-blocks.ts'
import type { Facts } from '../../../lambda/domain/facts.ts'
import type { JsonObject } from '../../../lambda/domain/json.ts'
import { kindNames } from '../../../lambda/domain/kinds.ts'
import type { OfferKind } from '../../../lambda/domain/offer.ts'
import {
  renderSlackAsk,
  renderSlackHandOver,
  renderSlackHold,
  renderSlackOutcome,
  renderSlackPost,
  type PersonalAsk,
} from '../../../lambda/notify/slack-messages.ts'
import type { SlackMessageBody } from '../../../lambda/notify/slack-parts.ts'
import { hashA, Story } from '../../support/events.ts'
import { aRefOf, factsOfKind, hostileTexts } from '../../support/facts.ts'
import { expectGolden } from '../../support/golden.ts'

const link = 'https://gatehouse.example/a/T0kEn-T0kEn_T0kEn-T0kEn_T0kEn-T0kEn_T0kEn-1'

function anAsk(kind: OfferKind, overrides: Partial<PersonalAsk> = {}): PersonalAsk {
  const policies = [{ id: 'review-outside', reason: 'Offers from outside the organization need a person.' }]
  const story = new Story(aRefOf(kind)).inspected(1, hashA).judged({ policies }).asked(['ada'])
  const { state } = story
  return {
    about: 'approval',
    state,
    round: state.round!,
    judged: state.round!.judged!,
    facts: factsOfKind(kind),
    byDefault: kind === 'iot-outgoing' ? 'leave' : 'reject',
    groups: [{ group: 'security', quorum: 1, approvers: ['ada', 'ben'] }],
    link,
    buttons: true,
    ...overrides,
  }
}

const theirs: Readonly<Record<OfferKind, readonly string[]>> = {
  'ram-invitation': ['shareName'],
  'iot-transfer': ['message', 'subject'],
  'iot-outgoing': ['message'],
  'iot-send': ['message'],
  'iam-delegation': ['requestorName', 'description', 'requestMessage', 'redirectUrl'],
}

function hostileFacts(kind: OfferKind, text: string): Facts {
  const decisive: JsonObject = Object.fromEntries(theirs[kind]!.map((name) => [name, text]))
  return factsOfKind(kind, decisive)
}

/** Every text of a message that Slack reads its formatting in. */
function formatted({ text, blocks }: SlackMessageBody): string[] {
  const found: string[] = [text]
  JSON.stringify(blocks, (_key, value: unknown) => {
    if (typeof value === 'object' && value !== null && 'type' in value && value.type === 'mrkdwn')
      found.push((value as unknown as { text: string }).text)
    return value
  })
  return found
}

function plain({ blocks }: SlackMessageBody): string {
  return JSON.stringify(blocks.filter(({ type }) => type !== 'actions'))
}

function labels({ blocks }: SlackMessageBody): string[] {
  return blocks.flatMap((block) =>
    'fields' in block ? block.fields.filter(({ type }) => type === 'mrkdwn').map(({ text }) => text) : [],
  )
}

describe.each(kindNames())('asking about %s in Slack', (kind) => {
  test('reads as agreed', () => {
    const text = Object.values(hostileTexts)
      .filter((each) => each.length < 1000)
      .join(' | ')
    const message = renderSlackAsk(anAsk(kind, { facts: hostileFacts(kind, text) }))

    expectGolden(join(__dirname, 'golden', `slack-${kind}.json`), `${JSON.stringify(message, null, 2)}\n`)
  })

  test.each(Object.entries(hostileTexts))('is not bent by what they write: %s', (_name, text) => {
    const message = renderSlackAsk(anAsk(kind, { facts: hostileFacts(kind, text) }))
    const usual = renderSlackAsk(anAsk(kind))

    // Their words are in no text that Slack formats, and in no other place than before.
    expect(formatted(message)).toEqual(formatted(usual))
    expect(message.text).toBe(usual.text)
    expect(message.blocks.map(({ type }) => type)).toEqual(usual.blocks.map(({ type }) => type))
    expect(plain(message).replaceAll(link, '')).not.toMatch(/:\/\/|www\.|\w@\w|evil\.example/)
    expect(plain(message)).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200B]/)
  })

  test('leads with the account, the organization and what acceptance gives; their words come last', () => {
    const message = renderSlackAsk(anAsk(kind))

    expect(JSON.stringify(message.blocks[0])).toContain('444455556666')
    expect(labels(message).slice(0, 3)).toEqual([
      expect.stringContaining('account'),
      '*Organization*',
      '*Accepting means*',
    ])
    const at = (words: string): number => plain(message).indexOf(words)
    expect(at('Written by')).toBeGreaterThan(at('Read and decide'))
  })

  test('a post has no link, no button and none of their words', () => {
    const text = JSON.stringify(renderSlackPost(anAsk(kind, { facts: hostileFacts(kind, 'CHOSEN-BY-THEM') })))

    expect(text).not.toMatch(/gatehouse\.example|"actions"|"button"/)
    if (kind !== 'iam-delegation') expect(text).not.toContain('CHOSEN-BY-THEM')
  })
})

describe('telling of an accept of the delegator role in Slack', () => {
  const held = { until: '2026-11-24T08:30:00.000Z', link }
  const approver = { id: 'ada', email: 'ada@example.com', timeZone: 'Europe/Berlin' }
  const { state } = anAsk('iam-delegation')
  const told = { state, offer: state, approver, held, buttons: true, facts: factsOfKind('iam-delegation') }
  const hostile = Object.values(hostileTexts).join(' | ')

  test.each(['hold', 'release', 'stranded'] as const)('reads as agreed: %s', (about) => {
    const message = renderSlackHold({ ...told, about, facts: hostileFacts('iam-delegation', hostile) })

    expectGolden(join(__dirname, 'golden', `slack-${about}.json`), `${JSON.stringify(message, null, 2)}\n`)
    expect(message.blocks.find(({ type }) => type === 'actions')).toMatchObject({
      elements: [
        { action_id: 'gatehouse:reject', text: { text: 'Take it back…' }, value: `${state.offerId}|1|${hashA}` },
      ],
    })
  })

  test('has the link only where there are no buttons, and neither where nothing of ours could be taken back', () => {
    const without = renderSlackHold({ ...told, about: 'hold', buttons: false })
    expect(without.blocks.map(({ type }) => type)).not.toContain('actions')
    expect(formatted(without)).toContain(`<${link}|Look at it, or take it back>`)

    const message = renderSlackHold({ ...told, about: 'stranded', held: undefined })
    expect(message.blocks.map(({ type }) => type)).not.toContain('actions')
    expect(formatted(message).join(' ')).not.toContain('take it back>')
  })
})

test('the link is a text link, and buttons name offer, round and facts', () => {
  const ask = anAsk('ram-invitation')
  const { blocks } = renderSlackAsk(ask)

  expect(formatted({ text: '', blocks })).toContain(`<${link}|Read and decide>`)
  expect(JSON.stringify(blocks)).not.toContain('"url"')
  const actions = blocks.find(({ type }) => type === 'actions')
  const value = `${ask.state.offerId}|1|${hashA}`
  expect(actions).toMatchObject({
    elements: [
      { action_id: 'gatehouse:accept', text: { text: 'Accept…' }, value },
      { action_id: 'gatehouse:reject', text: { text: 'Reject…' }, value },
    ],
  })
})

test('without buttons there is the link only', () => {
  expect(renderSlackAsk(anAsk('ram-invitation', { buttons: false })).blocks.map(({ type }) => type)).not.toContain(
    'actions',
  )
})

test('what policy would refuse cannot be accepted, and the reason is there', () => {
  const approval = { allowed: false, policies: [{ id: 'forbid-x', reason: 'Never this.' }], errors: [] }
  const ask = anAsk('ram-invitation')
  const message = renderSlackAsk({ ...ask, judged: { ...ask.judged, approval } })

  expect(JSON.stringify(message.blocks)).not.toContain('gatehouse:accept')
  expect(plain(message)).toContain('Never this. (forbid-x)')
})

test('the deadline is in the time of the reader and in UTC, with what follows and who decides', () => {
  const words = formatted(renderSlackAsk(anAsk('ram-invitation'))).join('\n')

  expect(words).toContain(
    '<!date^1795777200^{date_long} at {time}|27 November 2026, 11:00 UTC> (27 November 2026, 11:00 UTC)',
  )
  expect(words).toContain('it is rejected')
  expect(plain(renderSlackAsk(anAsk('ram-invitation')))).toContain('security: 1 of 2 has to accept')
})

test.each([
  ['reminder-2', 'Reminder: '],
  ['escalation', 'Escalated: '],
] as const)('%s says so', (about, words) => {
  const { text, blocks } = renderSlackAsk(anAsk('ram-invitation', { about }))

  expect(text).toMatch(new RegExp(`^${words}`))
  expect(JSON.stringify(blocks[0])).toContain(words)
})

describe('bounds', () => {
  const many = Array.from({ length: 5000 }, (_, index) => ({
    arn: `arn:aws:ec2:us-east-1:444455556666:subnet/subnet-${String(index).padStart(17, '0')}`,
    type: 'ec2:Subnet',
    regionScope: 'REGIONAL',
  }))
  const large: [string, PersonalAsk][] = [
    ['5,000 resources', anAsk('ram-invitation', { facts: factsOfKind('ram-invitation', { resources: many }) })],
    [
      'long texts everywhere',
      anAsk('iam-delegation', { facts: hostileFacts('iam-delegation', '\u{1F600}<&>'.repeat(2000)) }),
    ],
    [
      'a large policy',
      anAsk('iam-delegation', { facts: factsOfKind('iam-delegation', { permissionPolicy: '"'.repeat(6144) }) }),
    ],
  ]

  test.each(large)('%s fit what Slack takes', (_name, ask) => {
    const { text, blocks } = renderSlackAsk(ask)

    expect(text.length).toBeLessThanOrEqual(slackLimits.text)
    expect(blocks.length).toBeLessThanOrEqual(slackLimits.blocks)
    expect(JSON.stringify(blocks).length).toBeLessThanOrEqual(slackLimits.message)
    for (const block of blocks) expectFits(block)
    expect(formatted({ text, blocks })).toContain(`<${link}|Read and decide>`)
  })

  function expectFits(block: SlackBlock): void {
    if (!('fields' in block)) return
    expect(block.fields.length).toBeLessThanOrEqual(slackLimits.fields)
    for (const { text } of block.fields) {
      expect(text.length).toBeGreaterThan(0)
      expect(text.length).toBeLessThanOrEqual(slackLimits.field)
      expect(text).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/)
    }
  }
})

test('an outcome replaces everything: who decided, no link, no button, no comment', () => {
  const story = new Story().inspected(1, hashA).judged().asked(['ada']).voted('ada', 'reject').decided('reject')
  const message = renderSlackOutcome({ state: story.state, outcome: 'REJECTED' })

  expect(message.text).toBe('Resource share invitation from 444455556666: rejected')
  expect(plain(message)).toContain('ada: reject')
  expect(JSON.stringify(message)).not.toMatch(/"actions"|\/a\/|because/)
})

test('an outcome says how a transfer of ours ended, and nothing that the other side wrote: a channel reads it', () => {
  const story = new Story(aRefOf('iot-send')).inspected(1, hashA).judged()
  story.add({ type: 'ended', data: { how: 'rejected', reason: 'not <@U1> ours', at: null } })
  const message = renderSlackOutcome({ state: story.state, outcome: 'WITHDRAWN' })

  expect(plain(message)).toContain('The other account sent the certificate back.')
  expect(JSON.stringify(message)).not.toContain('ours')
})

test('a hand-over links to the AWS console under an address of our making', () => {
  const { state } = new Story(aRefOf('iam-delegation')).inspected(1, hashA).judged()
  const message = renderSlackHandOver({ state, facts: factsOfKind('iam-delegation') })

  expect(formatted(message).join('\n')).toContain(
    '<https://us-east-1.console.aws.amazon.com/iam/account-access-requests/review/dr-3f6c1a52b7e94d08a1c2|Review in the AWS console>',
  )
})
