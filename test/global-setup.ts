import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What the tests of this run leave in temporary folders lies in one, which goes at the end. */
function makeTempFolder(): void {
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'gatehouse-jest-'))
}

// Jest wants it so.
export { makeTempFolder as default }
