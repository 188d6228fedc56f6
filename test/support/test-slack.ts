import type { ChannelPost, OutcomeMessage, SentMessage, Slack } from '../../lambda/notify/channel.ts'
import type { SlackMessage } from '../../lambda/domain/event.ts'

/** Slack as the messenger sees it, where a test decides how it fails; the real one is tested against Slack's Web API. */
export class TestSlack implements Slack {
  readonly asked: { to: string; about: string }[] = []
  readonly posts: ChannelPost[] = []
  readonly edited: { message: SlackMessage; outcome: string }[] = []
  /** Thrown instead of sending. */
  failure: Error | undefined
  #count = 0

  readonly channel: Slack['channel'] = {
    name: 'slack',
    ask: async ({ approver, about }) => {
      const sent = this.#send(`D-${approver.id}`)
      this.asked.push({ to: approver.id, about })
      return sent
    },
    handOver: async ({ approver }) => this.#send(`D-${approver.id}`),
    tellHold: async ({ approver, about }) => {
      const sent = this.#send(`D-${approver.id}`)
      this.asked.push({ to: approver.id, about })
      return sent
    },
  }

  readonly post = async (post: ChannelPost): Promise<SentMessage> => {
    const sent = this.#send('C-GATEHOUSE')
    this.posts.push(post)
    return sent
  }

  update = async (message: SlackMessage, { outcome }: OutcomeMessage): Promise<void> => {
    if (this.failure !== undefined) throw this.failure
    this.edited.push({ message, outcome })
  }

  #send(channel: string): SentMessage {
    if (this.failure !== undefined) throw this.failure
    const ts = String((this.#count += 1))
    return { id: ts, slack: { channel, ts } }
  }
}
