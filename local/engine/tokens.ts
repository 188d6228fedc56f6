import { createHash, randomBytes } from 'node:crypto'
import { EngineError } from './errors.ts'
import type { Thread } from './execution.ts'

/** Task tokens that were given out, and the thread that waits for each open one. */
export interface Tokens {
  issue(): string
  open(token: string, thread: Thread): void
  close(token: string): void
  /** Throws InvalidToken, TaskDoesNotExist or TaskTimedOut (which AWS also answers for a closed task). */
  find(token: string): Thread
  forget(tokens: readonly string[]): void
  /** From a saved execution: known, but not open. */
  remember(tokens: readonly string[]): void
  clear(): void
}

export function createTokens(): Tokens {
  const threads = new Map<string, Thread | undefined>()
  return {
    issue() {
      const secret = randomBytes(48).toString('base64url')
      return `${secret}.${checksum(secret)}`
    },
    open(token, thread) {
      threads.set(token, thread)
    },
    close(token) {
      threads.set(token, undefined)
    },
    find(token) {
      const [secret = '', sum] = token.split('.')
      if (checksum(secret) !== sum) throw new EngineError('InvalidToken', 'Invalid token')
      if (!threads.has(token)) throw new EngineError('TaskDoesNotExist', 'Task does not exist')
      const thread = threads.get(token)
      if (thread === undefined) throw new EngineError('TaskTimedOut', 'Task has timed out or is closed')
      return thread
    },
    forget(tokens) {
      for (const token of tokens) threads.delete(token)
    },
    remember(tokens) {
      for (const token of tokens) threads.set(token, undefined)
    },
    clear() {
      threads.clear()
    },
  }
}

function checksum(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url').slice(0, 8)
}
