import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as z from 'zod'

/** Another process works on the folder. */
export class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse'
  readonly pid: number
  constructor(dir: string, pid: number) {
    super(`the data folder \`${dir}\` is in use by process ${pid}: stop that one, or choose another with --data`)
    this.pid = pid
  }
}

/** What a local run keeps between two starts. The folder belongs to one process at a time. */
export interface DataFolder {
  /** Where the ledger's tables lie. */
  readonly ledgerPath: string
  readonly logPath: string
  /** Where the synthesized app lies; made anew by each start. */
  readonly appPath: string
  /** Undefined when nothing was saved yet. */
  load: () => unknown
  save: (state: unknown) => void
  /** Lets others have it. */
  release: () => void
}

const lockSchema = z.object({ pid: z.number().int().positive(), started: z.string() })
type Lock = z.infer<typeof lockSchema>

/** Nothing is kept there yet. */
export function isFresh(path: string): boolean {
  return !existsSync(join(path, 'state.json')) && !existsSync(join(path, 'ledger'))
}

/** What is kept holds live approval links: each of them votes in the name of a person. */
const ownerOnly = { mode: 0o600 }

/** Throws `DataFolderInUse`. A lock that a dead process left behind is taken over. */
export function openDataFolder(path: string): DataFolder {
  const dir = resolve(path)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const lockPath = join(dir, 'lock.json')
  const statePath = join(dir, 'state.json')
  takeLock(dir, lockPath)
  return {
    ledgerPath: join(dir, 'ledger'),
    logPath: join(dir, 'functions.log'),
    appPath: join(dir, 'app'),
    load: () => readJson(statePath),
    save(state) {
      // Whole or not at all: a half-written file must never be read.
      writeFileSync(`${statePath}.new`, JSON.stringify(state), ownerOnly)
      renameSync(`${statePath}.new`, statePath)
    },
    release() {
      rmSync(lockPath, { force: true })
    },
  }
}

function takeLock(dir: string, lockPath: string): void {
  const own: Lock = { pid: process.pid, started: startOf(process.pid) }
  // Linked into place, so that nobody ever reads half a lock.
  const draft = `${lockPath}.${process.pid}`
  writeFileSync(draft, JSON.stringify(own), ownerOnly)
  try {
    if (tryLink(draft, lockPath)) return
    const holder = readLock(lockPath)
    if (holder !== undefined && isAlive(holder)) throw new DataFolderInUse(dir, holder.pid)
    rmSync(lockPath, { force: true })
    if (!tryLink(draft, lockPath)) throw new DataFolderInUse(dir, readLock(lockPath)?.pid ?? 0)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** False when there is a lock already. */
function tryLink(draft: string, lockPath: string): boolean {
  try {
    linkSync(draft, lockPath)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
}

/** Undefined for what is no lock of ours. */
function readLock(lockPath: string): Lock | undefined {
  try {
    return lockSchema.safeParse(JSON.parse(readFileSync(lockPath, 'utf8'))).data
  } catch {
    return undefined
  }
}

function isAlive({ pid, started }: Lock): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    if (!isCode(error, 'EPERM')) return false
  }
  return startOf(pid) === started
}

/** When a process started, where the system tells (Linux), so that a number used again is not taken for the old process. */
function startOf(pid: number): string {
  try {
    return (
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ')[19] ?? ''
    )
  } catch {
    return ''
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    if (error instanceof SyntaxError) throw new Error(`\`${path}\` is not readable JSON`, { cause: error })
    throw error
  }
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code
}
