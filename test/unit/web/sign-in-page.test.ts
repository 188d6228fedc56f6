import { sessionCookie } from '../../../lambda/web/sign-in/cookies.ts'
import { aSettings } from '../../support/kinds.ts'
import { goodVote, Site, token } from '../../support/site.ts'

const signIn = { issuer: 'https://login.example.com/tenant', clientId: 'hidden' }
const cookie = `__Host-${sessionCookie(token)}`

function guarded(): Site {
  return Object.assign(new Site().asking(), { settings: aSettings({ signIn }) })
}

describe('with sign-in configured', () => {
  test('the page shows the facts, and where to sign in in place of the form', async () => {
    const page = await (await guarded().get()).text()

    expect(page).toContain('network-prod')
    expect(page).toContain(`<form method="post" action="/sign-in/${token}">`)
    expect(page).toContain('login.example.com')
    expect(page).not.toContain('name="choice"')
  })

  test.each([`${cookie}=`, '__Host-gatehouse-session-0000000000000000=x', `${sessionCookie(token)}=x`])(
    'a cookie `%s` is no session of this link',
    async (other) => {
      expect(await (await guarded().get(undefined, { cookie: other })).text()).toContain('Sign in to vote')
    },
  )

  test('who has a session gets the form, and the vote carries it unchecked', async () => {
    const site = guarded()

    expect(await (await site.get(undefined, { cookie: `${cookie}=abc` })).text()).toContain('name="choice"')
    await site.post(goodVote, { cookie: `${cookie}=abc` })
    expect(site.votes).toMatchObject([{ session: 'abc' }])
  })

  test('a session that the vote function does not take is dropped, and what was typed stays to be copied', async () => {
    const site = Object.assign(guarded(), { reply: () => ({ result: 'sign-in' as const }) })

    const response = await site.post({ ...goodVote, comment: 'a long thought' }, { cookie: `${cookie}=old` })
    const page = await response.text()

    expect(response.status).toBe(403)
    expect(response.headers.get('set-cookie')).toBe(`${cookie}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax`)
    expect(page).toContain('Your vote was not recorded')
    expect(page).toContain('a long thought</textarea>')
    expect(page).toContain('Sign in to vote')
    expect(page).not.toContain('name="choice"')
  })
})

test('without it cookies are not looked at', async () => {
  const site = new Site().asking()
  await site.post(goodVote, { cookie: `${cookie}=abc` })

  expect(site.votes).toEqual([{ by: 'link', token, ...goodVote }])
})

test('a link that was tried too often says so', async () => {
  const site = Object.assign(new Site().asking(), { reply: () => ({ result: 'too-many-tries' as const }) })

  const response = await site.post(goodVote)

  expect(response.status).toBe(429)
  expect(await response.text()).toContain('A reminder brings a new link')
})
