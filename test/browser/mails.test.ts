import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type Browser } from 'playwright-core'

const folder = join(__dirname, '../unit/notify/golden')
const mails = readdirSync(folder).filter((name) => name.endsWith('.html'))

let browser: Browser
beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-quic', '--disable-background-networking'],
  })
})
afterAll(() => browser.close())

test.each([
  [320, 'light'],
  [320, 'dark'],
  [1200, 'light'],
  [1200, 'dark'],
] as const)('every mail fits %i pixels, %s, and loads nothing', async (width, colorScheme) => {
  const page = await browser.newPage({ viewport: { width, height: 600 }, colorScheme })
  const requests: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  for (const name of mails) {
    await page.goto(pathToFileURL(join(folder, name)).href)
    const widest = await page.evaluate('document.documentElement.scrollWidth')
    expect([name, widest]).toEqual([name, width])
    const shots = process.env['SCREENSHOTS']
    if (shots !== undefined)
      await page.screenshot({ path: join(shots, `${name}-${width}-${colorScheme}.png`), fullPage: true })
  }
  expect(requests).toHaveLength(mails.length)
  await page.close()
})
