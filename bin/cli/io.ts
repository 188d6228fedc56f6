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

export function printJson(io: CliIo, value: unknown): void {
  io.out(`${JSON.stringify(value, null, 2)}\n`)
}
