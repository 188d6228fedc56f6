import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Compares with a file that people have read. `UPDATE_GOLDEN=1` writes it anew: look at the difference. */
export function expectGolden(path: string, actual: string): void {
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, actual)
  }
  expect(existsSync(path)).toBe(true)
  expect(actual).toBe(readFileSync(path, 'utf8'))
}
