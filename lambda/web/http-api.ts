import * as z from 'zod'

/** What an HTTP API sends to a function: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export const httpApiEventSchema = z.object({
  version: z.literal('2.0'),
  rawPath: z.string(),
  headers: z.record(z.string(), z.string()).default({}),
  requestContext: z.object({ http: z.object({ method: z.string() }) }),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().default(false),
})
export type HttpApiEvent = z.infer<typeof httpApiEventSchema>

export interface HttpApiResponse {
  statusCode: number
  headers: Record<string, string>
  body: string
}

/** Query strings and cookies are dropped: the page uses neither. */
export function toRequest(event: HttpApiEvent, origin: string): Request {
  const { method } = event.requestContext.http
  const hasBody = event.body !== undefined && method !== 'GET' && method !== 'HEAD'
  const body = hasBody ? Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8') : null
  const url = new URL(origin)
  // Not `new URL(path, origin)`: a path of `//x/` would be another host.
  url.pathname = event.rawPath
  return new Request(url, { method, headers: event.headers, body })
}

export async function toResponse(response: Response): Promise<HttpApiResponse> {
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers.entries()),
    body: await response.text(),
  }
}
