import { createWriteStream, type WriteStream } from 'node:fs'

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
  // Opened by the first line. A full disk must not stop the run: the lines in memory stay.
  let stream: WriteStream | undefined
  const open = (file: string): WriteStream =>
    createWriteStream(file, { flags: 'a', mode: 0o600 }).on('error', () => {
      stream = undefined
    })

  return {
    add(functionId, text) {
      const added = text.split('\n').filter((line) => line !== '')
      lines.push(...added.map((line) => ({ functionId, text: line })))
      if (lines.length > keptLines * 2) lines = lines.slice(-keptLines)
      if (path === undefined || added.length === 0) return
      stream ??= open(path)
      stream.write(added.map((line) => `${functionId} ${line}\n`).join(''))
    },
    recent: () => lines.slice(-keptLines),
    flush: async () => {
      const open = stream
      if (open === undefined) return
      stream = undefined
      await new Promise<void>((resolve) => {
        open.once('close', resolve).end()
      })
    },
  }
}
