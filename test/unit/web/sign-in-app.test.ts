import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSignInApp, type SignInDeps } from '../../../lambda/web/sign-in/app.ts'
import { tokenHashOf } from '../../../lambda/domain/link-token.ts'
import { sessionCookie } from '../../../lambda/web/sign-in/cookies.ts'
import { isSessionOf } from '../../../lambda/web/sign-in/session.ts'
import { signInKeysOf } from '../../../lambda/web/sign-in/keys.ts'
import { createProvider, type Provider } from '../../../lambda/web/sign-in/provider.ts'
import { origin, Site, token } from '../../support/site.ts'

const keys = signInKeysOf('a secret of more than 32 characters')
const problems: unknown[] = []
beforeEach(() => problems.splice(0))

const intakeToken = 'I'.repeat(43)
const intakeLinks = new Map([[intakeToken, { approver: 'ada', ttl: Date.parse('2026-12-20T15:00:00Z') / 1000 }]])

/** The app over the link of ada, with a provider that nothing answers for. */
function app(overrides: Partial<SignInDeps> = {}): ReturnType<typeof createSignInApp> {
  const { links } = new Site()
  return createSignInApp({
    readLink: async (wanted) => links.get(wanted),
    readIntakeLink: async (wanted) => intakeLinks.get(wanted),
    provider: providerAt('http://127.0.0.1:1'),
    keys: async () => keys,
    now: () => new Date('2026-11-20T15:00:00.000Z'),
    approvalUrl: origin,
    approvers: [{ id: 'ada', email: 'ada@example.com' }],
    report: (problem) => problems.push(problem.error),
    ...overrides,
  })
}

function providerAt(issuer: string): Provider {
  return createProvider({
    settings: { issuer, clientId: 'gatehouse' },
    readSecret: () => Promise.reject(new Error('a public client has no secret')),
    redirectUri: `${origin}/sign-in/callback`,
  })
}

const going: Provider = {
  begin: async () => ({ url: 'https://login.example.com/auth?x=1', state: 's', nonce: 'n', verifier: 'v' }),
  finish: () => Promise.reject(new Error('not asked')),
}
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const post = (headers: Record<string, string> = { origin }): RequestInit => ({
  method: 'POST',
  headers: { ...form, ...headers },
})

test('begins by a page that goes on to the provider, with a cookie for our own host only', async () => {
  const response = await app({ provider: going }).request(`/sign-in/${token}`, post())

  expect(response.status).toBe(200)
  expect(response.headers.get('refresh')).toBe('0;url=https://login.example.com/auth?x=1')
  expect(await response.text()).toContain('<a href="https://login.example.com/auth?x=1" rel="noreferrer">')
  const cookie = response.headers.get('set-cookie')
  expect(cookie).toMatch(/^__Host-gatehouse-signing-in=[\w.-]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
  expect(Buffer.from(cookie!.split('.').at(3) ?? '', 'base64url').toString('latin1')).not.toContain(token)
})

test.each<[string, Record<string, string>]>([
  ['no origin', {}],
  ['the origin null', { origin: 'null' }],
  ['a foreign origin', { origin: 'https://evil.example' }],
  ['a cross-site post', { origin, 'sec-fetch-site': 'cross-site' }],
])('does not begin with %s', async (_what, headers) => {
  const response = await app({ provider: going }).request(`/sign-in/${token}`, post(headers))

  expect(response.status).toBe(403)
  expect(response.headers.has('set-cookie')).toBe(false)
})

test('asks nobody to sign in for a link that there is not, or that is of nobody', async () => {
  const strangers = app({ provider: going, approvers: [] })

  expect((await app({ provider: going }).request('/sign-in/unknown', post())).status).toBe(404)
  expect((await app({ provider: going }).request('/sign-in/callback', post())).status).toBe(404)
  expect((await strangers.request(`/sign-in/${token}`, post())).status).toBe(404)
})

describe('an intake link', () => {
  const person = { email: 'ada@example.com', verified: true }
  const provider: Provider = { ...going, finish: () => Promise.resolve(person) }

  async function comeBack(overrides: Partial<SignInDeps> = {}): Promise<Response> {
    const served = app({ provider, ...overrides })
    const begun = await served.request(`/sign-in/${intakeToken}`, post())
    expect(begun.status).toBe(200)
    const cookie = begun.headers.get('set-cookie')!.split(';')[0]!
    return await served.request('/sign-in/callback?state=s&code=c', { headers: { cookie } })
  }

  test('is signed in for as one of an offer is, and leads back to its own page with a session of its own', async () => {
    const response = await comeBack()
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe(`/i/${intakeToken}`)
    const session = new RegExp(`__Host-${sessionCookie(intakeToken)}=([^;]+)`).exec(
      response.headers.getSetCookie().join('\n'),
    )?.[1]
    const at = { key: keys.session, now: new Date('2026-11-20T15:01:00.000Z') }
    const claims = { approver: 'ada', linkHash: tokenHashOf(intakeToken) }
    expect(await isSessionOf(session ?? '', claims, at)).toBe(true)
    expect(await isSessionOf(session ?? '', { ...claims, linkHash: tokenHashOf(token) }, at)).toBe(false)
  })

  test('is for its approver only', async () => {
    const finish = (): Promise<typeof person> => Promise.resolve({ ...person, email: 'eve@example.com' })
    const response = await comeBack({ provider: { ...provider, finish } })
    expect(response.status).toBe(403)
    expect(await response.text()).toContain(`href="/i/${intakeToken}"`)
  })

  test('that is over signs nobody in', async () => {
    const late = app({ provider, now: () => new Date('2026-12-21T15:00:00Z') })
    expect((await late.request(`/sign-in/${intakeToken}`, post())).status).toBe(404)
  })
})

test.each(['GET', 'PUT', 'OPTIONS'])('%s begins nothing', async (method) => {
  const response = await app({ provider: going }).request(`/sign-in/${token}`, { method, headers: { origin } })

  expect(response.status).toBe(405)
  expect(response.headers.has('set-cookie')).toBe(false)
})

describe('a provider that is down', () => {
  test('is said calmly, and told by name only', async () => {
    const response = await app().request(`/sign-in/${token}`, post())

    expect(response.status).toBe(503)
    expect(await response.text()).toContain('nothing is lost')
    expect(problems).toMatchObject([{ name: 'ServiceUnavailable' }])
  })

  test('is asked again by the next who signs in', async () => {
    const metadata: object[] = []
    const server = createServer((_request, response) => {
      response.writeHead(metadata.length === 0 ? 502 : 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(metadata[0] ?? {}))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const served = app({ provider: providerAt(issuer) })

    expect((await served.request(`/sign-in/${token}`, post())).status).toBe(503)
    metadata.push({ issuer, authorization_endpoint: `${issuer}/auth`, code_challenge_methods_supported: ['S256'] })
    const response = await served.request(`/sign-in/${token}`, post())
    server.close()

    expect(response.status).toBe(200)
    const asked = new URL(response.headers.get('refresh')!.slice('0;url='.length)).searchParams
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      scope: 'openid email',
      redirect_uri: `${origin}/sign-in/callback`,
      code_challenge_method: 'S256',
    })
    expect([asked.get('state')!.length, asked.get('nonce')!.length]).toEqual([43, 43])
  })
})

test('a browser that signs in for many offers never sends more than API Gateway takes', async () => {
  const [link] = new Site().links.values()
  const person = { email: 'ada@example.com', verified: true }
  const served = app({ provider: { ...going, finish: async () => person }, readLink: async () => link })
  const jar = new Map<string, string>()
  const longest: number[] = []
  const visit = async (path: string, init: RequestInit): Promise<Response> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    longest.push(cookie.length)
    const response = await served.request(path, { ...init, headers: { ...form, origin, cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (line.includes('Max-Age=0')) jar.delete(name)
      else jar.set(name, value)
    }
    return response
  }

  for (let each = 0; each < 40; each += 1) {
    await visit(`/sign-in/${token}${each}`, { method: 'POST' })
    const back = await visit('/sign-in/callback?code=x&state=s', {})
    expect(back.headers.get('location')).toBe(`/a/${token}${each}`)
    expect([...jar.keys()].at(-1)).toContain('gatehouse-session-')
  }

  expect(Math.max(...longest)).toBeLessThan(6 * 1024)
  expect(jar.size).toBe(12)
})

test('a short secret signs nothing', () => {
  expect(() => signInKeysOf('changeme')).toThrow('32 characters or more')
})

describe('headers', () => {
  test.each<[string, string, RequestInit]>([
    ['begun', `/sign-in/${token}`, post()],
    ['a foreign origin', `/sign-in/${token}`, post({})],
    ['an unknown link', '/sign-in/unknown', post()],
    ['another method', `/sign-in/${token}`, { method: 'PUT' }],
    ['a long form', `/sign-in/${token}`, { ...post(), body: 'x'.repeat(2000) }],
    ['coming back without having begun', '/sign-in/callback?code=x&state=y', {}],
    ['HEAD', '/sign-in/callback?code=x&state=y', { method: 'HEAD' }],
    ['another path', '/elsewhere', {}],
  ])('are those of the page on %s', async (_what, path, init) => {
    const page = await new Site().asking().get()
    const { headers } = await app({ provider: going }).request(path, init)

    const wanted = [...page.headers].filter(([name]) => !name.startsWith('content-') || name.includes('policy'))
    expect(wanted.length).toBeGreaterThan(8)
    expect(Object.fromEntries(headers)).toMatchObject(Object.fromEntries(wanted))
    expect(headers.get('content-security-policy')).toContain("form-action 'self';")
  })
})
