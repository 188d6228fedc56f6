import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { keepShot, launch, violationsOf } from '../support/browser.ts'
import { SignInRun } from '../support/sign-in-run.ts'

let app: SignInRun
let browser: Browser
beforeAll(async () => {
  app = await SignInRun.start()
  browser = await launch()
}, 120_000)
afterAll(async () => {
  await browser.close()
  await app.close()
})
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()))
})

/** The link of alice for a new offer, without JavaScript, as the page has none. */
async function openLink(options: BrowserContextOptions = {}): Promise<{ page: Page; link: string }> {
  const { alice: link } = await app.ask()
  const page = await (await browser.newContext({ javaScriptEnabled: false, ...options })).newPage()
  await page.goto(link)
  return { page, link }
}

async function signIn(page: Page, login: string): Promise<void> {
  await page.getByRole('button', { name: /^Sign in/ }).click()
  await page.locator('[name=login]').fill(login)
  await page.locator('[name=password]').fill('any')
  await page.getByRole('button', { name: 'Sign-in' }).click()
}

test('signs in, comes back and votes, and the provider learns no token', async () => {
  const { page, link } = await openLink()
  await keepShot(page, 'sign-in-1-prompt')
  expect(await page.locator('#choice-accept').count()).toBe(0)

  await signIn(page, 'alice')
  await page.waitForURL(link)
  await page.locator('#choice-accept').check()
  await page.getByLabel('Last four digits').fill('7777')
  await page.getByRole('button', { name: 'Send my decision' }).click()
  await page.getByText('Your vote is recorded').waitFor()

  const token = link.split('/a/')[1]!
  const told = await app.oidc.requests()
  expect(told.length).toBeGreaterThan(4)
  expect(JSON.stringify(told)).not.toContain(token)
  expect(await app.votes()).toContainEqual(expect.objectContaining({ approver: 'alice', assurance: 'authenticated' }))
})

test('says calmly that the account is another, and takes the right one then', async () => {
  const { page, link } = await openLink({ javaScriptEnabled: true })

  await signIn(page, 'mallory')
  await page.getByRole('heading', { name: 'This account cannot vote here' }).waitFor()
  await keepShot(page, 'sign-in-2-other-account')
  expect(await page.locator('main').textContent()).not.toContain('alice@example.com')
  expect(await violationsOf(page)).toEqual([])

  await signIn(page, 'alice')
  await page.waitForURL(link)
  expect(await page.locator('#choice-accept').count()).toBe(1)
})

test('the prompt is readable for everybody, and no script can use what sign-in gave', async () => {
  const { page, link } = await openLink({ javaScriptEnabled: true, viewport: { width: 320, height: 640 } })
  expect(await violationsOf(page)).toEqual([])
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)

  await signIn(page, 'alice')
  await page.waitForURL(link)
  expect(await page.evaluate('document.cookie')).toBe('')
  const cookies = (await page.context().cookies()).filter(({ name }) => name.startsWith('gatehouse'))
  expect(cookies).toMatchObject([
    { name: expect.stringMatching(/^gatehouse-session-/), httpOnly: true, sameSite: 'Lax' },
  ])
})

test('while the provider is down the page says so, and a reload goes on', async () => {
  const { page, link } = await openLink()
  await page.getByRole('button', { name: 'Sign in to vote' }).click()
  await page.locator('[name=login]').fill('alice')
  await page.locator('[name=password]').fill('any')
  await app.oidc.setDown('token')
  await page.getByRole('button', { name: 'Sign-in' }).click()
  await page.getByText('nothing is lost').waitFor()
  await keepShot(page, 'sign-in-3-down')

  await app.oidc.setDown('nothing')
  await page.reload()
  await page.waitForURL(link)
  expect(await page.locator('#choice-accept').count()).toBe(1)
})
