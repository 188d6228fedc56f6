import { appendFile } from 'node:fs/promises'

export interface LogLine {
  functionId: string
  text: string
}

/** What the functions print: the last lines in memory, all of them in a file when there is one. */
export interface FunctionLog {
  add: (functionId: string, text: string) => void
  recent: () => readonly LogLine[]
  /** Resolves when everything is written. */
  flush: () => Promise<void>
}

const keptLines = 1000

export function createFunctionLog(path?: string): FunctionLog {
  let lines: LogLine[] = []
  let pending = ''
  let writing: Promise<void> | undefined

  /** What comes while a write is under way goes with the next one. */
  async function writePending(file: string): Promise<void> {
    while (pending !== '') {
      const text = pending
      pending = ''
      // A full disk must not stop the run: the lines in memory stay.
      await appendFile(file, text, { mode: 0o600 }).catch(() => undefined)
    }
    writing = undefined
  }

  return {
    add(functionId, text) {
      const added = text.split('\n').filter((line) => line !== '')
      lines.push(...added.map((line) => ({ functionId, text: line })))
      if (lines.length > keptLines * 2) lines = lines.slice(-keptLines)
      if (path === undefined || added.length === 0) return
      pending += added.map((line) => `${functionId} ${line}\n`).join('')
      writing ??= writePending(path)
    },
    recent: () => lines.slice(-keptLines),
    flush: async () => {
      await writing
    },
  }
}
