import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import * as z from 'zod'
import type { FunctionSpec } from '../assembly/specs.ts'

/** As a Lambda function reports it: the name is what Retry and Catch see. */
export interface FunctionError {
  errorType: string
  errorMessage: string
  trace: string[]
}

export type InvokeOutcome = { ok: true; payload: string } | { ok: false; error: FunctionError }

export interface Invocation {
  /** JSON text. */
  event: string
  requestId: string
  /** Variables of this invocation only, laid over the function's own. */
  env: Readonly<Record<string, string>>
}

const errorSchema = z.object({ errorType: z.string(), errorMessage: z.string(), trace: z.array(z.string()) })
const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('broken'), error: errorSchema }),
  z.object({ kind: z.literal('result'), payload: z.string() }),
  z.object({ kind: z.literal('error'), error: errorSchema }),
])
type Message = z.infer<typeof messageSchema>

/** Loading a bundle may take long while many threads start on a small machine; Lambda's own limit is 10 s. */
const loadLimitMs = 60_000

/** One execution environment of one function. After a timeout or a crash it is spent. */
export class FunctionThread {
  private readonly spec: FunctionSpec
  private readonly worker: Worker
  private readonly loaded: Promise<FunctionError | undefined>
  private answer: ((message: Message) => void) | undefined
  spent = false

  constructor(options: { spec: FunctionSpec; env: Record<string, string>; log: (text: string) => void }) {
    const { spec, env, log } = options
    const [file, exportName] = spec.handler.split('.')
    this.spec = spec
    this.worker = new Worker(fileURLToPath(new URL('./worker.mjs', import.meta.url)), {
      env,
      // Without this a thread inherits the loaders of the process, which cost more than the function.
      execArgv: [],
      workerData: { file: join(spec.dir, `${file ?? 'index'}.mjs`), exportName: exportName ?? 'handler' },
      stdout: true,
      stderr: true,
    })
    for (const stream of [this.worker.stdout, this.worker.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        log(text)
      })
    this.worker.on('message', (message) => this.answer?.(messageSchema.parse(message)))
    this.worker.on('error', (error) => {
      this.end(error instanceof Error ? error.message : String(error))
    })
    this.worker.on('exit', (code) => {
      this.end(`exit code ${code}`)
    })
    this.loaded = this.load()
  }

  async invoke(invocation: Invocation): Promise<InvokeOutcome> {
    const broken = await this.loaded
    if (broken !== undefined) return { ok: false, error: broken }
    const { timeoutMs } = this.spec
    const message = await this.exchange(timeoutMs, () => {
      this.worker.postMessage({
        event: invocation.event,
        env: invocation.env,
        context: {
          awsRequestId: invocation.requestId,
          functionName: this.spec.name,
          functionVersion: '$LATEST',
          invokedFunctionArn: this.spec.arn,
          memoryLimitInMB: String(this.spec.memoryMb),
          logGroupName: `/aws/lambda/${this.spec.name}`,
          logStreamName: 'local',
          callbackWaitsForEmptyEventLoop: true,
          deadlineMs: Date.now() + timeoutMs,
        },
      })
    })
    if (message.kind === 'result') return { ok: true, payload: message.payload }
    if (message.kind === 'error' || message.kind === 'broken') return { ok: false, error: message.error }
    return { ok: false, error: failure('Lambda.Unknown', 'the function answered out of turn') }
  }

  async close(): Promise<void> {
    this.spent = true
    await this.worker.terminate()
  }

  private async load(): Promise<FunctionError | undefined> {
    const message = await this.exchange(loadLimitMs, () => undefined)
    if (message.kind === 'ready') return undefined
    this.spent = true
    void this.worker.terminate()
    return message.kind === 'result' ? failure('Lambda.Unknown', 'the function answered out of turn') : message.error
  }

  /** Sends, and waits for one message; silence for longer than the limit ends the thread. */
  private async exchange(limitMs: number, send: () => void): Promise<Message> {
    const { promise, resolve } = deferred<Message>()
    const timer = setTimeout(() => {
      this.spent = true
      void this.worker.terminate()
      resolve({
        kind: 'error',
        error: failure('Sandbox.Timedout', `Task timed out after ${(limitMs / 1000).toFixed(2)} seconds`),
      })
    }, limitMs)
    this.answer = resolve
    send()
    const message = await promise
    clearTimeout(timer)
    this.answer = undefined
    return message
  }

  private end(why: string): void {
    this.spent = true
    this.answer?.({ kind: 'error', error: failure('Lambda.Unknown', `the function's process ended: ${why}`) })
  }
}

function failure(errorType: string, errorMessage: string): FunctionError {
  return { errorType, errorMessage, trace: [] }
}

function deferred<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => undefined
  const promise = new Promise<Value>((given) => {
    resolve = given
  })
  return { promise, resolve }
}
