import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DataFolderInUse, openDataFolder } from '../../local/data-folder.ts'

const newDir = (): string => mkdtempSync(join(tmpdir(), 'gatehouse-data-'))

/** Another process that lives as long as it is let. */
async function otherProcess(): Promise<{ pid: number; end: () => Promise<void> }> {
  const child = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => undefined, 1000)'])
  await once(child.stdout, 'data')
  return {
    pid: child.pid!,
    end: async () => {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

function startOf(pid: number): string {
  return existsSync(`/proc/${pid}/stat`)
    ? readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[19]!
    : ''
}

describe('the data folder', () => {
  test('gives back what was saved, and nothing before that', () => {
    const dir = newDir()
    const first = openDataFolder(dir)
    expect(first.load()).toBeUndefined()
    first.save({ a: 1 })
    first.release()
    expect(openDataFolder(dir).load()).toEqual({ a: 1 })
  })

  test('can be read by its owner only', () => {
    const dir = join(newDir(), 'made')
    const folder = openDataFolder(dir)
    folder.save({ links: [] })
    const modeOf = (path: string): number => statSync(path).mode & 0o777
    expect(modeOf(dir)).toBe(0o700)
    for (const file of ['state.json', 'lock.json']) expect(modeOf(join(dir, file))).toBe(0o600)
  })

  test('belongs to one process at a time, and says whose it is', async () => {
    const dir = newDir()
    const other = await otherProcess()
    writeFileSync(join(dir, 'lock.json'), JSON.stringify({ pid: other.pid, started: startOf(other.pid) }))
    expect(() => openDataFolder(dir)).toThrow(DataFolderInUse)
    expect(() => openDataFolder(dir)).toThrow(`is in use by process ${other.pid}`)
    await other.end()
    expect(() => openDataFolder(dir)).not.toThrow()
  })

  test('is in use by this process as well', () => {
    const dir = newDir()
    openDataFolder(dir)
    expect(() => openDataFolder(dir)).toThrow(DataFolderInUse)
  })

  test('is taken over when the number of a dead process was given to another one', async () => {
    if (!existsSync('/proc/self/stat')) return
    const dir = newDir()
    const other = await otherProcess()
    writeFileSync(join(dir, 'lock.json'), JSON.stringify({ pid: other.pid, started: '1' }))
    expect(() => openDataFolder(dir)).not.toThrow()
    await other.end()
  })

  test('is taken over from a lock that cannot be read', () => {
    const dir = newDir()
    writeFileSync(join(dir, 'lock.json'), '{"pid":')
    expect(() => openDataFolder(dir)).not.toThrow()
  })
})
