import { ServiceThrottled, ServiceUnavailable, DeliveryFailed } from '../../lambda/contract/errors.ts'
import { nobodyReachable } from '../../lambda/contract/log-lines.ts'
import type { EventOf } from '../../lambda/domain/event.ts'
import { logger } from '../../lambda/handlers/serve.ts'
import { closeScenes, days, minutes, openScenes, scene, type Scene } from '../support/scene.ts'
import { TestSlack } from '../support/test-slack.ts'

beforeAll(openScenes)
afterAll(closeScenes)

const alice = { id: 'alice', email: 'alice@example.com', slackUserId: 'U0ALICE' }
const approvers = [alice, { id: 'bob', email: 'bob@example.com' }, { id: 'lea', email: 'lea@example.com' }]
const groups = { people: { approvers: ['alice', 'bob'], quorum: 1 }, leads: { approvers: ['lea'], quorum: 1 } }
const slackSettings = { secret: 'gatehouse/slack', team: 'T0TEAM', channel: 'C0GATE', buttons: false }

function withSlack(settings: Parameters<typeof scene>[0] = {}): Scene & { slack: TestSlack } {
  const made = scene({
    settings: { approvers, groups, escalationGroup: 'leads', slack: slackSettings, ...settings.settings },
  })
  const slack = new TestSlack()
  made.world.slack = slack
  return { ...made, slack }
}

async function deliveries({ world, id }: Scene): Promise<string[]> {
  const events = (await world.events(id)).filter((event): event is EventOf<'delivered'> => event.type === 'delivered')
  return events.map(({ data }) => `${data.about} ${data.approver} ${data.channel} ${data.status}`)
}

describe('Slack first, for those who are there', () => {
  test('the others get mail, the channel a post, and all of it is edited to the outcome', async () => {
    const given = withSlack()
    const { world, slack, id } = given
    await world.scan()
    expect(await deliveries(given)).toEqual([
      'approval alice slack sent',
      'approval bob email sent',
      'approval channel:C0GATE slack sent',
    ])
    await world.vote('bob', 'reject')
    expect(slack.edited).toEqual([
      { message: { channel: 'D-alice', ts: '1' }, outcome: 'REJECTED' },
      { message: { channel: 'C-GATEHOUSE', ts: '2' }, outcome: 'REJECTED' },
    ])
    expect(world.mailed('outcome')).toEqual(['alice', 'bob'])
    expect((await world.state(id)).closed?.outcome).toBe('REJECTED')
  })

  test('the channel is told once a round, not with every reminder', async () => {
    const { world, slack } = withSlack()
    await world.scan()
    await world.advance(4 * days)
    expect(slack.posts).toHaveLength(1)
    expect(slack.asked.map(({ about }) => about)).toEqual(['approval', 'reminder-1'])
  })

  test.each([
    ['refuses', new DeliveryFailed('channel_not_found'), ['approval alice slack failed', 'approval alice email sent']],
    ['is down', new ServiceUnavailable('503'), ['approval alice email sent']],
  ])('where it %s, mail goes out at once', async (_what, failure, expected) => {
    const given = withSlack()
    given.slack.failure = failure
    await given.world.scan()
    expect((await deliveries(given)).slice(0, expected.length)).toEqual(expected)
    expect(given.world.mailed('approval')).toEqual(['alice', 'bob'])
  })

  test('a throttle is waited for', async () => {
    const given = withSlack()
    given.slack.failure = new ServiceThrottled('slow down')
    await given.world.scan()
    expect(given.world.mailed('approval')).toEqual(['bob'])
    given.slack.failure = undefined
    await given.world.advance(minutes)
    expect(given.slack.asked).toEqual([{ to: 'alice', about: 'approval' }])
    expect(given.world.mailed('approval')).toEqual(['bob'])
  })

  test('a throttle that does not end leads to mail in a minute or two', async () => {
    const given = withSlack()
    given.slack.failure = new ServiceThrottled('slow down')
    await given.world.scan()
    await given.world.advance(5 * minutes)
    expect(given.world.mailed('approval')).toEqual(['bob', 'alice'])
    expect((await given.world.state(given.id)).run).toBe(1)
  })

  test('a reject that comes while others are still to be asked spares them the message', async () => {
    const given = withSlack()
    const { world, slack, id } = given
    const { ask } = slack.channel
    slack.channel.ask = async (message) => {
      const sent = await ask(message)
      const { factsHash, number, counterparty } = message.round
      const shown = { factsHash, round: String(number), digits: counterparty?.slice(-4) ?? '' }
      await world.castVote('alice', 'reject', { token: message.link.split('/a/')[1] ?? '', ...shown })
      return sent
    }
    await world.scan()
    expect(world.mailed('approval')).toEqual([])
    expect((await world.state(id)).closed?.outcome).toBe('REJECTED')
  })

  test('edits stop where Slack cannot be reached: each of them would wait', async () => {
    const { world, slack } = withSlack({ settings: { remindAt: [0.1, 0.2, 0.3, 0.4, 0.5] } })
    await world.scan()
    await world.advance(4 * days)
    let tried = 0
    slack.update = () => {
      tried += 1
      return Promise.reject(new ServiceUnavailable('503'))
    }
    await world.vote('bob', 'reject')
    expect(slack.asked.length).toBeGreaterThan(5)
    expect(tried).toBe(3)
  })

  test('an edit that fails holds up no closing', async () => {
    const { world, slack, id } = withSlack()
    await world.scan()
    slack.failure = new ServiceUnavailable('503')
    await world.vote('bob', 'reject')
    expect((await world.state(id)).closed?.outcome).toBe('REJECTED')
    expect(world.mailed('outcome')).toEqual(['alice', 'bob'])
  })

  test('all channels down: tried again until one works', async () => {
    const given = withSlack()
    given.slack.failure = new ServiceUnavailable('503')
    given.world.unavailable.add('alice@example.com')
    await given.world.scan()
    expect(await deliveries(given)).toEqual(['approval bob email sent'])
    given.world.unavailable.clear()
    await given.world.advance(5 * minutes)
    expect(await deliveries(given)).toEqual(['approval bob email sent', 'approval alice email sent'])
  })
})

describe('mail that comes back', () => {
  test('goes out by the other channel, if there is one that was not used for it', async () => {
    const given = withSlack()
    given.slack.failure = new DeliveryFailed('not_in_workspace')
    await given.world.scan()
    given.slack.failure = undefined
    await given.world.bounce('alice')
    // Slack failed for this very message: it is not tried again for it.
    expect(given.slack.asked).toEqual([])
    await given.world.advance(4 * days)
    expect(given.slack.asked).toEqual([{ to: 'alice', about: 'reminder-1' }])
  })

  test('of everybody: the escalation group is asked at once, and decides', async () => {
    const { world, id, aws } = scene({ settings: { approvers, groups, escalationGroup: 'leads' } })
    await world.scan()
    await world.bounce('alice')
    expect((await world.state(id)).round?.escalated).toBeUndefined()
    await world.bounce('bob')
    expect((await world.state(id)).round?.escalated?.why).toBe('nobody-reachable')
    expect(world.mailed('escalation')).toEqual(['lea'])
    await world.vote('lea', 'accept')
    expect(aws.effects.map(({ action }) => action)).toEqual(['accept'])
  })

  test('of one whose group then is too small: the same', async () => {
    const two = { ...groups, people: { approvers: ['alice', 'bob'], quorum: 2 } }
    const { world, id } = scene({ settings: { approvers, groups: two, escalationGroup: 'leads' } })
    await world.scan()
    await world.bounce('bob')
    expect((await world.state(id)).round?.escalated?.why).toBe('too-few')
  })
})

describe('addresses that are refused', () => {
  test('lead to the escalation group in the same breath', async () => {
    const { world, id } = scene({ settings: { approvers, groups, escalationGroup: 'leads' } })
    for (const who of ['alice', 'bob']) world.refused.add(`${who}@example.com`)
    await world.scan()
    expect((await world.state(id)).round?.escalated?.why).toBe('nobody-reachable')
    expect(world.mailed('escalation')).toEqual(['lea'])
  })

  test('of everybody there is: the case stays open until its deadline, then the default stands', async () => {
    const { world, id } = scene({ settings: { approvers, groups, escalationGroup: 'leads' } })
    for (const { email } of approvers) world.refused.add(email)
    const logged = jest.spyOn(logger, 'error').mockImplementation()
    await world.scan()
    expect(logged.mock.calls.map(([line]) => line)).toEqual([nobodyReachable, nobodyReachable])
    logged.mockRestore()
    expect(world.mails).toEqual([])
    expect((await world.state(id)).status).toBe('open')
    await world.advance(7 * days)
    expect((await world.state(id)).closed?.outcome).toBe('REJECTED')
  })
})

test('an outcome mail that comes back is recorded, also of a run that found the offer gone at once', async () => {
  const { world, id, offer } = scene()
  await world.scan()
  world.killRun(`${id}-1`)
  offer.status = 'gone'
  await world.scan()
  await world.advance(2 * minutes)
  expect(world.mailed('outcome')).toEqual(['alice', 'bob'])
  await world.bounce('bob')
  expect((await world.events(id)).at(-1)).toMatchObject({
    type: 'delivered',
    data: { about: 'outcome', status: 'bounced' },
  })
})
