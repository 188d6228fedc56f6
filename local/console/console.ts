import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { ControlClient } from '../control-client.ts'
import { createConsoleApp } from './app.ts'
import { OfferReader } from './offer-reader.ts'

/** What the console needs to know of a run; everything else it asks for over the wire. */
export interface ConsoleRun {
  readonly endpointUrl: string
  readonly consoleUrl: string
  readonly assembly: {
    readonly place: { account: string; region: string }
    readonly tables: readonly { name: string }[]
  }
}

export type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>

/** The console's pages; takes every request it is given. */
export function createConsole(run: ConsoleRun): Handle {
  const { account, region } = run.assembly.place
  const aws = { endpoint: run.endpointUrl, region }
  const app = createConsoleApp({
    origin: run.consoleUrl,
    account,
    aws,
    offers: new OfferReader({ ...aws, account, tableName: run.assembly.tables[0]?.name ?? '' }),
    control: new ControlClient(run.endpointUrl),
  })
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  return async (request, response) => {
    await listener(request, response)
    return true
  }
}
