import { Hono } from 'hono'
import type { IntakeForm } from '../../../lambda/contract/intake.ts'
import type { VoteReply } from '../../../lambda/contract/states.ts'
import { sessionCookie } from '../../../lambda/web/sign-in/cookies.ts'
import { addIntakeRoutes, type IntakeWebDeps } from '../../../lambda/web/intake/routes.ts'

const origin = 'https://approve.example.com'
const token = 'a'.repeat(43)
const typed = { account: '111111111111', awsId: 'dr-0123456789abcdef', digits: 'cdef' }

let told: IntakeForm[]
let reads: number
let reply: VoteReply
let expiresAtMs: number
let app: Hono
let signIn: IntakeWebDeps['settings']['signIn']

beforeEach(() => {
  told = []
  reads = 0
  reply = { result: 'taken' }
  expiresAtMs = 2
  signIn = null
  makeApp()
})

function makeApp(): void {
  app = new Hono()
  addIntakeRoutes(app, {
    readIntakeLink: (wanted) => {
      reads += 1
      return Promise.resolve(wanted === token ? { expiresAtMs } : undefined)
    },
    takeIn: (form) => Promise.resolve((told.push(form), reply)),
    now: () => new Date(1),
    approvalUrl: origin,
    settings: { signIn },
    report: () => undefined,
  })
}

const get = (of = token): Response | Promise<Response> => app.request(`${origin}/i/${of}`)
const post = (fields: Record<string, string> = typed, headers: Record<string, string> = { origin }) =>
  app.request(`${origin}/i/${token}`, { method: 'POST', body: new URLSearchParams(fields), headers })

test('a form that is filled in is handed on, and says that this accepts nothing', async () => {
  expect(await (await get()).text()).toContain('This accepts nothing')
  expect((await post()).status).toBe(200)
  expect(told).toEqual([{ by: 'intake', token, ...typed }])
})

test('a GET or HEAD tells nobody anything, and a HEAD reads nothing', async () => {
  await get()
  const before = reads
  expect((await app.request(`${origin}/i/${token}`, { method: 'HEAD' })).status).toBe(200)
  expect(told).toEqual([])
  expect(reads).toBe(before)
})

test.each([
  ['another origin', { origin: 'https://evil.example' }],
  ['no origin', {}],
  ['null', { origin: 'null' }],
  ['another site', { origin, 'sec-fetch-site': 'cross-site' }],
])('a post from %s is refused', async (_, headers) => {
  expect((await post(typed, headers as Record<string, string>)).status).toBe(403)
  expect(told).toEqual([])
})

test('an unknown link and one that is over lead nowhere', async () => {
  expect((await get('b'.repeat(43))).status).toBe(404)
  expiresAtMs = 1
  expect((await get()).status).toBe(404)
  expect((await post()).status).toBe(404)
  expect(told).toEqual([])
})

test('what was refused is shown again, escaped, and with the reason', async () => {
  reply = { result: 'not-taken', problem: 'This is no id of a delegation request.' }
  const response = await post({ ...typed, awsId: '"><script>alert(1)</script>' })
  const page = await response.text()
  expect(response.status).toBe(422)
  expect(page).toContain('This is no id of a delegation request.')
  expect(page).not.toContain('<script>alert')
})

test('more than a form can hold is no form', async () => {
  expect((await post({ ...typed, awsId: 'x'.repeat(5000) })).status).toBe(413)
  expect((await post({ ...typed, awsId: 'x'.repeat(300) })).status).toBe(400)
})

describe('with sign-in configured', () => {
  const cookie = `__Host-${sessionCookie(token)}=session-1`
  beforeEach(() => {
    signIn = { issuer: 'https://login.example.com', clientId: 'gatehouse' }
    makeApp()
  })

  test('the page shows where to sign in, and the form to who has', async () => {
    const page = await (await get()).text()
    expect(page).toContain(`action="/sign-in/${token}"`)
    expect(page).not.toContain('name="awsId"')
    const signedIn = await app.request(`${origin}/i/${token}`, { headers: { cookie } })
    expect(await signedIn.text()).toContain('name="awsId"')
  })

  test('hands on what the browser has of it', async () => {
    await post(typed, { origin, cookie })
    await post()
    expect(told).toEqual([
      { by: 'intake', token, ...typed, session: 'session-1' },
      { by: 'intake', token, ...typed },
    ])
  })

  test('a session that is worth nothing is dropped, and the page says so', async () => {
    reply = { result: 'sign-in' }
    const response = await post(typed, { origin, cookie })
    expect(response.status).toBe(403)
    expect(response.headers.get('set-cookie')).toContain('Max-Age=0')
    const page = await response.text()
    expect(page).toContain('not signed in, or no longer')
    expect(page).toContain(`action="/sign-in/${token}"`)
  })
})
