import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { serve, type ServerType } from '@hono/node-server'
import { source as axeSource } from 'axe-core'
import { chromium, type Browser, type Page } from 'playwright-core'
import { token, type Site } from './site.ts'

export async function launch(): Promise<Browser> {
  return await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-quic', '--disable-background-networking'],
  })
}

/** Serves the site on a free port; the address of its link. */
export async function serveSite(site: Site): Promise<{ server: ServerType; link: string }> {
  return await new Promise((resolve) => {
    const server = serve(
      { fetch: (request) => site.app.fetch(request), port: 0, hostname: '127.0.0.1' },
      (info: AddressInfo) => {
        site.approvalUrl = `http://127.0.0.1:${info.port}`
        resolve({ server, link: `${site.approvalUrl}/a/${token}` })
      },
    )
  })
}

interface Violation {
  id: string
  help: string
  nodes: { html: string; failureSummary?: string }[]
}

/** What axe finds against WCAG 2.2 AA, as lines; the page needs JavaScript allowed. */
export async function violationsOf(page: Page): Promise<string[]> {
  if (await page.evaluate<boolean>("typeof axe === 'undefined'")) await page.evaluate(axeSource)
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  const run = `axe.run({ runOnly: ${JSON.stringify(tags)}, resultTypes: ['violations'] })`
  const { violations } = await page.evaluate<{ violations: Violation[] }>(run)
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' | ')}`)
}

/** A screenshot for a person to look at, when the environment names a folder in `SCREENSHOTS`. */
export async function keepShot(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS']
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}
