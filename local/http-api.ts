import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import * as z from 'zod'
import type { RouteSpec } from './assembly/specs.ts'
import { readBody } from './aws/protocol/read-body.ts'
import type { Functions } from './functions.ts'
import { isAuthorized } from './iam/refusal.ts'

export interface HttpApiOptions {
  routes: readonly RouteSpec[]
  functions: Functions
  account: string
  nowMs: () => number
  /** Throws when the function does not let API Gateway invoke it for this route. */
  check: (route: RouteSpec) => void
}

/** Answers a request that one of the app's routes takes; false, with nothing read or written, for any other path. */
export type HandleHttpApi = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>

interface Target {
  path: string
  /** Without its question mark. */
  query: string
}

interface Match {
  route: RouteSpec
  parameters: Record<string, string>
}

/**
 * The app's HTTP API, as API Gateway passes requests to a function: payload format 2.0, stage `$default`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function createHttpApi(options: HttpApiOptions): HandleHttpApi {
  const routes = options.routes.map((route) => ({ route, pattern: pathPattern(route.path) }))

  function matchesOf(path: string): Match[] {
    return routes.flatMap(({ route, pattern }) => {
      const found = pattern.exec(path)
      return found === null ? [] : [{ route, parameters: decodeAll(found.groups ?? {}) }]
    })
  }

  return async (request, response) => {
    const target = targetOf(request.url ?? '/')
    const matches = matchesOf(target.path)
    if (matches.length === 0) return false
    const match = matches.find(({ route }) => route.method === request.method || route.method === 'ANY')
    const body = await readBody(request)
    if (body === 'aborted') return true
    if (match === undefined) sendMessage(response, 404, 'Not Found')
    else if (body === 'too-large') sendMessage(response, 413, 'Request Entity Too Large')
    else await answer(options, { match, target, body }, { request, response })
    return true
  }
}

async function answer(
  { functions, account, nowMs, check }: HttpApiOptions,
  { match, target, body }: { match: Match; target: Target; body: Buffer },
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const isLetIn = isAuthorized(() => {
    check(match.route)
  })
  if (!isLetIn) {
    sendMessage(response, 500, 'Internal Server Error')
    return
  }
  const event = eventOf({ match, target, body, request, account, nowMs: nowMs() })
  const outcome = await functions.invoke(match.route.functionArn, JSON.stringify(event))
  const reply = outcome.ok ? replyOf(JSON.parse(outcome.payload)) : undefined
  if (reply === undefined) sendMessage(response, 500, 'Internal Server Error')
  else send(response, reply)
}

interface EventParts {
  match: Match
  target: Target
  body: Buffer
  request: IncomingMessage
  account: string
  nowMs: number
}

function eventOf({ match, target, body, request, account, nowMs }: EventParts): unknown {
  const { cookie, ...headers } = request.headers
  const { route, parameters } = match
  const routeKey = route.path === '$default' ? route.path : `${route.method} ${route.path}`
  const text = isText(request.headers['content-type'])
  const search = new URLSearchParams(target.query)
  const query = Object.fromEntries([...search.keys()].map((key) => [key, search.getAll(key).join(',')]))
  return {
    version: '2.0',
    routeKey,
    rawPath: target.path,
    rawQueryString: target.query,
    ...(cookie !== undefined && { cookies: cookie.split('; ') }),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(',')])),
    ...(target.query !== '' && { queryStringParameters: query }),
    ...(Object.keys(parameters).length > 0 && { pathParameters: parameters }),
    requestContext: {
      accountId: account,
      apiId: 'local',
      domainName: request.headers.host ?? '',
      domainPrefix: 'local',
      http: {
        method: request.method ?? 'GET',
        path: target.path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey,
      stage: '$default',
      time: new Date(nowMs).toUTCString(),
      timeEpoch: nowMs,
    },
    ...(body.length > 0 && { body: body.toString(text ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !text,
  }
}

/** API Gateway passes these as text and everything else, forms too, as Base64. */
function isText(contentType: string | undefined): boolean {
  return /^(text\/|application\/(json|javascript|xml)\b)/.test(contentType ?? '')
}

const replySchema = z.object({
  statusCode: z.number().int(),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({}),
  cookies: z.array(z.string()).default([]),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
})
type Reply = z.infer<typeof replySchema>

/** An answer without a status code is itself the body. */
function replyOf(result: unknown): Reply | undefined {
  const hasStatus = typeof result === 'object' && result !== null && 'statusCode' in result
  if (hasStatus) return replySchema.safeParse(result).data
  const body = typeof result === 'string' ? result : JSON.stringify(result)
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, cookies: [], body, isBase64Encoded: false }
}

function send(response: ServerResponse, { statusCode, headers, cookies, body, isBase64Encoded }: Reply): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  if (cookies.length > 0) response.setHeader('set-cookie', cookies)
  response.statusCode = statusCode
  response.end(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'))
}

function sendMessage(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }))
}

function targetOf(url: string): Target {
  const mark = url.indexOf('?')
  return mark === -1 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) }
}

/** `/a/{token}` takes one segment there, `{proxy+}` the rest; `$default` takes any path. */
function pathPattern(path: string): RegExp {
  if (path === '$default') return /^/
  const source = path
    .replace(/[.*+?^$()|[\]\\]/g, (found) => (found === '+' ? '+' : `\\${found}`))
    .replace(/\{(\w+)(\+?)\}/g, (_all, name: string, rest: string) => `(?<${name}>${rest === '' ? '[^/]+' : '.+'})`)
  return new RegExp(`^${source}$`)
}

function decodeAll(groups: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(groups).map(([name, value]) => {
      try {
        return [name, decodeURIComponent(value)]
      } catch {
        return [name, value]
      }
    }),
  )
}
