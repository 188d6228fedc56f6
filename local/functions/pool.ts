import type { FunctionSpec } from '../assembly/specs.ts'
import type { FunctionThread } from './thread.ts'
import type { Invocation, InvokeOutcome } from './thread.ts'

/** Given a thread when one is free, or nothing when the pool closes. */
type Start = (thread: FunctionThread | undefined) => void

const closedOutcome: InvokeOutcome = {
  ok: false,
  error: { errorType: 'Lambda.Unknown', errorMessage: 'the local run stops', trace: [] },
}

/** The execution environments of one function: made when needed, kept warm, one invocation at a time each. */
export class FunctionPool {
  readonly spec: FunctionSpec
  private readonly makeThread: () => FunctionThread
  private readonly limit: number
  private readonly threads = new Set<FunctionThread>()
  private readonly free: FunctionThread[] = []
  private waiting: Start[] = []
  private closed = false

  constructor(options: { spec: FunctionSpec; makeThread: () => FunctionThread; limit: number }) {
    this.spec = options.spec
    this.makeThread = options.makeThread
    this.limit = options.limit
  }

  async invoke(invocation: Invocation): Promise<InvokeOutcome> {
    const thread = await this.take()
    if (thread === undefined) return closedOutcome
    const outcome = await thread.invoke(invocation)
    this.giveBack(thread)
    return outcome
  }

  async close(): Promise<void> {
    this.closed = true
    for (const start of this.waiting) start(undefined)
    this.waiting = []
    await Promise.all([...this.threads].map((thread) => thread.close()))
    this.threads.clear()
  }

  private take(): Promise<FunctionThread | undefined> {
    if (this.closed) return Promise.resolve(undefined)
    for (let thread = this.free.pop(); thread !== undefined; thread = this.free.pop()) {
      if (!thread.spent) return Promise.resolve(thread)
      this.threads.delete(thread)
    }
    if (this.threads.size < this.limit) return Promise.resolve(this.add())
    return new Promise((start) => {
      this.waiting.push(start)
    })
  }

  private giveBack(thread: FunctionThread): void {
    if (thread.spent) this.threads.delete(thread)
    const next = this.waiting.shift()
    if (next !== undefined) next(thread.spent ? this.add() : thread)
    else if (!thread.spent) this.free.push(thread)
  }

  private add(): FunctionThread {
    const thread = this.makeThread()
    this.threads.add(thread)
    return thread
  }
}
