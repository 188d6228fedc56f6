import * as z from 'zod'
import { DeliveryFailed } from '../contract/errors.ts'
import type { Settings, SlackSettings } from '../contract/settings.ts'
import { electorateOf } from '../domain/electorate.ts'
import type { Judged, SlackMessage } from '../domain/event.ts'
import type { Round } from '../domain/state.ts'
import type { ChannelPost, SentMessage, Slack } from './channel.ts'
import type { SlackClient } from './slack-client.ts'
import {
  renderSlackAsk,
  renderSlackHandOver,
  renderSlackHold,
  renderSlackOutcome,
  renderSlackPost,
  type AskView,
} from './slack-messages.ts'
import type { SlackMessageBody } from './slack-parts.ts'

type Rules = Pick<Settings, 'approvers' | 'groups' | 'defaultGroup' | 'escalationGroup'>

export interface SlackChannelDeps {
  client: SlackClient
  slack: SlackSettings
  settings: Rules
}

/** Direct messages to those who have a Slack id, posts to the channel, and editing of both. */
export function createSlackChannel({ client, slack, settings }: SlackChannelDeps): Slack {
  const { channel, buttons } = slack
  const send = async (to: string, body: SlackMessageBody): Promise<SentMessage> => await postMessage(client, to, body)
  return {
    channel: {
      name: 'slack',
      ask: async ({ approver, about, link, ...asking }) =>
        await send(addressOf(approver), renderSlackAsk({ ...viewOf(asking, settings), about, link, buttons })),
      handOver: async ({ approver, state, facts }) =>
        await send(addressOf(approver), renderSlackHandOver({ state, facts })),
      tellHold: async (message) => await send(addressOf(message.approver), renderSlackHold({ ...message, buttons })),
    },
    ...(channel === undefined
      ? {}
      : { post: async (post: ChannelPost) => await send(channel, renderSlackPost(viewOf(post, settings))) }),
    update: async (message, outcome) => {
      await client.call('chat.update', { ...message, ...renderSlackOutcome(outcome) })
    },
  }
}

/** A user's id opens the direct conversation with them. */
function addressOf({ id, slackUserId }: { id: string; slackUserId?: string | undefined }): string {
  if (slackUserId === undefined) throw new TypeError(`expected a Slack id of \`${id}\`, got none`)
  return slackUserId
}

function viewOf(post: ChannelPost, settings: Rules): AskView {
  const { state, round, facts, byDefault } = post
  const { groups } = electorateOf({ state, round }, settings)
  return { state, round, judged: judgedOf(round), facts, byDefault, groups }
}

function judgedOf({ judged }: Round): Judged {
  if (judged === undefined) throw new TypeError('expected a judged round, got one without a verdict')
  return judged
}

/** Of a user's id Slack makes a channel's id: only the returned one can be edited later. */
const postedSchema = z.object({ channel: z.string().min(1), ts: z.string().min(1) })

async function postMessage(client: SlackClient, to: string, body: SlackMessageBody): Promise<SentMessage> {
  const reply = await client.call('chat.postMessage', {
    channel: to,
    ...body,
    // An unfurl would fetch the personal link.
    unfurl_links: false,
    unfurl_media: false,
  })
  const posted = postedSchema.safeParse(reply)
  if (!posted.success) throw new DeliveryFailed('expected Slack to say where the message is, got another answer')
  const slack: SlackMessage = { channel: posted.data.channel, ts: posted.data.ts }
  return { id: `${slack.channel}/${slack.ts}`, slack }
}
