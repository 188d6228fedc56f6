import type { IncomingMessage, ServerResponse } from 'node:http'
import * as z from 'zod'
import type { Behaviour } from '../aws/behaviour.ts'
import { readBody } from '../aws/protocol/read-body.ts'
import { messageBlocksSchema, viewSchema } from './blocks.ts'
import { SlackRefusal, type SlackWorkspace } from './workspace.ts'

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>
type Reply = Record<string, unknown>

const prefix = '/slack/api/'

/**
 * Slack's Web API, as far as the app calls it: form or JSON bodies, a bearer token, `ok: false` with a code. Faults are
 * set as for the AWS services, under the service `slack`: an error such as `channel_not_found`, `ratelimited`, or `503`.
 */
export function createSlackApi({ slack, behaviour }: { slack: SlackWorkspace; behaviour: Behaviour }): Handle {
  return async (request, response) => {
    const url = request.url ?? ''
    if (!url.startsWith(prefix)) return false
    const method = url.slice(prefix.length).split('?')[0] ?? ''
    const body = await readBody(request)
    if (body === 'aborted') return true
    const fault = behaviour.takeFault('slack', method)
    if (fault !== undefined && /^\d{3}$/.test(fault.error)) {
      response.writeHead(Number(fault.error)).end(fault.message)
    } else if (fault?.error === 'ratelimited') {
      send(response, 429, { ok: false, error: 'ratelimited' })
    } else {
      send(response, 200, fault === undefined ? answer(slack, method, { request, body }) : refused(fault.error))
    }
    return true
  }
}

function answer(
  slack: SlackWorkspace,
  method: string,
  { request, body }: { request: IncomingMessage; body: Buffer | 'too-large' },
): Reply {
  const operation = Object.hasOwn(operations, method) ? operations[method] : undefined
  if (operation === undefined) return refused('unknown_method')
  if (body === 'too-large') return refused('request_too_large')
  try {
    const input = fieldsOf(body, request.headers['content-type'] ?? '')
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? input['token']
    if (token === undefined) return refused('not_authed')
    if (token !== slack.options.botToken) return refused('invalid_auth')
    return { ok: true, ...operation(slack, input) }
  } catch (error) {
    if (error instanceof SlackRefusal) return refused(error.code)
    throw error
  }
}

const inside = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    context.addIssue('not JSON')
    return z.NEVER
  }
})
const contentSchema = z.object({
  channel: z.string(),
  text: z.string().min(1).max(40_000),
  blocks: inside.or(z.array(z.unknown())),
})
const flag = z.literal(false).or(z.literal('false'))
const postSchema = contentSchema.extend({ unfurl_links: flag, unfurl_media: flag })

const operations: Readonly<Partial<Record<string, (slack: SlackWorkspace, input: Reply) => Reply>>> = {
  'auth.test': ({ options }) => ({ team_id: options.team, user_id: 'U0GATEHOUSE', bot_id: 'B0GATEHOUSE' }),
  'chat.postMessage': (slack, input) => {
    // Stricter than Slack: an unfurl would fetch personal links.
    const { channel, text, blocks } = parse(postSchema, input, 'invalid_arguments')
    const message = slack.post(channel, { text, blocks: blocksOf(blocks) })
    return { channel: message.channel, ts: message.ts, message: { text: message.text, type: 'message' } }
  },
  'chat.update': (slack, input) => {
    const { channel, text, blocks } = parse(contentSchema, input, 'invalid_arguments')
    const { ts } = parse(z.object({ ts: z.string() }), input, 'invalid_arguments')
    slack.update({ channel, ts }, { text, blocks: blocksOf(blocks) })
    return { channel, ts, text }
  },
  'views.open': (slack, input) => {
    const { trigger_id, view } = parse(z.object({ trigger_id: z.string(), view: inside }), input, 'invalid_arguments')
    const opened = slack.open(trigger_id, parse(viewSchema, view, 'invalid_arguments'))
    return { view: { id: opened.id } }
  },
  'views.update': (slack, input) => {
    const { view_id, view } = parse(z.object({ view_id: z.string(), view: inside }), input, 'invalid_arguments')
    return { view: { id: slack.replace(view_id, parse(viewSchema, view, 'invalid_arguments')).id } }
  },
}

function blocksOf(blocks: unknown): z.infer<typeof messageBlocksSchema> {
  const parsed = messageBlocksSchema.safeParse(blocks)
  if (parsed.success) return parsed.data
  const tooLong = parsed.error.issues.some(({ message }) => message === 'msg_blocks_too_long')
  throw new SlackRefusal(tooLong ? 'msg_blocks_too_long' : 'invalid_blocks')
}

function parse<Value>(schema: z.ZodType<Value>, input: unknown, code: string): Value {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  throw new SlackRefusal(code)
}

/** In a form everything that is no text is JSON inside. */
function fieldsOf(body: Buffer, contentType: string): Reply {
  if (!contentType.startsWith('application/json')) return Object.fromEntries(new URLSearchParams(body.toString()))
  try {
    const parsed = z.record(z.string(), z.unknown()).parse(JSON.parse(body.toString()))
    const view = parsed['view']
    return typeof view === 'object' ? { ...parsed, view: JSON.stringify(view) } : parsed
  } catch {
    throw new SlackRefusal('invalid_json')
  }
}

function refused(error: string): Reply {
  return { ok: false, error }
}

function send(response: ServerResponse, status: number, reply: Reply): void {
  const text = JSON.stringify(reply)
  response
    .writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(text),
      ...(status === 429 && { 'retry-after': '1' }),
    })
    .end(text)
}
