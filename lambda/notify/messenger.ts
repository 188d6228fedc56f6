import { mailTagsOf, type MailMark } from '../contract/mail-tags.ts'
import type { Approver } from '../contract/settings.ts'
import type { ChannelName, Outcome, SlackMessage } from '../domain/event.ts'
import type { Facts } from '../domain/facts.ts'
import type { OfferState } from '../domain/state.ts'
import type { Announced, Announcement } from './bus.ts'
import {
  waysTo,
  type ApprovalMessage,
  type Channel,
  type ChannelPost,
  type HandOverMessage,
  type OutcomeMessage,
  type SentMessage,
  type Slack,
} from './channel.ts'
import type { HoldAbout, HoldTold } from './hold-words.ts'
import { addressOf, newHoldLink, newLink, type LinkRecord } from './links.ts'
import { createMailChannel, type MailChannelDeps } from './mail-channel.ts'
import type { Message } from './mailer.ts'
import { renderOutcomeMail } from './mails/outcome-mail.ts'
import { tellTrouble, type TroubleTelling } from './trouble.ts'

export interface MessengerDeps extends MailChannelDeps {
  /** Only where Slack is configured. */
  slack?: Slack | undefined
  announce: (what: Announcement, offer: Announced) => Promise<void>
  /** Keeps a link under the hash of its token. */
  putLink: (token: string, link: LinkRecord) => Promise<void>
  /** Where the page lives: `<approvalUrl>/a/<token>`. */
  approvalUrl: string
}

export interface HoldTelling {
  about: HoldAbout
  state: OfferState
  facts: Facts
  approver: Approver
}

export type Asking = Omit<ApprovalMessage, 'link'>

/** Everything Gatehouse says to people and to other systems. */
export interface Messenger {
  /** The preferred one first. */
  channelsOf: (approver: Approver) => ChannelName[]
  askForApproval: (asking: Asking, by: ChannelName) => Promise<SentMessage>
  handOver: (handing: HandOverMessage, by: ChannelName) => Promise<SentMessage>
  /** An accept of the delegator role can be taken back, or waits for somebody to release it. */
  tellHold: (telling: HoldTelling, by: ChannelName) => Promise<SentMessage>
  /** Undefined where no Slack channel is configured. */
  post?: (post: ChannelPost) => Promise<SentMessage>
  /** Edits a message in Slack; does nothing where Slack is configured no more. */
  edit: (message: SlackMessage, outcome: OutcomeMessage) => Promise<void>
  /** By mail, whatever way the approver was asked. */
  tellOutcome: (telling: { state: OfferState; outcome: Outcome; approver: Approver }) => Promise<SentMessage>
  tellTrouble: (telling: TroubleTelling) => Promise<SentMessage>
  announce: (what: Announcement, offer: Announced) => Promise<void>
}

/** What those need of it who announce, and seldom write to people. */
export type SeldomMessenger = Pick<Messenger, 'announce' | 'channelsOf' | 'tellTrouble'>

export function createMessenger(deps: MessengerDeps): Messenger {
  const { slack } = deps
  const mail = createMailChannel(deps)
  const channels: Channel[] = slack === undefined ? [mail] : [slack.channel, mail]
  const channel = (name: ChannelName): Channel => {
    const found = channels.find((one) => one.name === name)
    if (found === undefined) throw new TypeError(`expected a channel that is configured, got \`${name}\``)
    return found
  }
  const send = async (approver: Approver, text: Pick<Message, 'mail' | 'tags'>): Promise<SentMessage> => {
    return { id: (await deps.mailer.send({ to: approver.email, ...text })).messageId }
  }
  return {
    channelsOf: (approver) => waysTo(approver, { hasSlack: slack !== undefined }),
    askForApproval: async (asking, by) => await channel(by).ask({ ...asking, link: await mintLink(asking, deps) }),
    handOver: async (handing, by) => await channel(by).handOver(handing),
    tellHold: async (telling, by) => {
      const held = await heldOf(telling, deps)
      return await channel(by).tellHold({ ...telling, offer: telling.state, held })
    },
    ...(slack?.post === undefined ? {} : { post: slack.post }),
    edit: async (message, outcome) => await slack?.update(message, outcome),
    tellOutcome: async ({ state, outcome, approver }) => {
      const { round } = state
      const votes = [...(round?.votes.values() ?? [])]
      const policies = round?.judged?.policies
      const mail = renderOutcomeMail({ offer: state, outcome, decision: round?.decision, policies, votes, approver })
      const mark = { ...markOf(state, approver), round: round?.number ?? 0, about: 'outcome' as const }
      return await send(approver, { mail, tags: mailTagsOf(mark) })
    },
    tellTrouble: async (telling) => await tellTrouble(telling, deps.mailer),
    announce: deps.announce,
  }
}

function markOf({ offerId, run }: OfferState, { id }: Approver): Pick<MailMark, 'offerId' | 'run' | 'approver'> {
  return { offerId, run, approver: id }
}

/** None where AWS's answer to the accept was lost: nothing of ours can take that back. */
async function heldOf({ state, approver }: HoldTelling, deps: MessengerDeps): Promise<HoldTold['held']> {
  const until = state.delegation?.heldUntil
  if (until === undefined) return undefined
  const { token, link } = newHoldLink({ state, approver, heldUntil: until })
  await deps.putLink(token, link)
  return { until, link: addressOf(deps.approvalUrl, token) }
}

async function mintLink(asking: Asking, deps: MessengerDeps): Promise<string> {
  const { token, link } = newLink(asking)
  await deps.putLink(token, link)
  return addressOf(deps.approvalUrl, token)
}
