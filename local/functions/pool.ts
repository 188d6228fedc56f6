import type { FunctionSpec } from '../assembly/specs.ts'
import type { FunctionThread } from './thread.ts'
import type { Invocation, InvokeOutcome } from './thread.ts'

/** Given a thread when one is free, or nothing when the pool closes. */
type Start = (thread: FunctionThread | undefined) => void

const closedOutcome: InvokeOutcome = {
  ok: false,
  error: { errorType: 'Lambda.Unknown', errorMessage: 'the local run stops', trace: [] },
}

/** How many environments a function has at once. */
export interface PoolSize {
  usual: number
  most: number
  /** While some wait and none has ended for so long, all may hang: there is one environment more. */
  patienceMs: number
}

/** The execution environments of one function: made when needed, kept warm, one invocation at a time each. */
export class FunctionPool {
  readonly spec: FunctionSpec
  private readonly makeThread: () => FunctionThread
  private readonly size: PoolSize
  private readonly threads = new Set<FunctionThread>()
  private readonly free: FunctionThread[] = []
  private waiting: Start[] = []
  private patience: NodeJS.Timeout | undefined
  private closed = false

  constructor(options: { spec: FunctionSpec; makeThread: () => FunctionThread; size: PoolSize }) {
    this.spec = options.spec
    this.makeThread = options.makeThread
    this.size = options.size
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
    clearTimeout(this.patience)
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
    if (this.threads.size < this.size.usual) return Promise.resolve(this.add())
    return new Promise((start) => {
      this.waiting.push(start)
      if (this.patience === undefined) this.watch()
    })
  }

  private watch(): void {
    clearTimeout(this.patience)
    this.patience = undefined
    if (this.waiting.length === 0 || this.threads.size >= this.size.most) return
    this.patience = setTimeout(() => {
      this.waiting.shift()?.(this.add())
      this.watch()
    }, this.size.patienceMs).unref()
  }

  private giveBack(thread: FunctionThread): void {
    if (thread.spent) this.threads.delete(thread)
    const next = this.waiting.shift()
    this.watch()
    if (next !== undefined) next(thread.spent ? this.add() : thread)
    else if (!thread.spent) this.free.push(thread)
  }

  private add(): FunctionThread {
    const thread = this.makeThread()
    this.threads.add(thread)
    return thread
  }
}
