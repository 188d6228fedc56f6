import * as z from 'zod'

/** What an HTTP API sends to a function: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export const httpApiEventSchema = z.object({
  version: z.literal('2.0'),
  rawPath: z.string(),
  rawQueryString: z.string().default(''),
  cookies: z.array(z.string()).default([]),
  headers: z.record(z.string(), z.string()).default({}),
  requestContext: z.object({ http: z.object({ method: z.string() }) }),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().default(false),
})
export type HttpApiEvent = z.infer<typeof httpApiEventSchema>

export interface HttpApiResponse {
  statusCode: number
  headers: Record<string, string>
  /** `Set-Cookie` lines, which may be several. */
  cookies: string[]
  body: string
}

export function toRequest(event: HttpApiEvent, origin: string): Request {
  const { method } = event.requestContext.http
  const hasBody = event.body !== undefined && method !== 'GET' && method !== 'HEAD'
  const body = hasBody ? Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8') : null
  const url = new URL(origin)
  // Not `new URL(path, origin)`: a path of `//x/` would be another host.
  url.pathname = event.rawPath
  url.search = event.rawQueryString
  return new Request(url, { method, headers: headersOf(event), body })
}

/** Without those that could not have come so: a `Request` throws at them, and anybody may send them. */
function headersOf({ headers, cookies }: HttpApiEvent): [string, string][] {
  const cookie = cookies.filter(isByteString).join('; ')
  const sent = Object.entries(headers).filter(([, value]) => isByteString(value))
  return cookie === '' ? sent : [...sent.filter(([name]) => name !== 'cookie'), ['cookie', cookie]]
}

function isByteString(text: string): boolean {
  return !/[^\x01-\t\x0b\x0c\x0e-\xff]/.test(text)
}

export async function toResponse(response: Response): Promise<HttpApiResponse> {
  return {
    statusCode: response.status,
    headers: Object.fromEntries([...response.headers].filter(([name]) => name !== 'set-cookie')),
    cookies: response.headers.getSetCookie(),
    body: await response.text(),
  }
}
