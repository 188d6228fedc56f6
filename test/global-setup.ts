import { accessSync, constants, mkdtempSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const prefix = 'gatehouse-jest-'
/** Linux keeps what lies here in memory: bundles are some hundred files each time. */
const memoryFolder = '/dev/shm'
const enoughBytes = 2 ** 30
const staleMs = 86_400_000

/** What the tests of this run leave in temporary folders lies in one, which goes at the end. */
function makeTempFolder(): void {
  if (hasRoom(memoryFolder)) removeStale(memoryFolder)
  process.env.TMPDIR = mkdtempSync(join(hasRoom(memoryFolder) ? memoryFolder : tmpdir(), prefix))
}

function hasRoom(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize > enoughBytes
  } catch {
    return false
  }
}

/** Of runs that were killed: they would hold memory until the machine is started anew. */
function removeStale(parent: string): void {
  for (const name of readdirSync(parent)) {
    const path = join(parent, name)
    if (name.startsWith(prefix) && Date.now() - statSync(path).mtimeMs > staleMs)
      rmSync(path, { recursive: true, force: true })
  }
}

// Jest wants it so.
export { makeTempFolder as default }
