import { hashA } from '../../support/events.ts'
import { goodVote, origin, Site, token } from '../../support/site.ts'

/** The form as the page gives it, posted by something that reads no page. */
const defaults = { factsHash: hashA, round: '1', comment: '', digits: '' }

describe('what a link scanner does', () => {
  test('HEAD gets the headers of the page, no body, and costs no read', async () => {
    const site = new Site().asking()
    const response = await site.app.request(`/a/${token}`, { method: 'HEAD' })

    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe((await site.get()).headers.get('content-type'))
    expect(await response.text()).toBe('')
    expect(site.reads).toBe(1)
  })

  test.each(['OPTIONS', 'PUT', 'DELETE', 'PATCH', 'PROPFIND'])(
    '%s is answered 405 and does nothing',
    async (method) => {
      const site = new Site().asking()
      const response = await site.app.request(`/a/${token}`, { method })

      expect(response.status).toBe(405)
      expect(response.headers.get('allow')).toBe('GET, HEAD, POST')
      expect(site.reads).toBe(0)
    },
  )

  test.each<[string, Record<string, string>]>([
    ['plain', {}],
    ['prefetch', { 'sec-purpose': 'prefetch', purpose: 'prefetch' }],
    ['prerender', { 'sec-purpose': 'prefetch;prerender' }],
    ['preview', { 'user-agent': 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)' }],
    ['override', { 'x-http-method-override': 'POST' }],
  ])('GET votes nothing: %s', async (_what, headers) => {
    const site = new Site().asking()

    expect((await site.get(undefined, headers)).status).toBe(200)
    expect(site.votes).toEqual([])
  })

  test('GET with a vote in the query votes nothing', async () => {
    const site = new Site().asking()
    await site.get(`/a/${token}?${new URLSearchParams(goodVote).toString()}`)

    expect(site.votes).toEqual([])
  })

  test.each<{
    what: string
    fields?: Record<string, string>
    headers?: Record<string, string | undefined>
    status: number
  }>([
    { what: 'the defaults of the page', fields: defaults, status: 422 },
    { what: 'a choice without the digits', fields: { ...defaults, choice: 'accept' }, status: 422 },
    { what: 'nothing', fields: {}, status: 400 },
    { what: 'no round', fields: { ...goodVote, round: '' }, status: 400 },
    { what: 'a round that is none', fields: { ...goodVote, round: '1x' }, status: 400 },
    { what: 'no origin', headers: { origin: undefined }, status: 403 },
    { what: 'the origin null', headers: { origin: 'null' }, status: 403 },
    { what: 'a foreign origin', headers: { origin: 'https://evil.example' }, status: 403 },
    { what: 'our origin on another port', headers: { origin: `${origin}:8443` }, status: 403 },
    { what: 'our host as a prefix', headers: { origin: `${origin}.evil.example` }, status: 403 },
    { what: 'a cross-site fetch', headers: { 'sec-fetch-site': 'cross-site' }, status: 403 },
    { what: 'a same-site fetch', headers: { 'sec-fetch-site': 'same-site' }, status: 403 },
    { what: 'a typed address', headers: { 'sec-fetch-site': 'none' }, status: 403 },
    { what: 'JSON', headers: { 'content-type': 'application/json' }, status: 415 },
    { what: 'plain text', headers: { 'content-type': 'text/plain' }, status: 415 },
    { what: 'a form of parts', headers: { 'content-type': 'multipart/form-data; boundary=x' }, status: 415 },
  ])('POST with $what votes nothing', async ({ fields = goodVote, headers, status }) => {
    const site = new Site().asking()
    const response = await site.post(fields, headers)

    expect(response.status).toBe(status)
    expect(site.votes).toEqual([])
  })

  test('POST with a field twice votes nothing', async () => {
    const site = new Site().asking()
    const body = `${new URLSearchParams(goodVote).toString()}&choice=reject`
    const headers = { origin, 'content-type': 'application/x-www-form-urlencoded' }
    const response = await site.app.request(`/a/${token}`, { method: 'POST', headers, body })

    expect(response.status).toBe(400)
    expect(site.votes).toEqual([])
  })

  test('a browser on our own page may vote', async () => {
    const site = new Site().asking()
    await site.post(goodVote, { 'sec-fetch-site': 'same-origin' })

    expect(site.votes).toHaveLength(1)
  })
})
