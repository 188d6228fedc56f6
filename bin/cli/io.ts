/** What a command sees of the world around it. */
export interface CliIo {
  /** The folder of the checkout. */
  root: string
  env: Readonly<Record<string, string | undefined>>
  out: (text: string) => void
  err: (text: string) => void
  /** Calls back once when somebody wants the process to end. */
  onStop: (stop: () => void) => void
}

/** Something the user can do something about: shown as one line, without a stack. Exit code 1. */
export class CliError extends Error {
  override readonly name = 'CliError'
}

/** Told of a command that ran and found something wrong. */
export type SetExitCode = (code: number) => void

/** What a terminal obeys, or lets text look like another: C1 and format characters, bidirectional ones among them. */
const unshown = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu

export function printJson(io: CliIo, value: unknown): void {
  io.out(`${JSON.stringify(value, null, 2).replace(unshown, escaped)}\n`)
}

function escaped(text: string): string {
  return text
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}
