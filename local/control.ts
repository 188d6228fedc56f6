import type { IncomingMessage, ServerResponse } from 'node:http'
import * as z from 'zod'
import { InvalidBehaviour } from './aws/behaviour.ts'
import { readBody } from './aws/protocol/read-body.ts'
import type { Runtime } from './runtime.ts'
import { SlackMisuse } from './slack/person.ts'
import type { LocalSlack } from './slack/slack.ts'

export interface Health {
  ok: true
  /** ISO time of the local clock. */
  now: string
  account: string
  region: string
  stateMachineArn: string
  tableName: string
  consoleUrl: string
  approvalUrl: string
  /** Of an organization: accounts whose offers are answered, the hub first, and the regions in which they are heard of. */
  receivers?: { account: string; name: string | null; regions: string[] }[]
}

export interface Control {
  /** Answers what is under `/_local/`; false for any other path. */
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>
}

/** What the asker did wrong, in words that name the field. */
class BadRequest extends Error {
  override readonly name = 'BadRequest'
}

interface Answer {
  status: number
  body: unknown
}

/** Asks and orders that no AWS account has: only for this machine. `runtime` is undefined until the run is ready. */
export function createControl(options: { runtime: () => Runtime | undefined; consoleUrl: () => string }): Control {
  let working: Promise<unknown> = Promise.resolve()

  /** One order after the other: each answers when everything is idle again. */
  function inTurn(work: () => Promise<unknown>): Promise<unknown> {
    const result = working.then(work)
    working = result.catch(() => undefined)
    return result
  }

  async function route(runtime: Runtime, request: IncomingMessage): Promise<Answer> {
    const path = (request.url ?? '').split('?')[0]?.slice('/_local/'.length) ?? ''
    if (request.method === 'GET' || request.method === 'HEAD') {
      if (path === 'health') return { status: 200, body: health(runtime, options.consoleUrl()) }
      if (path === 'mail') return { status: 200, body: runtime.mailbox.all() }
      if (path === 'slack') return { status: 200, body: runtime.slack?.workspace.messages() ?? [] }
      if (path === 'slack/views') return { status: 200, body: runtime.slack?.workspace.views() ?? [] }
    }
    const order = Object.hasOwn(orders, path) ? orders[path] : undefined
    if (order === undefined) return { status: 404, body: { error: `nothing answers ${path} here` } }
    if (request.method !== 'POST') return { status: 405, body: { error: `expected POST, got ${request.method ?? ''}` } }
    const input = await readJson(request)
    return { status: 200, body: await inTurn(() => order(runtime, input)) }
  }

  return {
    async handle(request, response) {
      if (!(request.url ?? '').startsWith('/_local/')) return false
      const runtime = options.runtime()
      if (runtime === undefined) send(response, { status: 503, body: { ok: false } })
      else send(response, await route(runtime, request).catch(failure))
      return true
    },
  }
}

type Order = (runtime: Runtime, input: unknown) => Promise<unknown>

const orders: Readonly<Partial<Record<string, Order>>> = {
  clock: async ({ clock, idle }, input) => {
    const ms = parse(clockSchema, input).advance
    await clock.advance(ms, idle)
    await idle()
    return { now: new Date(clock.now()).toISOString() }
  },
  sweep: async (runtime) => {
    const found = await sweep(runtime)
    await runtime.idle()
    return found
  },
  reset: async (runtime) => {
    await runtime.reset()
    return {}
  },
  'slack/press': async (runtime, input) => {
    const answered = await slackOf(runtime).people.press(parse(pressSchema, input))
    await runtime.idle()
    return answered
  },
  'slack/submit': async (runtime, input) => {
    const answered = await slackOf(runtime).people.submit(parse(submissionSchema, input))
    await runtime.idle()
    return answered
  },
  'slack/dismiss': (runtime, input) => {
    slackOf(runtime).workspace.dismiss(parse(dismissSchema, input).view)
    return Promise.resolve({})
  },
  behaviour: async ({ behaviour, idle }, input) => {
    behaviour.set(input)
    await idle()
    return { ram: behaviour.ram, iot: behaviour.iot }
  },
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const clockSchema = z.strictObject({
  advance: z
    .string('expected a time such as "6h"')
    .regex(/^\d{1,6}[smhd]$/, 'expected a number and one of s m h d, such as "6h"')
    .transform((text) => Number(text.slice(0, -1)) * (unitMs[text.slice(-1)] ?? 0)),
})

const pressSchema = z.strictObject({ message: z.string(), action: z.string(), user: z.string() })
const submissionSchema = z.strictObject({ view: z.string(), values: z.record(z.string(), z.string()) })
const dismissSchema = z.strictObject({ view: z.string() })

function slackOf({ slack }: Runtime): LocalSlack {
  if (slack === undefined) throw new BadRequest('there is no Slack in this run')
  return slack
}

const sweepSchema = z.object({ targets: z.number(), hints: z.number() })

/** Runs the function that the schedule runs. */
async function sweep({ assembly, functions }: Runtime): Promise<unknown> {
  const schedule = assembly.schedules.find(({ targetArn }) => functions.find(targetArn)?.id.startsWith('Sweep'))
  if (schedule === undefined) throw new Error('no schedule of the app runs the sweep')
  const outcome = await functions.invoke(schedule.targetArn, schedule.input)
  if (!outcome.ok) throw new Error(`the sweep failed: ${outcome.error.errorType}: ${outcome.error.errorMessage}`)
  return sweepSchema.parse(JSON.parse(outcome.payload))
}

function health({ assembly, clock, ...runtime }: Runtime, consoleUrl: string): Health {
  const { place, stateMachines, tables } = assembly
  return {
    ok: true,
    now: new Date(clock.now()).toISOString(),
    account: place.account,
    region: place.region,
    stateMachineArn: stateMachines[0]?.arn ?? '',
    tableName: tables[0]?.name ?? '',
    consoleUrl,
    approvalUrl: place.approvalUrl,
    ...(runtime.organization === undefined ? {} : { receivers: receiversIn(runtime) }),
  }
}

function receiversIn({
  deployments,
  organization,
}: Pick<Runtime, 'deployments' | 'organization'>): NonNullable<Health['receivers']> {
  return deployments.accounts().flatMap((account) => {
    const name = organization?.account(account)?.name ?? null
    const regions = [...new Set(deployments.in(account).rules.map(({ busArn }) => busArn.split(':')[3] ?? ''))]
    return regions.length === 0 ? [] : [{ account, name, regions }]
  })
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request)
  if (typeof body === 'string') throw new BadRequest(`the body is ${body}`)
  if (body.length === 0) return {}
  try {
    return JSON.parse(body.toString())
  } catch {
    throw new BadRequest('the body is not JSON')
  }
}

function parse<Value>(schema: z.ZodType<Value>, input: unknown): Value {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new BadRequest(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`.replace(/^: /, ''))
}

function failure(error: unknown): Answer {
  const message = error instanceof Error ? error.message : String(error)
  const isBad = error instanceof BadRequest || error instanceof InvalidBehaviour || error instanceof SlackMisuse
  return { status: isBad ? 400 : 500, body: { error: message } }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const text = JSON.stringify(body)
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    .end(text)
}
