import * as z from 'zod'
import { answeredSchema, type Answered, type Press, type Submission } from './slack/person.ts'
import { openViewSchema, slackMessageSchema, type OpenView, type SlackMessage } from './slack/workspace.ts'

const healthSchema = z.object({
  now: z.string(),
  account: z.string(),
  region: z.string(),
  stateMachineArn: z.string(),
  tableName: z.string(),
  consoleUrl: z.string(),
  approvalUrl: z.string(),
  receivers: z
    .array(z.object({ account: z.string(), name: z.string().nullable(), regions: z.array(z.string()) }))
    .default([]),
})
export type Health = z.infer<typeof healthSchema>

const mailSchema = z.object({
  id: z.string(),
  at: z.string(),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  links: z.array(z.string()),
})
export type ShownMail = z.infer<typeof mailSchema>

const nowSchema = z.object({ now: z.string() })
const sweptSchema = z.object({ targets: z.number(), hints: z.number() })

/** Nothing answers there, or not as a local run would. */
export class ControlFailed extends Error {
  override readonly name = 'ControlFailed'
}

/** The control routes of a local run. The posts answer when everything they caused is idle. */
export class ControlClient {
  readonly #endpoint: string

  constructor(endpoint: string) {
    this.#endpoint = endpoint
  }

  async health(): Promise<Health> {
    return await this.#call('health', healthSchema)
  }

  /** Oldest first. */
  async mails(): Promise<ShownMail[]> {
    return await this.#call('mail', z.array(mailSchema))
  }

  /** Messages in Slack, oldest first. */
  async slackMessages(): Promise<SlackMessage[]> {
    return await this.#call('slack', z.array(slackMessageSchema))
  }

  /** Modals that are open in Slack, oldest first. */
  async slackViews(): Promise<OpenView[]> {
    return await this.#call('slack/views', z.array(openViewSchema))
  }

  /** Presses a button of a message in Slack. */
  async pressInSlack(press: Press): Promise<Answered> {
    return await this.#call('slack/press', answeredSchema, press)
  }

  /** Submits a modal in Slack. */
  async submitInSlack(submission: Submission): Promise<Answered> {
    return await this.#call('slack/submit', answeredSchema, submission)
  }

  /** Closes a modal in Slack. */
  async dismissInSlack(view: string): Promise<void> {
    await this.#call('slack/dismiss', z.object({}), { view })
  }

  /** Moves the clock by `15m`, `6h`, `2d`; the new time. */
  async advance(by: string): Promise<Date> {
    return new Date((await this.#call('clock', nowSchema, { advance: by })).now)
  }

  /** Looks for offers now; how many places were looked at. */
  async sweep(): Promise<z.infer<typeof sweptSchema>> {
    return await this.#call('sweep', sweptSchema, {})
  }

  async #call<Answer>(route: string, schema: z.ZodType<Answer>, post?: unknown): Promise<Answer> {
    const url = `${this.#endpoint}/_local/${route}`
    const response = await fetch(url, post === undefined ? {} : postOf(post)).catch((cause: unknown) => {
      throw new ControlFailed(`nothing answers at ${this.#endpoint}`, { cause })
    })
    const body: unknown = await response.json().catch(() => undefined)
    const answer = response.ok ? schema.safeParse(body) : undefined
    if (answer?.success === true) return answer.data
    const said = body === undefined ? 'no JSON' : JSON.stringify(body).slice(0, 200)
    throw new ControlFailed(`expected \`${url}\` to answer, got ${response.status} ${said}`)
  }
}

function postOf(body: unknown): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}
