import type { Browser, Page } from 'playwright-core'
import { keepShot, launch, serveSite, violationsOf } from '../support/browser.ts'
import { gallery, type Scene } from '../support/gallery.ts'

let browser: Browser

beforeAll(async () => {
  browser = await launch()
})
afterAll(async () => {
  await browser.close()
})

async function show({ make, act }: Scene): Promise<{ page: Page; close: () => Promise<void> }> {
  const site = make()
  const { server, link } = await serveSite(site)
  const page = await browser.newPage({ colorScheme: 'light' })
  await page.goto(link)
  await act?.(page, site)
  const close = async (): Promise<void> => {
    await page.context().close()
    server.close()
  }
  return { page, close }
}

// Each is opened once, which takes longer than looking at it: light and dark, wide and narrow are for the style alone.
describe.each(gallery)('$name', (scene) => {
  let shown: Awaited<ReturnType<typeof show>>
  beforeAll(async () => {
    shown = await show(scene)
  })
  afterAll(async () => {
    await shown.close()
  })

  test('is accessible by WCAG 2.2 AA in the light', async () => {
    await keepShot(shown.page, `${scene.name}-light`)

    expect(await violationsOf(shown.page)).toEqual([])
  })

  test('is accessible in the dark and fits 320 pixels', async () => {
    const { page } = shown
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.setViewportSize({ width: 320, height: 640 })
    await page.evaluate("document.querySelectorAll('details').forEach((each, at) => { each.open = at < 1 })")
    await keepShot(page, `${scene.name}-dark-320`)

    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
    expect(await violationsOf(page)).toEqual([])
  })
})
