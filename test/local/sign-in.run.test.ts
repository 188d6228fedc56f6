import { SignInRun } from '../support/sign-in-run.ts'
import { Visitor, type Visit } from '../support/visitor.ts'

jest.setTimeout(120_000)
let app: SignInRun
beforeAll(async () => {
  app = await SignInRun.start()
})
afterAll(async () => {
  await app.close()
})

/** From the link to the provider's login page. */
async function begin(visitor: Visitor, link: string): Promise<Visit> {
  return await visitor.send(await visitor.open(link))
}

async function signIn(visitor: Visitor, link: string, login: string): Promise<Visit> {
  return await visitor.send(await begin(visitor, link), { login, password: 'any' })
}

const callbackOf = ({ visited }: Visitor): string => visited.filter((url) => url.includes('/callback?')).at(-1) ?? ''
const sessionsOf = ({ cookies }: Visitor): string[] =>
  [...cookies.keys()].filter((name) => name.startsWith('gatehouse-session-'))
const accept = { choice: 'accept', comment: '', digits: '7777' }

test('who signs in as the approver votes, and the ledger says so', async () => {
  const { alice } = await app.ask()
  const visitor = new Visitor()
  const first = await visitor.open(alice)
  expect(first.text).toContain('Sign in to vote')
  expect(first.text).not.toContain('name="choice"')

  const back = await signIn(visitor, alice, 'alice')
  expect(back.url).toBe(alice)
  expect(back.text).toContain('name="choice"')
  const voted = await visitor.send(back, accept)

  expect(voted.text).toContain('Your vote is recorded')
  expect(await app.votes()).toContainEqual(expect.objectContaining({ approver: 'alice', assurance: 'authenticated' }))
})

test('the provider learns no token: not in an address, not in a referrer, not in the state', async () => {
  const { alice } = await app.ask()
  const visitor = new Visitor()
  await signIn(visitor, alice, 'ALICE')

  const token = alice.split('/a/')[1]!
  const told = JSON.stringify([await app.oidc.requests(), visitor.visited.filter((url) => !url.startsWith(app.url))])
  expect(told).toContain('code_challenge_method=S256')
  expect(told).not.toContain(token)
  expect(sessionsOf(visitor)).toHaveLength(1)
  expect(JSON.stringify([...visitor.cookies])).not.toContain(token)
})

test('an address that the provider says at userinfo only is as good', async () => {
  await app.serve(true)
  const { alice } = await app.ask()

  expect((await signIn(new Visitor(), alice, 'alice')).text).toContain('name="choice"')
  await app.serve()
})

describe('nobody else gets a session', () => {
  test.each([
    { who: 'another person', login: 'mallory' },
    { who: 'an approver of another link', login: 'bob' },
  ])('$who: told which account it was, not which it should be', async ({ login }) => {
    const { alice } = await app.ask()
    const visitor = new Visitor()
    const page = await signIn(visitor, alice, login)

    expect(page.status).toBe(403)
    expect(page.text).toContain(`${login}@example.com`)
    expect(page.text).toContain('at another address')
    expect(page.text).not.toContain('alice@example.com')
    expect(sessionsOf(visitor)).toEqual([])
    expect((await visitor.open(alice)).text).toContain('Sign in to vote')
  })

  test('the right address, where the provider does not say that it is verified', async () => {
    const { alice } = await app.ask()
    const visitor = new Visitor()
    const page = await signIn(visitor, alice, 'alice+unverified')

    expect(page.status).toBe(403)
    expect(page.text).toContain('does not confirm')
    expect(sessionsOf(visitor)).toEqual([])
  })

  test('and the next try asks the provider for another account', async () => {
    const { alice } = await app.ask()
    const visitor = new Visitor()
    const login = await visitor.send(await signIn(visitor, alice, 'mallory'))

    expect(login.text).toContain('name="login"')
    // The provider first ends the session of the other account, on a page that sends itself.
    const leaving = await visitor.send(login, { login: 'alice', password: 'any' })
    expect((await visitor.send(leaving)).text).toContain('name="choice"')
  })

  test('with an answer to another request', async () => {
    const { alice } = await app.ask()
    const visitor = new Visitor()
    const login = await begin(visitor, alice)
    const pending = new Map(visitor.cookies)
    await visitor.send(login, { login: 'alice', password: 'any' })
    const callback = new URL(callbackOf(visitor))

    const other = new Visitor()
    await begin(other, alice)
    expect((await other.open(callback.href)).status).toBe(400)
    callback.searchParams.set('state', 'forged')
    pending.forEach((value, name) => other.cookies.set(name, value))
    expect((await other.open(callback.href)).text).toContain('Please begin again')
    expect(sessionsOf(other)).toEqual([])
  })

  test('with a code that was used', async () => {
    const { alice } = await app.ask()
    const visitor = new Visitor()
    const login = await begin(visitor, alice)
    const pending = new Map(visitor.cookies)
    await visitor.send(login, { login: 'alice', password: 'any' })

    expect((await visitor.open(callbackOf(visitor))).text).toContain('Please begin again')
    const thief = new Visitor()
    pending.forEach((value, name) => thief.cookies.set(name, value))
    const replayed = await thief.open(callbackOf(visitor))
    expect(replayed.status).toBe(403)
    expect(replayed.text).toContain('You are not signed in')
    expect(sessionsOf(thief)).toEqual([])
  })

  test('who refuses at the provider', async () => {
    const { alice } = await app.ask()
    const visitor = new Visitor()
    await begin(visitor, alice)
    const state = new URL(visitor.visited.find((url) => url.includes('state='))!).searchParams.get('state')!

    const back = await visitor.open(
      `${app.url}/sign-in/callback?error=access_denied&state=${state}&iss=${app.oidc.issuer}`,
    )
    expect(back.status).toBe(403)
    expect(back.text).toContain('You are not signed in')
  })

  test('with a token that nobody was sent', async () => {
    const { alice } = await app.ask()
    const page = await new Visitor().open(alice)
    const visitor = new Visitor()
    const elsewhere = { ...page, text: page.text.replace(/action="[^"]*"/, 'action="/sign-in/unknown"') }
    expect((await visitor.send(elsewhere)).status).toBe(404)
    expect(visitor.cookies.size).toBe(0)
  })
})

describe('a session', () => {
  test('is of one link: for another offer one signs in again, without typing anything', async () => {
    const [one, other] = [await app.ask(), await app.ask()]
    const visitor = new Visitor()
    await signIn(visitor, one.alice, 'alice')

    expect((await visitor.open(other.alice)).text).toContain('Sign in to vote')
    expect((await begin(visitor, other.alice)).text).toContain('name="choice"')
    expect((await visitor.open(one.alice)).text).toContain('name="choice"')
  })

  test('put under the name of another link votes nothing', async () => {
    const [one, other] = [await app.ask(), await app.ask()]
    const [first, second] = [new Visitor(), new Visitor()]
    await signIn(first, one.alice, 'alice')
    const page = await signIn(second, other.alice, 'alice')
    second.cookies.set(sessionsOf(second)[0]!, first.cookies.get(sessionsOf(first)[0]!)!)
    const before = (await app.votes()).length

    const refused = await second.send(page, { ...accept, comment: 'a long thought' })
    expect(refused.status).toBe(403)
    expect(refused.text).toContain('a long thought')
    expect(sessionsOf(second)).toEqual([])
    expect(await app.votes()).toHaveLength(before)
  })

  test('ends after 15 minutes', async () => {
    const { alice } = await app.ask()
    const visitor = new Visitor()
    const page = await signIn(visitor, alice, 'alice')
    const before = (await app.votes()).length
    await app.control.advance('15m')

    expect((await visitor.send(page, accept)).text).toContain('please sign in first')
    expect(await app.votes()).toHaveLength(before)
    expect((await visitor.send(await begin(visitor, alice), accept)).text).toContain('Your vote is recorded')
  })
})

describe('while the provider is down', () => {
  afterEach(() => app.oidc.setDown('nothing'))

  test('one is told so when coming back, and a reload goes on once it is up', async () => {
    const { alice } = await app.ask()
    const visitor = new Visitor()
    const login = await begin(visitor, alice)
    // The provider has signed her in; its token endpoint is gone when she comes back.
    await app.oidc.setDown('token')
    const callback = await visitor.send(login, { login: 'alice', password: 'any' })

    expect(callback.status).toBe(503)
    expect(callback.text).toContain('nothing is lost')
    await app.oidc.setDown('nothing')
    expect((await visitor.open(callback.url)).text).toContain('name="choice"')
  })
})

test('no log, no ledger item and no execution holds a token, a session, a code, or characters that were typed', async () => {
  const { alice, bob } = await app.ask()
  const [visitor, stranger] = [new Visitor(), new Visitor()]
  const page = await signIn(visitor, alice, 'alice')
  const session = visitor.cookies.get(sessionsOf(visitor)[0]!)!
  const wrong = await visitor.send(page, { ...accept, digits: 'zQ7#' })
  expect(wrong.text).toContain('not the four characters')
  const unknown = `${app.url}/a/${'Unkn0wn'.repeat(6)}`
  expect((await stranger.send({ ...page, url: unknown }, accept)).status).toBe(404)
  expect((await stranger.send({ ...page, url: bob }, accept)).status).toBe(403)
  const comment = 'nobody logs this'
  expect((await visitor.send(page, { ...accept, comment })).text).toContain('Your vote is recorded')
  await app.run.idle()

  const { engine, log } = app.run
  const { stateMachineArn } = await app.control.health()
  const executions = engine.list(stateMachineArn)
  const histories = executions.map(({ executionArn }) => engine.history(executionArn))
  const kept = { log: log.recent(), items: await app.items(), executions, histories }
  expect(kept.log.some(({ functionId, text }) => functionId.startsWith('Vote') && text.includes('"refused"'))).toBe(
    true,
  )
  expect(kept.items.map(({ sk }) => sk)).toContain('ATTEMPTS')
  expect(histories.length).toBeGreaterThan(0)
  expect(JSON.stringify(kept.log)).not.toContain(comment)
  const tokens = [alice, bob, unknown].map((link) => link.split('/a/')[1]!)
  const code = new URL(callbackOf(visitor)).searchParams.get('code')!
  for (const [where, what] of Object.entries(kept)) {
    const text = JSON.stringify(what)
    for (const secret of [...tokens, session, code, 'zQ7#', '"7777"', '"digits"'])
      expect({ where, secret, found: text.includes(secret) }).toEqual({ where, secret, found: false })
  }
})
