import type { ServerType } from '@hono/node-server'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { keepShot, launch, serveSite, violationsOf } from '../support/browser.ts'
import { gallery, type Scene } from '../support/gallery.ts'

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

async function show({ make, act }: Scene, options: BrowserContextOptions): Promise<Page> {
  const site = make()
  const served = await serveSite(site)
  server = served.server
  const page = await (await browser.newContext(options)).newPage()
  await page.goto(served.link)
  await act?.(page, site)
  return page
}

describe.each(gallery)('$name', (scene) => {
  test('is accessible by WCAG 2.2 AA in the light', async () => {
    const page = await show(scene, { colorScheme: 'light' })
    await keepShot(page, `${scene.name}-light`)

    expect(await violationsOf(page)).toEqual([])
  })

  test('is accessible in the dark and fits 320 pixels', async () => {
    const page = await show(scene, { colorScheme: 'dark', viewport: { width: 320, height: 640 } })
    await page.evaluate("document.querySelectorAll('details').forEach((each, at) => { each.open = at < 1 })")
    await keepShot(page, `${scene.name}-dark-320`)

    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
    expect(await violationsOf(page)).toEqual([])
  })
})
