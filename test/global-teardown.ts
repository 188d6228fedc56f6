import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename } from 'node:path'

function removeTempFolder(): void {
  if (basename(tmpdir()).startsWith('gatehouse-jest-')) rmSync(tmpdir(), { recursive: true, force: true })
}

// Jest wants it so.
export { removeTempFolder as default }
