import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEndpoint, type EndpointOptions } from '../../local/aws/endpoint.ts'
import type { Caller, Service } from '../../local/aws/service.ts'

export interface TestEndpoint {
  url: string
  /** Moves the endpoint's clock. */
  advance: (ms: number) => void
  nowMs: () => number
  /** What an SDK client needs to act as this account's administrator, or with another key. */
  as: (accessKeyId: string, region?: string) => ClientConfig
  /** A signed request by hand, for what no SDK would send. */
  send: (request: RawRequest) => Promise<RawResponse>
  close: () => Promise<void>
}

export interface ClientConfig {
  endpoint: string
  region: string
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
  maxAttempts: number
}

export interface RawRequest {
  method?: string
  path?: string
  /** Signing name; absent: not signed. */
  service?: string
  accessKeyId?: string
  headers?: Record<string, string>
  body?: string
}

export interface RawResponse {
  status: number
  headers: Headers
  text: string
}

export const startMs = Date.parse('2026-11-20T10:00:00Z')

/** The endpoint on a free port, with a clock that stands still. What is for no service gets a 599. */
export async function startEndpoint(
  services: Service[],
  options: Partial<EndpointOptions> = {},
): Promise<TestEndpoint> {
  let now = startMs
  const endpoint = createEndpoint({
    services,
    resolveCaller: administratorOf,
    nowMs: () => now,
    defaultRegion: 'us-east-1',
    ...options,
  })
  const server = createServer((request, response) => {
    void endpoint.handle(request, response).then((handled) => {
      if (!handled) response.writeHead(599).end()
    })
  })
  const url = await listen(server)
  return {
    url,
    nowMs: () => now,
    advance: (ms) => {
      now += ms
    },
    as: (accessKeyId, region = 'us-east-1') => ({
      endpoint: url,
      region,
      credentials: { accessKeyId, secretAccessKey: 'secret' },
      maxAttempts: 1,
    }),
    send: (request) => sendRaw(url, request),
    close: () => close(server),
  }
}

/** A 12-digit key is that account's administrator. */
export function administratorOf(accessKeyId: string): Caller | undefined {
  if (!/^\d{12}$/.test(accessKeyId)) return undefined
  return { account: accessKeyId, arn: `arn:aws:iam::${accessKeyId}:root` }
}

async function sendRaw(url: string, request: RawRequest): Promise<RawResponse> {
  const { method = 'POST', path = '/', service, accessKeyId = '111111111111', headers = {}, body } = request
  const scope = `${accessKeyId}/20261120/us-east-1/${service ?? ''}/aws4_request`
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=00`
  const response = await fetch(url + path, {
    method,
    headers: { ...(service === undefined ? {} : { authorization }), ...headers },
    ...(body === undefined ? {} : { body }),
  })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve()
    })
    server.closeAllConnections()
  })
}
