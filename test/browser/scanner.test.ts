import type { Browser } from 'playwright-core'
import { config } from '../../gatehouse.config.ts'
import { OfferReader } from '../../local/console/offer-reader.ts'
import { answerPage } from '../../local/demo/person.ts'
import { sampleOffers } from '../../local/sample-offers.ts'
import { start, type Started } from '../../local/start.ts'
import { launch } from '../support/browser.ts'

let browser: Browser
let started: Started
let reader: OfferReader
let links: string[]

beforeAll(async () => {
  started = await start({ config, port: 0, consolePort: 0 })
  const { run, control } = started
  const place = { endpoint: run.endpointUrl, region: run.assembly.place.region }
  for (const offer of sampleOffers) await offer.make(place)
  await control.sweep()
  reader = new OfferReader({ ...place, ...(await control.health()) })
  links = await linksInMessages()
  browser = await launch()
}, 120_000)
afterAll(async () => {
  await browser.close()
  reader.close()
  await started.stop()
})

/** Every address in every message: mails in both forms, and what the workspace of Slack holds. */
async function linksInMessages(): Promise<string[]> {
  const mails = await started.control.mails()
  const slack = JSON.stringify((await slackMessages()) ?? '')
  const text = [...mails.flatMap((mail) => [mail.text, mail.html, ...mail.links]), slack].join('\n')
  return [...new Set([...text.matchAll(/https?:\/\/[^\s"'<>|\\)]+/g)].map(([link]) => link))]
}

async function slackMessages(): Promise<unknown> {
  const response = await fetch(`${started.run.endpointUrl}/_local/slack`)
  return response.ok ? await response.json() : undefined
}

/** All that is on the ledger, and on its way there. */
async function ledger(): Promise<string> {
  await started.run.idle()
  const records = await Promise.all((await reader.list()).map(({ offerId }) => reader.read(offerId)))
  return JSON.stringify(records.map((record) => record?.events))
}

/** Of the app itself: what leads elsewhere is somebody else's page. */
function approvalLinks(): string[] {
  return links.filter((link) => link.includes('/a/'))
}

test('there are links in mails, and in direct messages where the run has Slack', async () => {
  expect(approvalLinks().length).toBeGreaterThan(4)
  if (started.run.assembly.functions.some(({ name }) => name.includes('Slack'))) {
    expect(JSON.stringify(await slackMessages())).toContain('/a/')
  }
})

const bots: [string, RequestInit][] = [
  ['GET', {}],
  ['HEAD', { method: 'HEAD' }],
  ['OPTIONS', { method: 'OPTIONS' }],
  ['a prefetch', { headers: { 'sec-purpose': 'prefetch', purpose: 'prefetch' } }],
  ['a prerender', { headers: { 'sec-purpose': 'prefetch;prerender' } }],
  ['a preview of Slack', { headers: { 'user-agent': 'Slackbot-LinkExpanding 1.0' } }],
  ['PUT', { method: 'PUT' }],
  ['DELETE', { method: 'DELETE' }],
]

test.each(bots)('%s at every link changes nothing', async (_what, init) => {
  const before = await ledger()
  for (const link of approvalLinks()) await (await fetch(link, init)).text()

  expect(await ledger()).toBe(before)
})

test('a form post with the defaults of the page, as from the page itself, changes nothing', async () => {
  const before = await ledger()
  for (const link of approvalLinks()) {
    const html = await (await fetch(link)).text()
    const inputs = html.matchAll(/<input type="(?:hidden|text)"[^>]* name="([^"]*)" value="([^"]*)"/g)
    const fields = Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, value]))
    for (const choice of [{ choice: '' }, { choice: 'accept' }, { choice: 'reject' }]) {
      const body = new URLSearchParams({ ...fields, ...choice, comment: '' })
      const headers = { origin: new URL(link).origin, 'sec-fetch-site': 'same-origin' }
      expect((await fetch(link, { method: 'POST', headers, body })).status).toBeGreaterThanOrEqual(400)
    }
  }

  expect(await ledger()).toBe(before)
})

test('a browser that runs scripts, clicks every link and submits every form changes nothing', async () => {
  const before = await ledger()
  const home = new URL(approvalLinks()[0]!).origin
  const context = await browser.newContext()
  // Pages of others are not ours to visit.
  await context.route(
    (url) => url.origin !== home,
    (route) => route.abort(),
  )
  const page = await context.newPage()
  let submitted = 0
  for (const link of approvalLinks()) {
    await page.goto(link)
    const count = await page.locator('a').count()
    for (let at = 0; at < count; at += 1) {
      await page.locator('a').nth(at).click({ noWaitAfter: true })
      await page.goto(link)
    }
    const forms = await page.locator('form').count()
    for (let at = 0; at < forms; at += 1) {
      await Promise.all([page.waitForEvent('load'), page.locator('form').nth(at).getByRole('button').click()])
      await page.goto(link)
      await Promise.all([page.waitForEvent('load'), page.evaluate(`document.forms[${at}].submit()`)])
      await page.goto(link)
      submitted += 1
    }
  }

  expect(submitted).toBeGreaterThan(4)
  expect(await ledger()).toBe(before)
})

test('a person who reads the page does change something', async () => {
  const before = await ledger()
  const mails = await started.control.mails()
  const mail = mails.find(({ text }) => text.includes('555566667777') && text.includes('Offer ram-invitation-'))
  await answerPage(mail!.links[0]!, { choice: 'reject', comment: 'No.', digits: '7777' })

  expect(await ledger()).not.toBe(before)
})
