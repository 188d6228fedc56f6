import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'

const announcedSchema = z.object({ endpoint: z.string(), consoleUrl: z.string() })
export type Announced = z.infer<typeof announcedSchema>

/** `gatehouse local` in a process of its own with a fresh data folder, stopped when `use` is done. */
export async function withCli<Result>(use: (announced: Announced) => Promise<Result>): Promise<Result> {
  const data = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'))
  const args = ['bin/gatehouse.mjs', 'local', '--port', '0', '--console-port', '0', '--data', data, '--json']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  try {
    let text = ''
    for await (const part of child.stdout.setEncoding('utf8')) {
      text += String(part)
      if (text.endsWith('}\n')) break
    }
    return await use(announcedSchema.parse(JSON.parse(text)))
  } finally {
    child.kill('SIGTERM')
    await ended
    rmSync(data, { recursive: true, force: true })
  }
}
