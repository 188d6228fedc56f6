import { median, type Measured } from './bench.ts'
import { withCli } from './cli.ts'

const rounds = 3

/** From the command to the first page of the console, with a fresh data folder. */
export async function run(): Promise<Measured> {
  const seconds: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now()
    await withCli(async ({ consoleUrl }) => {
      const page = await fetch(consoleUrl)
      await page.text()
      if (!page.ok) throw new Error(`expected the console's page, got ${page.status}`)
      seconds.push((performance.now() - startedAt) / 1000)
    })
  }
  return { name: 'start', figures: { secondsToFirstPage: median(seconds) } }
}
