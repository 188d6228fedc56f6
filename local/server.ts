import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { readAssembly } from './assembly.ts'
import { createEndpoint } from './aws/endpoint.ts'
import type { OrganizationSpec } from './aws/services/organization-tree.ts'
import { createControl } from './control.ts'
import { openDataFolder } from './data-folder.ts'
import type { DataFolder } from './data-folder.ts'
import { createFunctionLog } from './function-log.ts'
import type { FunctionLog } from './function-log.ts'
import { isFromHere } from './guard.ts'
import { createHttpApi } from './http-api.ts'
import { createRuntime } from './runtime.ts'
import type { Runtime } from './runtime.ts'
import { loadState, restoreState, saveState } from './saved-state.ts'
import type { SlackOptions } from './slack/workspace.ts'

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>

export interface LocalOptions {
  /** Where the cloud assembly is, or makes it, in a folder of its own when there is one; called once folder and ports are ours. */
  assembly: string | ((appPath: string | undefined) => Promise<string>)
  /** 12 digits. */
  account: string
  region: string
  /** 0 takes a free one. */
  port: number
  consolePort: number
  /** Kept between two starts; everything is in memory when absent. */
  dataDir?: string | undefined
  organization?: OrganizationSpec | undefined
  /** A workspace with the app in it. */
  slack?: SlackOptions | undefined
  secrets?: Readonly<Record<string, string>> | undefined
  /** Serves the pages of the console beside the app's HTTP API. */
  createConsole?: (run: LocalRun) => Handle
}

export interface LocalRun extends Runtime {
  readonly endpointUrl: string
  readonly consoleUrl: string
  readonly log: FunctionLog
  /** Waits for what runs, saves everything, and stops. */
  close: () => Promise<void>
}

/** How long a stop waits for running work before it saves what there is. */
const stopLimitMs = 15_000

/** Starts the synthesized app on this machine; it is ready when this resolves. Throws `DataFolderInUse`, `PortInUse`, `AssemblyError`. */
export async function startLocal(options: LocalOptions): Promise<LocalRun> {
  const folder = options.dataDir === undefined ? undefined : openDataFolder(options.dataDir)
  const doors = new Doors()
  try {
    return await open(options, doors, folder)
  } catch (error) {
    await doors.close()
    folder?.release()
    throw error
  }
}

async function open(options: LocalOptions, doors: Doors, folder: DataFolder | undefined): Promise<LocalRun> {
  const aws = new Door()
  const pages = new Door()
  const endpointUrl = await doors.listen(aws, options.port)
  const consoleUrl = await doors.listen(pages, options.consolePort)
  let ready: Runtime | undefined = undefined
  const control = createControl({ runtime: () => ready, consoleUrl: () => consoleUrl })
  const refuseOthers = refuser([endpointUrl, consoleUrl])
  aws.handlers = [refuseOthers, control.handle]

  const { account, region } = options
  const assemblyDir = typeof options.assembly === 'string' ? options.assembly : await options.assembly(folder?.appPath)
  const assembly = readAssembly(assemblyDir, { account, region, endpointUrl, approvalUrl: consoleUrl })
  const saved = folder && loadState(folder)
  const log = createFunctionLog(folder?.logPath)
  const runtime = await createRuntime({
    assembly,
    ledgerPath: folder?.ledgerPath,
    clockOffsetMs: saved?.clockOffsetMs ?? 0,
    log,
    organization: options.organization,
    slack: options.slack,
    secrets: options.secrets,
  })
  if (saved !== undefined) restoreState(runtime, saved)
  const endpoint = createEndpoint({
    services: runtime.services,
    resolveCaller: runtime.sessions.find,
    nowMs: () => runtime.clock.now(),
    defaultRegion: region,
    behaviour: runtime.behaviour,
    gate: runtime.gate,
  })
  const slackApi = runtime.slack === undefined ? [] : [runtime.slack.api]
  aws.handlers = [refuseOthers, ...slackApi, runtime.dynamo.handle, endpoint.handle, control.handle]
  const close = async (): Promise<void> => {
    await stopRuntime(runtime, folder)
    await log.flush()
    await doors.close()
    folder?.release()
  }
  const run: LocalRun = { ...runtime, endpointUrl, consoleUrl, log, close }
  const httpApi = createHttpApi({
    ...assembly,
    functions: runtime.functions,
    account,
    nowMs: () => runtime.clock.now(),
    check: ({ sourceArn, functionArn: resource }) => {
      const service = 'apigateway.amazonaws.com'
      runtime.authority.checkService({ service, sourceArn, action: 'lambda:InvokeFunction', resource })
    },
  })
  pages.handlers = [httpApi, ...(options.createConsole === undefined ? [] : [options.createConsole(run)])]
  runtime.start()
  ready = runtime
  return run
}

/** Takes what a browser sends for another site: an account id is an administrator's key, so nothing else would stop it. */
function refuser(ownOrigins: readonly string[]): Handle {
  return (request, response) => {
    if (isFromHere(request, ownOrigins)) return Promise.resolve(false)
    const text = JSON.stringify({ message: 'only for programs on this machine' })
    response.writeHead(403, { 'content-type': 'application/json' }).end(text)
    return Promise.resolve(true)
  }
}

/** First no new work, then the running work, then the state: what is saved is at rest. */
async function stopRuntime(runtime: Runtime, folder: DataFolder | undefined): Promise<void> {
  runtime.stop()
  await atMost(runtime.idle(), stopLimitMs)
  if (folder !== undefined) saveState(folder, runtime)
  // What is still under way starts anew from what was saved, and must change nothing any more.
  runtime.engine.reset()
  await runtime.close()
}

function atMost(work: Promise<void>, limitMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, limitMs)
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer)
    })
  })
}

export class PortInUse extends Error {
  override readonly name = 'PortInUse'
}

/** What answers on one port: the first handler that takes a request. */
class Door {
  handlers: readonly Handle[] = []

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const handle of this.handlers) if (await handle(request, response)) return
    const text = JSON.stringify({ message: 'Not Found' })
    response.writeHead(404, { 'content-type': 'application/json' }).end(text)
  }
}

/** Longer than any SDK keeps an idle connection, so that none is closed under a request. */
const keepAliveMs = 75_000

class Doors {
  private readonly servers: Server[] = []

  /** On the loopback address only; the address with its port. */
  async listen(door: Door, port: number): Promise<string> {
    const server = createServer({ keepAliveTimeout: keepAliveMs }, (request, response) => {
      door.answer(request, response).catch((error: unknown) => {
        console.error('unexpected error', error)
        if (!response.headersSent) response.writeHead(500)
        response.end()
      })
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => {
        const isTaken = 'code' in error && error.code === 'EADDRINUSE'
        reject(isTaken ? new PortInUse(`port ${port} is in use: choose another one`) : error)
      })
      server.listen(port, '127.0.0.1', resolve)
    })
    this.servers.push(server)
    const address = server.address()
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`
  }

  async close(): Promise<void> {
    await Promise.all(
      this.servers.map((server) => {
        const closed = new Promise((resolve) => server.close(resolve))
        server.closeAllConnections()
        return closed
      }),
    )
  }
}
