import type { ServerType } from '@hono/node-server'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { keepShot, launch, serveSite } from '../support/browser.ts'
import { hashB } from '../support/events.ts'
import { factsOfKind, hostileTexts } from '../support/facts.ts'
import { activating, askedTwoGroups, changedSinceAsked, forbidding } from '../support/gallery.ts'
import { shareOf } from '../support/large.ts'
import { Site, token } from '../support/site.ts'

let browser: Browser
let server: ServerType | undefined

beforeAll(async () => {
  browser = await launch()
})
afterAll(async () => {
  await browser.close()
})
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()))
  server?.close()
})

/** Opens the link of a site; without JavaScript, as the page has none. */
async function open(site: Site, options: BrowserContextOptions = {}): Promise<Page> {
  const served = await serveSite(site)
  server = served.server
  const context = await browser.newContext({ javaScriptEnabled: false, ...options })
  const page = await context.newPage()
  await page.goto(served.link)
  await keep(page)
  return page
}

let shots = 0
async function keep(page: Page): Promise<void> {
  shots += 1
  await keepShot(page, `page-${String(shots).padStart(2, '0')}`)
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
  expect(await page.getByText('Voting again replaces it').isVisible()).toBe(true)
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

/** Presses Tab until an element of that name has the focus; its text. */
async function tabTo(page: Page, tag: string): Promise<string | null> {
  for (let presses = 0; presses < 30; presses += 1) {
    await page.keyboard.press('Tab')
    if ((await page.evaluate('document.activeElement?.tagName')) === tag) {
      return await page.evaluate<string | null>('document.activeElement.textContent')
    }
  }
  throw new Error(`expected to reach \`${tag}\` by Tab`)
}

test('works by keyboard alone, in the order of the page', async () => {
  const site = new Site().asking()
  const page = await open(site, { javaScriptEnabled: true })

  expect(await tabTo(page, 'A')).toBe('To the form')
  await page.keyboard.press('Enter')
  await tabTo(page, 'INPUT')
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

test('every one of 5,000 resources is there, behind groups that open by keyboard, and the page is quick', async () => {
  const page = await open(new Site('ram-invitation', shareOf(5000)).asking())
  const summary = page.getByText('ec2:Subnet 834 in us-east-1')

  expect(await page.locator('.ids li').count()).toBe(5000)
  expect(await page.getByText('subnet/subnet-00000000000000000', { exact: true }).isVisible()).toBe(false)
  await summary.focus()
  await page.keyboard.press('Enter')
  expect(await page.getByText('subnet/subnet-00000000000000000', { exact: true }).isVisible()).toBe(true)
})

test('an accepter chooses whether the certificate is active, and inactive is chosen already', async () => {
  const site = activating()
  const page = await open(site)
  expect(await page.getByLabel('Inactive').isChecked()).toBe(true)

  await page.locator('#choice-accept').check()
  await page.getByLabel('Active at once').check()
  await page.getByLabel('Last four digits').fill('6666')
  await submit(page)

  expect(site.votes).toMatchObject([{ choice: 'accept', active: 'yes' }])
  expect(await page.getByText('Accept, active at once').first().isVisible()).toBe(true)
})

test('offers no accept where policy forbids it, says why, and takes a reject', async () => {
  const site = forbidding()
  const page = await open(site)

  expect(await page.locator('input[value=accept]').count()).toBe(0)
  expect(await page.getByText('Nobody outside the organization signs certificates for us.').isVisible()).toBe(true)
  await page.locator('#choice-reject').check()
  await page.getByLabel('Comment').fill('As policy says.')
  await page.getByLabel('Last four digits').fill('6666')
  await submit(page)

  expect(site.votes).toMatchObject([{ choice: 'reject' }])
})

test('shows what changed since this person was last asked', async () => {
  const page = await open(changedSinceAsked())
  const changes = page.getByRole('region', { name: 'What changed since you were last asked' })

  expect(await changes.textContent()).toMatch(/New:[^]*subnet-00000000000000005/)
  expect(await changes.textContent()).toMatch(/Before: 10[^]*Now: 20/)
})

test('says after a vote whose votes are missing, and lets the person change their mind', async () => {
  const site = askedTwoGroups(new Site())
  const page = await open(site)
  await page.locator('#choice-accept').check()
  await page.getByLabel('Last four digits').fill('6666')
  await submit(page)

  expect(await page.getByText('1 more of network (ben, cara), and 1 more of security (cara, dora)').isVisible()).toBe(
    true,
  )
  await page.getByRole('link', { name: 'Back to the offer' }).click()
  expect(await page.getByText('You have voted, ada').isVisible()).toBe(true)
  await page.locator('#choice-reject').check()
  await page.getByLabel('Comment').fill('On second thought, no.')
  await page.getByLabel('Last four digits').fill('6666')
  await submit(page)

  expect(await page.getByText('There are enough votes.').isVisible()).toBe(true)
  expect(site.story.state.round?.votes.get('ada')?.choice).toBe('reject')
})
