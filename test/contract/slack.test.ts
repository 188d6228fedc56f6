import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DeliveryFailed, ServiceThrottled, ServiceUnavailable } from '../../lambda/contract/errors.ts'
import type { ApprovalMessage, Slack } from '../../lambda/notify/channel.ts'
import { createSlackChannel } from '../../lambda/notify/slack-channel.ts'
import { createSlackClient, type SlackClient } from '../../lambda/notify/slack-client.ts'
import { createBehaviour } from '../../local/aws/behaviour.ts'
import { createSlackApi } from '../../local/slack/web-api.ts'
import { SlackWorkspace } from '../../local/slack/workspace.ts'
import { hashA, Story } from '../support/events.ts'
import { aRefOf, factsOfKind, hostileTexts } from '../support/facts.ts'
import { testSettings } from '../support/world.ts'

/* Slack's own client over the wire, against the local Slack. */
const behaviour = createBehaviour()
const startMs = Date.parse('2026-11-20T10:00:00Z')
let nowMs = startMs
const workspace = new SlackWorkspace(
  {
    team: 'T0TEAM',
    botToken: 'bot-token',
    signingSecret: 'secret',
    users: [{ id: 'U0ALICE', name: 'alice' }],
    channels: [{ id: 'C0OFFERS', name: 'offers' }],
  },
  () => nowMs,
)
const handle = createSlackApi({ slack: workspace, behaviour })
const server: Server = createServer((request, response) => void handle(request, response))
const reported: string[] = []
let token = 'bot-token'
let apiUrl = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/api/`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  workspace.clear()
  behaviour.reset()
  reported.length = 0
  token = 'bot-token'
  nowMs = startMs
})

function client(url = apiUrl, botToken = (): Promise<string> => Promise.resolve(token)): SlackClient {
  return createSlackClient({ apiUrl: url, timeoutMs: 2000, botToken, report: (code) => reported.push(code) })
}

function channel(over = client()): Slack {
  const slack = { secret: 'gatehouse/slack', team: 'T0TEAM', channel: 'C0OFFERS', buttons: true }
  return createSlackChannel({ client: over, slack, settings: testSettings() })
}

function anAsk(slackUserId = 'U0ALICE', text = 'x'): ApprovalMessage {
  const { state } = new Story(aRefOf('iot-transfer')).inspected(1, hashA).judged().asked(['alice'])
  return {
    about: 'approval',
    state,
    round: state.round!,
    facts: factsOfKind('iot-transfer', { message: text }),
    approver: { id: 'alice', email: 'alice@example.com', slackUserId },
    byDefault: 'reject',
    link: 'https://gatehouse.example/a/token',
  }
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => undefined,
    (error: unknown) => error,
  )
}

test('an ask goes to the person, and comes back with where it is kept', async () => {
  const { channel: direct } = channel()
  const sent = await direct.ask(anAsk())

  const [message] = workspace.messages()
  expect(sent).toEqual({ id: `D0ALICE/${message!.ts}`, slack: { channel: 'D0ALICE', ts: message!.ts } })
  expect(message).toMatchObject({ user: 'U0ALICE', edited: null })
})

test.each(Object.entries(hostileTexts))('Slack takes what a hostile sender wrote: %s', async (_name, text) => {
  await channel().channel.ask(anAsk('U0ALICE', text))

  expect(workspace.messages()).toHaveLength(1)
})

test('a post goes to the channel, without the link', async () => {
  const { post } = channel()
  const sent = await post!(anAsk())

  expect(sent.slack?.channel).toBe('C0OFFERS')
  expect(JSON.stringify(workspace.messages())).not.toContain('/a/token')
})

test('a message is edited to the outcome where it is kept', async () => {
  const slack = channel()
  const { slack: kept } = await slack.channel.ask(anAsk())
  await slack.update(kept!, { state: anAsk().state, outcome: 'REJECTED' })

  const [message] = workspace.messages()
  expect(message).toMatchObject({ text: 'Incoming certificate transfer from 444455556666: rejected' })
  expect(message!.edited).not.toBeNull()
  expect(message!.blocks.map(({ type }) => type)).not.toContain('actions')
})

test.each([
  ['ratelimited', ServiceThrottled],
  ['503', ServiceUnavailable],
  ['500', ServiceUnavailable],
  ['fatal_error', ServiceUnavailable],
  ['internal_error', ServiceUnavailable],
  ['channel_not_found', DeliveryFailed],
  ['user_not_found', DeliveryFailed],
  ['not_in_channel', DeliveryFailed],
  ['msg_too_long', DeliveryFailed],
  ['something_new', DeliveryFailed],
])('%s', async (error, expected) => {
  behaviour.set({ faults: [{ service: 'slack', operation: 'chat.postMessage', error }] })

  expect(await failure(channel().channel.ask(anAsk()))).toBeInstanceOf(expected)
  expect(reported).toEqual([])
  // Once: whoever calls has retries of their own.
  expect(workspace.messages()).toEqual([])
})

test.each(['invalid_auth', 'token_revoked', 'account_inactive', 'missing_scope'])(
  '%s fails the delivery and is told to an administrator',
  async (error) => {
    behaviour.set({ faults: [{ service: 'slack', operation: 'chat.postMessage', error }] })

    expect(await failure(channel().channel.ask(anAsk()))).toBeInstanceOf(DeliveryFailed)
    expect(reported).toEqual([error])
  },
)

test('a wrong token and an unknown user are refused', async () => {
  expect(await failure(channel().channel.ask(anAsk('U0NOBODY')))).toMatchObject({
    message: 'Slack refused the call: `channel_not_found`',
  })
  token = 'revoked'
  expect(await failure(channel().channel.ask(anAsk()))).toBeInstanceOf(DeliveryFailed)
  expect(reported).toEqual(['invalid_auth'])
})

test('a token that cannot be read fails the delivery, so that people are mailed', async () => {
  const unread = client(apiUrl, () => Promise.reject(new Error('no such secret')))

  expect(await failure(channel(unread).channel.ask(anAsk()))).toBeInstanceOf(DeliveryFailed)
  expect(reported).toEqual(['secret_not_read'])
})

test('nobody there is something that passes', async () => {
  expect(await failure(channel(client('http://127.0.0.1:9/')).channel.ask(anAsk()))).toBeInstanceOf(ServiceUnavailable)
})

test('a replaced token is used from then on', async () => {
  const { channel: direct } = channel()
  token = 'old'
  await failure(direct.ask(anAsk()))
  token = 'bot-token'
  await direct.ask(anAsk())

  expect(workspace.messages()).toHaveLength(1)
})

test('a modal opens once for a trigger, within three seconds', async () => {
  const view = {
    type: 'modal',
    title: { type: 'plain_text', text: 'T' },
    blocks: [{ type: 'divider' }],
  }
  const open = async (trigger: string): Promise<unknown> =>
    await failure(client().call('views.open', { trigger_id: trigger, view }))
  const trigger = workspace.trigger('U0ALICE')
  const old = workspace.trigger('U0ALICE')

  expect(await open(trigger)).toBeUndefined()
  expect(await open(trigger)).toMatchObject({ message: 'Slack refused the call: `exchanged_trigger_id`' })
  nowMs += 3001
  expect(await open(old)).toMatchObject({ message: 'Slack refused the call: `expired_trigger_id`' })
  expect(workspace.views()).toHaveLength(1)
})
