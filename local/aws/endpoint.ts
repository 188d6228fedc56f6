import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Gate } from '../iam/gate.ts'
import { NotAuthorized } from '../iam/refusal.ts'
import type { Behaviour } from './behaviour.ts'
import { loadModel, type Model } from './model.ts'
import { failureOf, internalFailure, refusedFailure, validationFailure, type Failure } from './protocol/failure.ts'
import { jsonWire } from './protocol/json.ts'
import type { Problem } from './protocol/problem.ts'
import { queryWire } from './protocol/query.ts'
import { readBody } from './protocol/read-body.ts'
import { restJsonWire } from './protocol/rest-json.ts'
import { readCredentialScope, type CredentialScope } from './protocol/sigv4.ts'
import { UnreadableInput, type RequestHead, type Route, type Wire, type WireResponse } from './protocol/wire.ts'
import { AwsError, type Call, type Caller, type Service } from './service.ts'

export interface EndpointOptions {
  services: readonly Service[]
  /** Undefined for a key that nobody has: the call is refused as AWS refuses it. */
  resolveCaller: (accessKeyId: string, sessionToken?: string) => Caller | undefined
  nowMs: () => number
  /** For a scope without a region. */
  defaultRegion: string
  /** Lets each call through or throws `NotAuthorized`; every call may pass when absent. */
  gate?: Gate
  /** Faults to answer with; none when absent. */
  behaviour?: Behaviour
  /** Told of what an operation threw and no model knows; the caller gets a 500 all the same. */
  onUnexpected?: (error: unknown, operation: string) => void
}

export interface Endpoint {
  /** Answers a request meant for an AWS service; false, with nothing read or written, when it is for none. Never rejects. */
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>
}

interface Served {
  service: Service
  model: Model
  wire: Wire
}

export function createEndpoint(options: EndpointOptions): Endpoint {
  const served = options.services.map(serve)
  const bySigningName = new Map(served.map((entry) => [entry.model.signingName, entry] as const))
  return {
    handle: async (request, response) => {
      if (request.method === 'HEAD') return false
      const head = headOf(request)
      const scope = readCredentialScope(request.headers)
      const entry =
        typeof scope === 'object' ? bySigningName.get(scope.service) : served.find(({ wire }) => wire.claims(head))
      if (entry === undefined) return false
      const requestId = randomUUID()
      const answer = await answerRequest(options, entry, { request, head, scope, requestId })
      if (answer !== undefined) send(response, answer)
      return true
    },
  }
}

function serve(service: Service): Served {
  const model = loadModel(service.model)
  const wires = { json: jsonWire, query: queryWire, 'rest-json': restJsonWire }
  const unknown = Object.keys(service.operations).filter((name) => model.operations[name] === undefined)
  if (unknown.length > 0) throw new Error(`operations not in the model of ${model.service}: ${unknown.join(', ')}`)
  return { service, model, wire: wires[model.protocol](model) }
}

interface Received {
  request: IncomingMessage
  head: RequestHead
  scope: CredentialScope | 'incomplete' | undefined
  requestId: string
}

/** Undefined when the client has gone before its request was whole. */
async function answerRequest(
  options: EndpointOptions,
  entry: Served,
  { request, head, scope, requestId }: Received,
): Promise<WireResponse | undefined> {
  const { errors } = entry.wire
  const body = await readBody(request)
  if (body === 'aborted') return undefined
  const fail = (failure: Failure): WireResponse => entry.wire.fail(failure, requestId)
  if (body === 'too-large') return fail(errors.tooLarge)
  if (scope === undefined) return fail(errors.unsigned)
  if (scope === 'incomplete') return fail(errors.incompleteSignature)
  const caller = options.resolveCaller(scope.accessKeyId, scope.sessionToken)
  if (caller === undefined) return fail(errors.unknownKey)
  try {
    const route = entry.wire.route(head, body)
    if ('code' in route) return fail(route)
    const call = { caller, region: scope.region || options.defaultRegion, nowMs: options.nowMs() }
    return await run(options, entry, { route, call, requestId })
  } catch (error) {
    if (error instanceof UnreadableInput) return fail(errors.unreadable(error.message))
    if (error instanceof AwsError) return fail(failureOf(entry.model, error))
    if (error instanceof NotAuthorized) return fail(refusedFailure(entry.model, error.message))
    reportUnexpected(options, error, `${entry.model.service} ${head.method} ${head.path}`)
    return fail(internalFailure)
  }
}

async function run(
  options: EndpointOptions,
  { service, model, wire }: Served,
  { route, call, requestId }: { route: Route; call: Omit<Call<unknown>, 'input'>; requestId: string },
): Promise<WireResponse> {
  const operate = service.operations[route.operation]
  if (operate === undefined) return wire.fail(wire.errors.unknownOperation(route.operation), requestId)
  const problems: Problem[] = []
  const input = route.decode(problems)
  if (problems.length > 0) return wire.fail(validationFailure(model, route.model, problems), requestId)
  options.gate?.({
    service: service.model,
    operation: route.operation,
    input,
    caller: call.caller,
    region: call.region,
  })
  const fault = options.behaviour?.takeFault(service.model, route.operation)
  if (fault?.after === false) throw new AwsError(fault.error, fault.message)
  const output = await operate({ ...call, input })
  if (fault !== undefined) throw new AwsError(fault.error, fault.message)
  return route.encode(output, requestId)
}

function headOf(request: IncomingMessage): RequestHead {
  const url = request.url ?? '/'
  const mark = url.indexOf('?')
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
    headers: request.headers,
  }
}

function send(response: ServerResponse, { status, headers, body }: WireResponse): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)
}

function reportUnexpected({ onUnexpected }: EndpointOptions, error: unknown, operation: string): void {
  if (onUnexpected === undefined) console.error(`unexpected error in ${operation}`, error)
  else onUnexpected(error, operation)
}
