import { chromium, type Browser, type Page } from 'playwright-core'
import { config } from '../../gatehouse.config.ts'
import { findSampleOffer } from '../../local/sample-offers.ts'
import { start, type Started } from '../../local/start.ts'

let browser: Browser
let started: Started
let page: Page

beforeAll(async () => {
  started = await start({ config, port: 0, consolePort: 0 })
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-quic', '--disable-background-networking'],
  })
})
afterAll(async () => {
  await browser.close()
  await started.stop()
})

beforeEach(async () => {
  page = await (await browser.newContext()).newPage()
  await page.goto(started.run.consoleUrl)
})
afterEach(() => page.context().close())

let shots = 0
/** Screenshots for a person to look at, when a folder is given. */
async function keep(): Promise<void> {
  const folder = process.env['SCREENSHOTS']
  if (folder === undefined) return
  shots += 1
  await page.screenshot({ path: `${folder}/console-${String(shots).padStart(2, '0')}.png`, fullPage: true })
}

async function makeAsStranger(id: string): Promise<void> {
  const { endpointUrl, assembly } = started.run
  await findSampleOffer(id)?.make({ endpoint: endpointUrl, region: assembly.place.region })
}

test('a button makes a real offer; it shows up by itself, and its page tells what happened', async () => {
  await page.getByRole('button', { name: 'Share two subnets' }).click()

  expect(await page.getByRole('status').textContent()).toContain('Offered')
  const row = page.getByRole('row', { name: /444455556666/ })
  await row.getByText('Accepted').waitFor()
  await keep()
  await row.getByRole('link').click()
  await page.getByText('Policy says: accept').first().waitFor()
  expect(await page.getByText('ram.accept-network-from-partners').count()).toBeGreaterThan(0)
  await keep()
})

test('the list refreshes under a keyboard user: the focused link keeps the focus', async () => {
  await makeAsStranger('stranger-shares-subnet')
  const link = page.getByRole('row', { name: /555566667777.*Waits for people/ }).getByRole('link')
  await link.waitFor()
  const href = await link.getAttribute('href')
  await link.focus()

  await makeAsStranger('stranger-shares-resolver-rule')
  await page.getByRole('row', { name: /555566667777.*Rejected/ }).waitFor()

  expect(await page.evaluate("document.activeElement?.getAttribute('href')")).toBe(href)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Resource share invitation' }).waitFor()
})

test('everything is reached by keyboard alone, from the skip link to a mail and its approval page', async () => {
  await makeAsStranger('stranger-shares-subnet')
  await page.getByRole('link', { name: /^Mail \([2-9]/ }).waitFor()

  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement?.textContent')).toBe('Skip to content')
  for (let presses = 0; presses < 2; presses += 1) await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Mail' }).waitFor()
  await keep()
  await page
    .getByRole('link', { name: /Resource share invitation from 555566667777: answer by/ })
    .first()
    .press('Enter')
  await page.getByText('As plain text').waitFor()
  await keep()

  const [opened] = await Promise.all([
    page.context().waitForEvent('page'),
    page.frameLocator('iframe').getByRole('link', { name: 'Read and decide' }).press('Enter'),
  ])
  await opened.getByRole('button', { name: 'Send my decision' }).waitFor()
})

test('a delegation: asked by mail, voted on the page, accepted by the person that a button plays', async () => {
  await page.getByRole('button', { name: 'Ask to set up backups' }).click()
  const row = page.getByRole('row', { name: /Delegation request.*Waits for people/ })
  await row.getByRole('link').click()
  await page.getByText('Mail to alice').waitFor()
  const [mail] = (await started.control.mails()).filter(({ subject }) => subject.startsWith('Delegation request'))

  const voting = await page.context().newPage()
  await voting.goto(mail!.links[0]!)
  await voting.getByLabel('Accept').check()
  await voting.getByLabel('Last four digits').fill('6666')
  await voting.getByRole('button', { name: 'Send my decision' }).click()

  await page.getByRole('button', { name: 'Play that person' }).click()
  await page.getByRole('button', { name: 'Sweep now' }).click()
  await page.getByText('The offer was accepted at AWS.').waitFor()
  expect(await page.getByRole('button', { name: 'Play that person' }).count()).toBe(0)
})

test('the clock moves, and the page says so', async () => {
  await page.goto(`${started.run.consoleUrl}/mail`)
  const before = new Date((await page.locator('#clock time').getAttribute('datetime')) ?? '')

  await page.getByRole('button', { name: '+1 hour' }).click()

  const after = new Date((await page.locator('#clock time').getAttribute('datetime')) ?? '')
  expect(after.getTime() - before.getTime()).toBeGreaterThanOrEqual(3_600_000)
  expect(new URL(page.url()).pathname).toBe('/mail')
})

test('works without scripts, and runs none but its own', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const plain = await context.newPage()
  await plain.goto(started.run.consoleUrl)

  await plain.getByRole('button', { name: 'Ask to act as administrator' }).click()
  await plain.getByText('Offered').waitFor()
  await started.control.sweep()
  await plain.reload()

  expect(await plain.getByRole('row', { name: /Delegation request.*Rejected/ }).count()).toBe(1)
  await context.close()
})
