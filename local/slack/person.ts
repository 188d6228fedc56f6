import * as z from 'zod'
import { inputsOf, viewSchema, type InputBlock, type View } from './blocks.ts'
import { openViewSchema, type OpenView, type SlackMessage, type SlackWorkspace } from './workspace.ts'

/** What somebody did wrong with Slack's own means, in words. */
export class SlackMisuse extends Error {
  override readonly name = 'SlackMisuse'
}

/** How the app answered, and what is on the screen then. */
export const answeredSchema = z.object({
  /** Of HTTP; 0 when Slack itself held the form back. */
  status: z.number(),
  /** The modal that is open; null when there is none. */
  view: openViewSchema.nullable(),
  /** Of fields, by block. */
  errors: z.record(z.string(), z.string()),
})
export type Answered = z.infer<typeof answeredSchema>

export interface Press {
  /** Id of the message. */
  message: string
  action: string
  user: string
}

export interface Submission {
  view: string
  /** Text by block; `yes` ticks all boxes of a block. */
  values: Readonly<Record<string, string>>
}

const replySchema = z.discriminatedUnion('response_action', [
  z.object({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string()) }),
  z.object({ response_action: z.literal('update'), view: viewSchema }),
  z.object({ response_action: z.literal('clear') }),
])

/** People at their Slack: what they press is signed as Slack signs it and sent to the app. */
export class SlackPeople {
  readonly #slack: SlackWorkspace
  readonly #interactionsUrl: string

  constructor(slack: SlackWorkspace, interactionsUrl: string) {
    this.#slack = slack
    this.#interactionsUrl = interactionsUrl
  }

  /** Presses a button of a message. Anybody who sees a message may press. */
  async press({ message: id, action, user }: Press): Promise<Answered> {
    const message = this.#slack.messages().find((one) => one.id === id)
    const button = message?.blocks
      .flatMap((block) => (block.type === 'actions' ? block.elements.map((each) => ({ ...each, block })) : []))
      .find(({ action_id }) => action_id === action)
    if (message === undefined || button === undefined) throw new SlackMisuse(`no button \`${action}\` in \`${id}\``)
    const { block, ...element } = button
    const pressed = { ...element, block_id: block.block_id ?? '', action_ts: message.ts }
    const before = this.#slack.viewOf(user)?.id
    const response = await this.#send({
      ...this.#head('block_actions', user),
      ...ofMessage(message),
      actions: [pressed],
    })
    const open = this.#slack.viewOf(user)
    return { status: response.status, view: open === undefined || open.id === before ? null : open, errors: {} }
  }

  /** Fills in a modal and submits it. */
  async submit({ view: id, values }: Submission): Promise<Answered> {
    const open = this.#slack.view(id)
    if (open === undefined) throw new SlackMisuse(`no open modal \`${id}\``)
    const missing = inputsOf(open.view).filter(
      ({ block_id, optional }) => optional !== true && (values[block_id] ?? '').trim() === '',
    )
    if (missing.length > 0) {
      const errors = Object.fromEntries(missing.map(({ block_id }) => [block_id, 'Please complete this field.']))
      return { status: 0, view: open, errors }
    }
    const view = { ...submitted(open.view, values), id: open.id, team_id: this.#slack.options.team }
    return await this.#afterSubmit(open, await this.#send({ ...this.#head('view_submission', open.user), view }))
  }

  async #afterSubmit(open: OpenView, response: Response): Promise<Answered> {
    const { status } = response
    const text = await response.text()
    if (!response.ok) return { status, view: open, errors: {} }
    const reply = text === '' ? undefined : replySchema.parse(JSON.parse(text))
    if (reply?.response_action === 'errors') return { status, view: open, errors: reply.errors }
    if (reply?.response_action === 'update')
      return { status, view: this.#slack.replace(open.id, reply.view), errors: {} }
    this.#slack.dismiss(open.id)
    return { status, view: null, errors: {} }
  }

  #head(type: string, user: string): Record<string, unknown> {
    const { team, users } = this.#slack.options
    const name = users.find(({ id }) => id === user)?.name ?? 'somebody'
    return {
      type,
      team: { id: team, domain: 'sample' },
      user: { id: user, username: name, name, team_id: team },
      api_app_id: 'A0GATEHOUSE',
      token: 'not-used-any-more',
      trigger_id: this.#slack.trigger(user),
      enterprise: null,
      is_enterprise_install: false,
    }
  }

  async #send(payload: unknown): Promise<Response> {
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
    return await fetch(this.#interactionsUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...this.#slack.signed(body) },
      body,
    })
  }
}

function ofMessage({ channel, ts, text, blocks }: SlackMessage): Record<string, unknown> {
  return {
    container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: false },
    channel: { id: channel, name: channel.startsWith('D') ? 'directmessage' : 'channel' },
    message: { type: 'message', ts, text, blocks },
    state: { values: {} },
  }
}

function submitted(view: View, values: Submission['values']): Record<string, unknown> {
  const state = inputsOf(view).map((block) => {
    const value = stateOf(block, values[block.block_id] ?? '')
    return [block.block_id, { [block.element.action_id]: value }] as const
  })
  return { ...view, state: { values: Object.fromEntries(state) } }
}

function stateOf({ element }: InputBlock, typed: string): Record<string, unknown> {
  if (element.type === 'plain_text_input') return { type: element.type, value: typed === '' ? null : typed }
  return { type: element.type, selected_options: typed === 'yes' ? element.options : [] }
}
