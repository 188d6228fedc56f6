import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FakeRequest {
  method: string
  /** With the query. */
  path: string
  body: string
}

export interface FakeAnswer {
  status?: number
  /** The name of an error, in the header that the JSON protocols have for it. */
  error?: string
  /** JSON, or XML as text. */
  body?: unknown
}

export interface FakeAws {
  requests: FakeRequest[]
  close: () => Promise<void>
}

/** Answers the SDK with what AWS and the local endpoint would never say; sets the endpoint for all clients. */
export async function startFakeAws(answer: (request: FakeRequest) => FakeAnswer): Promise<FakeAws> {
  const requests: FakeRequest[] = []
  const server = createServer((incoming, response) => {
    void readAll(incoming).then((body) => {
      const request = { method: incoming.method ?? '', path: incoming.url ?? '', body }
      requests.push(request)
      const { status = 200, error, body: reply = {} } = answer(request)
      if (error !== undefined) response.setHeader('x-amzn-errortype', error)
      response.writeHead(status).end(typeof reply === 'string' ? reply : JSON.stringify(reply))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        resolve()
      })
      server.closeAllConnections()
    })
  return { requests, close }
}

async function readAll(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
