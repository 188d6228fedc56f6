import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { config } from '../gatehouse.config.ts'
import { OfferReader } from './console/offer-reader.ts'
import { play } from './demo/play.ts'
import { reportOf } from './demo/report.ts'
import { scenes } from './demo/script.ts'
import { start, type Started } from './start.ts'

/** Plays offers of every kind to their end on a run of its own; false when any ended otherwise than expected. */
export async function runDemo(out: (text: string) => void): Promise<boolean> {
  const say = (line: string): void => {
    out(`${line}\n`)
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-demo-'))
  say('Synthesizing the app and starting it ...')
  let started: Started | undefined
  try {
    started = await start({ config, port: 0, consolePort: 0, dataDir })
    return await playOn(started, say)
  } finally {
    await started?.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function playOn({ run, control }: Started, say: (line: string) => void): Promise<boolean> {
  const { account, tableName, region } = await control.health()
  const aws = { endpoint: run.endpointUrl, region }
  say(`Gatehouse runs for account ${account}: AWS at ${run.endpointUrl}, console at ${run.consoleUrl}.`)
  const offers = new OfferReader({ ...aws, account, tableName })
  try {
    const { table, surprises } = reportOf(await play({ aws, account, control, offers, say }, scenes))
    say(`\n${table}`)
    for (const surprise of surprises) say(`otherwise than expected: ${surprise}`)
    say(surprises.length === 0 ? 'Every offer ended as expected.' : `${surprises.length} differences.`)
    return surprises.length === 0
  } finally {
    offers.close()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // The SDK warns on Node 20 although the pinned versions support it.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  runDemo((text) => process.stdout.write(text)).then(
    (asExpected) => {
      process.exitCode = asExpected ? 0 : 1
    },
    (error: unknown) => {
      console.error(error)
      process.exitCode = 1
    },
  )
}
