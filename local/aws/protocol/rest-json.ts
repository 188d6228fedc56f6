import { shapeOf, type Member, type Model, type OperationModel } from '../model.ts'
import { Decoders } from './decode.ts'
import { bytesOf, JsonEncoders, recordOf } from './encode.ts'
import { restErrors } from './failure.ts'
import { errorMembers, parseJsonBody } from './json-body.ts'
import { asInput, UnreadableInput, type RequestHead, type Route, type Wire, type WireResponse } from './wire.ts'

interface RestRoute {
  method: string
  /** Matches the encoded path; group n is the n-th label. */
  path: RegExp
  labels: string[]
  open: (request: { head: RequestHead; body: Buffer; labels: Record<string, string> }) => Route
}

/** REST with JSON bodies: the operation by method and path, members in path, query string, headers and body. */
export function restJsonWire(model: Model): Wire {
  const encoders = new JsonEncoders(model)
  const routes = compileRoutes(model, encoders)
  const find = (head: RequestHead): { route: RestRoute; match: RegExpExecArray } | undefined => {
    for (const route of routes) {
      const match = route.method === head.method ? route.path.exec(head.path) : null
      if (match !== null) return { route, match }
    }
    return undefined
  }
  return {
    errors: restErrors,
    claims: (head) => find(head) !== undefined,
    route: (head, body) => {
      const found = find(head)
      if (found === undefined) return restErrors.unknownOperation(`${head.method} ${head.path}`)
      const labels = Object.fromEntries(
        found.route.labels.map((label, index) => [label, decodeLabel(found.match[index + 1] ?? '')] as const),
      )
      return found.route.open({ head, body, labels })
    },
    fail: (failure, requestId) => ({
      status: failure.status,
      headers: {
        'content-type': 'application/json',
        'x-amzn-requestid': requestId,
        'x-amzn-errortype': failure.code,
        ...errorHeaders(model, failure.shape, failure.members),
      },
      body: JSON.stringify(errorMembers(model, encoders, failure)),
    }),
  }
}

function compileRoutes(model: Model, encoders: JsonEncoders): RestRoute[] {
  const decoders = new Decoders(model)
  return Object.entries(model.operations).map(([operation, operationModel]) => {
    const { method, requestUri } = operationModel.http
    const readInput = compileInput(model, operationModel, decoders)
    const encode = compileOutput(model, operationModel, encoders)
    return {
      method,
      path: new RegExp(`^${requestUri.replace(/\{\w+\}/g, '([^/]+)')}/?$`),
      labels: [...requestUri.matchAll(/\{(\w+)\}/g)].map(([, label]) => label ?? ''),
      open: (request) => ({
        operation,
        model: operationModel,
        decode: (problems) => asInput(readInput(request)(problems)),
        encode,
      }),
    }
  })
}

type Parts = Parameters<RestRoute['open']>[0]
type ReadInput = (parts: Parts) => (problems: Parameters<Route['decode']>[0]) => unknown

function compileInput(model: Model, { input }: OperationModel, decoders: Decoders): ReadInput {
  if (input === undefined) return () => () => ({})
  const members = Object.entries(shapeOf(model, input).members)
  const located = members.filter(([, member]) => member.location !== undefined)
  const inBody = members.filter(([, member]) => member.location === undefined)
  const payload = payloadOf(model, inBody)
  const decode = decoders.of(input, 'json')
  return ({ head, body, labels }) =>
    (problems) => {
      const raw: Record<string, unknown> =
        payload === undefined
          ? inBody.length === 0
            ? {}
            : parseJsonBody(body)
          : body.length > 0
            ? { [payload]: body }
            : {}
      for (const [name, member] of located) raw[name] = readLocated(member, head, labels)
      return decode(raw, '', problems)
    }
}

function readLocated(
  { location, locationName = '' }: Member,
  head: RequestHead,
  labels: Record<string, string>,
): unknown {
  switch (location) {
    case 'uri':
      return labels[locationName]
    case 'querystring':
      return head.query.get(locationName) ?? undefined
    case 'header':
      return head.headers[locationName.toLowerCase()]
    case 'statusCode':
    case undefined:
      return undefined
  }
}

/** The models carry no payload trait: a blob that is alone in the body is the body. */
function payloadOf(model: Model, inBody: (readonly [string, Member])[]): string | undefined {
  const [only, ...others] = inBody
  if (only === undefined || others.length > 0) return undefined
  return shapeOf(model, only[1].shape).type === 'blob' ? only[0] : undefined
}

function compileOutput(model: Model, { output, http }: OperationModel, encoders: JsonEncoders): Route['encode'] {
  const status = http.responseCode ?? 200
  if (output === undefined) {
    return (_value, requestId) => ({ status, headers: { 'x-amzn-requestid': requestId }, body: '' })
  }
  const members = Object.entries(shapeOf(model, output).members)
  const payload = payloadOf(
    model,
    members.filter(([, member]) => member.location === undefined),
  )
  const encode = encoders.of(output)
  const statusMember = members.find(([, member]) => member.location === 'statusCode')?.[0] ?? ''
  return (value, requestId): WireResponse => {
    const source = recordOf(value ?? {}, output)
    const code = source[statusMember]
    const body = payload === undefined ? JSON.stringify(encode(source)) : bytesOf(source[payload] ?? '', payload)
    return {
      status: typeof code === 'number' ? code : status,
      headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId, ...headersOf(members, source) },
      body,
    }
  }
}

function errorHeaders(
  model: Model,
  shape: string | undefined,
  source: Readonly<Record<string, unknown>> = {},
): Record<string, string> {
  return shape === undefined ? {} : headersOf(Object.entries(shapeOf(model, shape).members), source)
}

function headersOf(
  members: (readonly [string, Member])[],
  source: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, { location, locationName }] of members) {
    const value = source[name]
    if (location !== 'header' || locationName === undefined) continue
    if (typeof value === 'string' || typeof value === 'number') headers[locationName] = `${value}`
  }
  return headers
}

function decodeLabel(label: string): string {
  try {
    return decodeURIComponent(label)
  } catch {
    throw new UnreadableInput('the path is not valid percent-encoding')
  }
}
