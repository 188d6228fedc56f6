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
  let writing: Promise<void> = Promise.resolve()

  function write(text: string): void {
    if (path === undefined) return
    // A full disk must not stop the run: the lines in memory stay.
    writing = writing.then(() => appendFile(path, text, { mode: 0o600 })).catch(() => undefined)
  }

  return {
    add(functionId, text) {
      const added = text.split('\n').filter((line) => line !== '')
      lines.push(...added.map((line) => ({ functionId, text: line })))
      if (lines.length > keptLines * 2) lines = lines.slice(-keptLines)
      write(added.map((line) => `${functionId} ${line}\n`).join(''))
    },
    recent: () => lines.slice(-keptLines),
    flush: () => writing,
  }
}
