import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { config } from '../../gatehouse.config.ts'
import { start, type Started } from '../../local/start.ts'

/** A local run as `npm start` makes it, on free ports and a data folder of its own, gone when `use` is done. */
export async function withLocal<Result>(use: (started: Started) => Promise<Result>): Promise<Result> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'))
  // As fast as the configuration allows: by default it is gentle with accounts that do other work.
  const eager = { ...config, runsPerSecond: 100, iot: { ...config.iot, callsPerSecond: 1000, listShare: 1 } }
  const started = await start({ config: eager, port: 0, consolePort: 0, dataDir })
  try {
    return await use(started)
  } finally {
    await started.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
