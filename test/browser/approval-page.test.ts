import type { AddressInfo } from 'node:net'
import { serve, type ServerType } from '@hono/node-server'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { hashB } from '../support/events.ts'
import { factsOfKind, hostileTexts } from '../support/facts.ts'
import { Site, token } from '../support/site.ts'

let browser: Browser
let server: ServerType | undefined

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-quic', '--disable-background-networking'],
  })
})
afterAll(async () => {
  await browser.close()
})
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()))
  server?.close()
})

/** Serves the site on a free port and opens the link; without JavaScript, as the page has none. */
async function open(site: Site, options: BrowserContextOptions = {}): Promise<Page> {
  const url = await new Promise<string>((resolve) => {
    server = serve(
      { fetch: (request) => site.app.fetch(request), port: 0, hostname: '127.0.0.1' },
      (info: AddressInfo) => {
        resolve(`http://127.0.0.1:${info.port}`)
      },
    )
  })
  site.approvalUrl = url
  const context = await browser.newContext({ javaScriptEnabled: false, ...options })
  const page = await context.newPage()
  await page.goto(`${url}/a/${token}`)
  await keep(page)
  return page
}

let shots = 0
/** Screenshots for a person to look at, when a folder is given. */
async function keep(page: Page): Promise<void> {
  const folder = process.env['SCREENSHOTS']
  if (folder === undefined) return
  shots += 1
  await page.screenshot({ path: `${folder}/${String(shots).padStart(2, '0')}.png`, fullPage: true })
}

async function submit(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Send my decision' }).click()
  await page.waitForLoadState()
  await keep(page)
}

test('shows the offer and takes an accept', async () => {
  const site = new Site().asking()
  const page = await open(site)

  await page.getByLabel('Accept', { exact: false }).first().check()
  await page.getByLabel('Last four digits').fill('6666')
  await submit(page)

  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Your vote is recorded')
  expect(site.votes).toHaveLength(1)
  await page.getByRole('link', { name: 'Back to the offer' }).click()
  expect(await page.getByText('Your vote so far').isVisible()).toBe(true)
  await keep(page)
})

test('refuses a reject without a comment, and wrong digits, and keeps what was typed', async () => {
  const site = new Site().asking()
  const page = await open(site)

  await page.locator('#choice-reject').check()
  await page.getByLabel('Last four digits').fill('6666')
  await submit(page)
  expect(await page.getByRole('alert').textContent()).toContain('a reject needs a comment')
  expect(await page.locator('#choice-reject').isChecked()).toBe(true)

  await page.getByLabel('Comment').fill('Nobody here asked for it.')
  await page.getByLabel('Last four digits').fill('1234')
  await submit(page)
  expect(await page.getByRole('alert').textContent()).toContain('not the four characters')
  expect(await page.getByLabel('Comment').inputValue()).toBe('Nobody here asked for it.')

  await page.getByLabel('Last four digits').fill('6666')
  await submit(page)
  expect(site.votes.at(-1)).toMatchObject({ choice: 'reject', comment: 'Nobody here asked for it.' })
})

test('works by keyboard alone, in the order of the page', async () => {
  const site = new Site().asking()
  const page = await open(site)

  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Tab')
  await page.keyboard.type('No.')
  await page.keyboard.press('Tab')
  await page.keyboard.type('6666')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/a/**')
  await page.getByText('Your vote is recorded').waitFor()

  expect(site.votes).toMatchObject([{ choice: 'reject', comment: 'No.', digits: '6666' }])
})

test('shows what changed while the page was open', async () => {
  const site = new Site('iot-transfer').asking()
  const page = await open(site)
  site.facts.set(hashB, factsOfKind('iot-transfer', { message: 'Other devices.' }))
  site.story.inspected(2, hashB, { cause: 'facts-changed' })
  site.asking()

  await page.locator('#choice-accept').check()
  await page.getByLabel('Last four digits').fill('6666')
  await submit(page)

  expect(await page.getByRole('region', { name: 'What changed' }).textContent()).toContain('Other devices.')
  expect(await page.locator('#choice-accept').isChecked()).toBe(false)
})

test.each(['light', 'dark'] as const)('fits 320 pixels with hostile text, %s', async (colorScheme) => {
  const text = Object.values(hostileTexts).join(' ')
  const facts = factsOfKind('iam-delegation', {
    requestorName: text,
    description: text,
    requestMessage: 'W'.repeat(200),
  })
  const page = await open(new Site('iam-delegation', facts).asking(), {
    colorScheme,
    viewport: { width: 320, height: 640 },
    javaScriptEnabled: true,
  })

  const width = await page.evaluate<number>('document.documentElement.scrollWidth')
  const background = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')

  expect(width).toBeLessThanOrEqual(320)
  expect(background).toBe(colorScheme === 'dark' ? 'rgb(18, 22, 26)' : 'rgb(244, 245, 243)')
})

test('asks nobody but itself for anything, and applies its one stylesheet', async () => {
  const site = new Site('iot-outgoing').asking()
  const context = await browser.newContext()
  const page = await context.newPage()
  const requests: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => requests.push(new URL(request.url()).pathname))
  page.on('console', (message) => complaints.push(message.text()))
  const first = await open(site, { colorScheme: 'dark' })
  await page.goto(first.url())

  expect(requests).toEqual([`/a/${token}`])
  expect(complaints).toEqual([])
  expect(await page.evaluate('getComputedStyle(document.body).margin')).toBe('0px')
})

test('a script in the page cannot vote by submitting the form as it is', async () => {
  const site = new Site().asking()
  const page = await open(site, { javaScriptEnabled: true })

  await page.evaluate('document.querySelector("form").submit()')
  await page.getByRole('alert').waitFor()

  expect(site.votes).toEqual([])
})

test('shows the outcome when the case is closed', async () => {
  const site = new Site('iot-outgoing').asking()
  site.story.decided('reject').add({ type: 'closed', data: { outcome: 'REJECTED', finding: 'rejected' } })
  const page = await open(site)

  expect(await page.getByText('The certificate stays ours.').isVisible()).toBe(true)
  expect(await page.locator('form').count()).toBe(0)
})
