import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import * as z from 'zod'
import { messageBlocksSchema, viewSchema, type View } from './blocks.ts'

/** A Slack workspace with one app in it: ours. */
export interface SlackOptions {
  team: string
  botToken: string
  signingSecret: string
  users: readonly { id: string; name: string }[]
  channels: readonly { id: string; name: string }[]
}

export const slackMessageSchema = z.object({
  id: z.string(),
  at: z.string(),
  /** `C…` of a channel, `D…` of a direct conversation. */
  channel: z.string(),
  /** Whom a direct message is for. */
  user: z.string().optional(),
  ts: z.string(),
  text: z.string(),
  blocks: messageBlocksSchema,
  /** ISO time of the last edit, or null. */
  edited: z.string().nullable(),
})
export type SlackMessage = z.infer<typeof slackMessageSchema>

/** A modal on somebody's screen. */
export const openViewSchema = z.object({ id: z.string(), user: z.string(), view: viewSchema })
export type OpenView = z.infer<typeof openViewSchema>

const savedSchema = z.object({ count: z.number(), messages: z.array(slackMessageSchema) })

/** What Slack answers with `ok: false`. */
export class SlackRefusal extends Error {
  override readonly name = 'SlackRefusal'
  readonly code: string
  constructor(code: string) {
    super(code)
    this.code = code
  }
}

interface Trigger {
  user: string
  atMs: number
}

/** https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses */
const triggerLifeMs = 3000

/** Messages, modals and what leads to them, in memory. */
export class SlackWorkspace {
  readonly options: SlackOptions
  readonly #nowMs: () => number
  #count = 0
  #messages: SlackMessage[] = []
  #views = new Map<string, OpenView>()
  #triggers = new Map<string, Trigger>()

  constructor(options: SlackOptions, nowMs: () => number) {
    this.options = options
    this.#nowMs = nowMs
  }

  messages(): readonly SlackMessage[] {
    return this.#messages
  }

  /** `to`: a channel, somebody's id, or a direct conversation that was begun by their id. */
  post(to: string, content: { text: string; blocks: SlackMessage['blocks'] }): SlackMessage {
    const user = this.options.users.find(({ id }) => id === to || directOf(id) === to)?.id
    if (user === undefined && !this.options.channels.some(({ id }) => id === to))
      throw new SlackRefusal('channel_not_found')
    this.#count += 1
    const nowMs = this.#nowMs()
    const message = {
      id: randomUUID(),
      at: new Date(nowMs).toISOString(),
      channel: user === undefined ? to : directOf(user),
      ...(user === undefined ? {} : { user }),
      ts: `${Math.floor(nowMs / 1000)}.${String(this.#count).padStart(6, '0')}`,
      ...content,
      edited: null,
    }
    this.#messages.push(message)
    return message
  }

  update(where: { channel: string; ts: string }, content: { text: string; blocks: SlackMessage['blocks'] }): void {
    const message = this.#messages.find(({ channel, ts }) => channel === where.channel && ts === where.ts)
    if (message === undefined) throw new SlackRefusal('message_not_found')
    Object.assign(message, content, { edited: new Date(this.#nowMs()).toISOString() })
  }

  /** What a press or a submission brings along: good for one modal, for three seconds. */
  trigger(user: string): string {
    const trigger = `${this.#nowMs()}.${randomBytes(6).readUIntBE(0, 6)}.${randomBytes(16).toString('hex')}`
    this.#triggers.set(trigger, { user, atMs: this.#nowMs() })
    return trigger
  }

  open(trigger: string, view: View): OpenView {
    const found = this.#triggers.get(trigger)
    if (found === undefined) throw new SlackRefusal('exchanged_trigger_id')
    this.#triggers.delete(trigger)
    if (this.#nowMs() - found.atMs > triggerLifeMs) throw new SlackRefusal('expired_trigger_id')
    const opened = { id: `V${randomBytes(5).toString('hex').toUpperCase()}`, user: found.user, view }
    this.#views.set(opened.id, opened)
    return opened
  }

  view(id: string): OpenView | undefined {
    return this.#views.get(id)
  }

  /** Modals that are open, oldest first. */
  views(): readonly OpenView[] {
    return [...this.#views.values()]
  }

  /** The modal that somebody looks at. */
  viewOf(user: string): OpenView | undefined {
    return [...this.#views.values()].findLast((open) => open.user === user)
  }

  replace(id: string, view: View): OpenView {
    const open = this.#views.get(id)
    if (open === undefined) throw new SlackRefusal('not_found')
    const next = { ...open, view }
    this.#views.set(id, next)
    return next
  }

  dismiss(id: string): void {
    this.#views.delete(id)
  }

  /** Signs as Slack does: https://docs.slack.dev/authentication/verifying-requests-from-slack */
  signed(body: string): Record<string, string> {
    const timestamp = String(Math.floor(this.#nowMs() / 1000))
    const signature = createHmac('sha256', this.options.signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')
    return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${signature}` }
  }

  snapshot(): unknown {
    return { count: this.#count, messages: this.#messages }
  }

  restore(state: unknown): void {
    const { count, messages } = savedSchema.parse(state)
    this.#count = count
    this.#messages = messages
  }

  clear(): void {
    this.#count = 0
    this.#messages = []
    this.#views = new Map()
    this.#triggers = new Map()
  }
}

function directOf(user: string): string {
  return `D${user.slice(1)}`
}
