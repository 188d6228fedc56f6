import { createWebApp } from '../../../lambda/web/app.ts'
import { httpApiEventSchema, toRequest, toResponse } from '../../../lambda/web/http-api.ts'
import { goodVote, origin, Site, token } from '../../support/site.ts'

/** An event as an HTTP API sends it. */
function anEvent(method: string, overrides: Record<string, unknown> = {}): unknown {
  const rawPath = `/a/${token}`
  return {
    version: '2.0',
    routeKey: `${method} /a/{token}`,
    rawPath,
    rawQueryString: '',
    headers: { host: 'gatehouse.example', origin, 'content-type': 'application/x-www-form-urlencoded' },
    requestContext: { stage: '$default', http: { method, path: rawPath, sourceIp: '192.0.2.1' } },
    pathParameters: { token },
    isBase64Encoded: false,
    ...overrides,
  }
}

async function call(site: Site, event: unknown): ReturnType<typeof toResponse> {
  const app = createWebApp(site.deps)
  return await toResponse(await app.fetch(toRequest(httpApiEventSchema.parse(event), origin)))
}

test('GET gives the page', async () => {
  const { statusCode, headers, body } = await call(new Site().asking(), anEvent('GET'))

  expect(statusCode).toBe(200)
  expect(headers['content-type']).toContain('text/html')
  expect(body).toContain('Resource share invitation')
})

test('HEAD gives no body', async () => {
  expect(await call(new Site().asking(), anEvent('HEAD'))).toMatchObject({ statusCode: 200, body: '' })
})

test.each([false, true])('a form votes, in base64: %s', async (isBase64Encoded) => {
  const form = new URLSearchParams(goodVote).toString()
  const body = isBase64Encoded ? Buffer.from(form).toString('base64') : form
  const site = new Site().asking()

  expect(await call(site, anEvent('POST', { body, isBase64Encoded }))).toMatchObject({ statusCode: 200 })
  expect(site.votes).toEqual([{ by: 'link', token, ...goodVote }])
})

test('a header that no browser sends breaks nothing', async () => {
  const odd = { 'x-odd': '💥', 'user-agent': 'Bot 🤖', cookie: 'a=\u2028' }
  const headers = { origin, 'content-type': 'application/x-www-form-urlencoded', ...odd }
  const body = new URLSearchParams(goodVote).toString()
  const site = new Site().asking()

  expect(await call(site, anEvent('POST', { headers, body, cookies: ['b=💥'] }))).toMatchObject({ statusCode: 200 })
  expect(site.votes).toHaveLength(1)
})

test('a path cannot name another host', () => {
  const event = httpApiEventSchema.parse(anEvent('GET', { rawPath: '//evil.example/a/x' }))

  expect(new URL(toRequest(event, origin).url).host).toBe('gatehouse.example')
})

test('another event is not taken', () => {
  expect(httpApiEventSchema.safeParse({ version: '1.0', httpMethod: 'GET', path: '/' }).success).toBe(false)
})
