import { fork } from 'node:child_process'
import { once } from 'node:events'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import type { Hint } from '../../lambda/contract/states.ts'
import type { Target } from '../../lambda/domain/offer.ts'
import { createLately } from '../../lambda/handlers/scan/lately.ts'
import { createListings } from '../../lambda/handlers/scan/listings.ts'
import { runHint } from '../../lambda/handlers/scan/run-hint.ts'
import type { ScanDeps } from '../../lambda/handlers/scan/scan-deps.ts'
import { openKind } from '../../lambda/kinds/open.ts'
import { ApprovalsStore } from '../../lambda/ledger/approvals-store.ts'
import { ChainStore } from '../../lambda/ledger/chain-store.ts'
import { Ledger } from '../../lambda/ledger/ledger.ts'
import { ScanStore } from '../../lambda/ledger/scan-store.ts'
import { createMessenger } from '../../lambda/notify/messenger.ts'
import { aContext, aSettings, us } from '../support/kinds.ts'
import { heapMb, secondsOf, type Measured } from './bench.ts'

const target: Target = { kind: 'iot-transfer', account: us, region: 'us-east-1' }
const startedSchema = z.object({ address: z.object({ port: z.number() }) })
const countedSchema = z.object({
  calls: z.object({ list: z.number(), outgoing: z.number(), describe: z.number() }),
})

/**
 * A sweep of a simulated million certificates, 1,000 of them pending and 500 more our own on their way out, by the real
 * scanner over the wire. Every message is followed twice. The pace is counted, not waited for.
 */
export async function run(): Promise<Measured> {
  const child = fork(new URL('fleet-service.ts', import.meta.url), { execArgv: process.execArgv })
  try {
    const { address } = startedSchema.parse((await once(child, 'message'))[0])
    const url = `http://127.0.0.1:${address.port}`
    process.env.AWS_ENDPOINT_URL = url
    const scanned = await scanFleet(url)
    child.send('count')
    const { calls } = countedSchema.parse((await once(child, 'message'))[0])
    return { name: 'fleet', figures: { ...scanned, ...figuresOf(calls) } }
  } finally {
    delete process.env.AWS_ENDPOINT_URL
    child.kill()
  }
}

function figuresOf(calls: z.infer<typeof countedSchema>['calls']): Record<string, number> {
  return { listCalls: calls.list, outgoingCalls: calls.outgoing, describeCalls: calls.describe }
}

async function scanFleet(url: string): Promise<Record<string, number>> {
  const { deps, queue, waited } = scannerOn(url)
  const memory: number[] = []
  let invocations = 0
  const follow = async (hint: Hint): Promise<void> => {
    await runHint(hint, deps)
    invocations += 1
    memory.push(heapMb())
  }
  const seconds = await secondsOf(async () => {
    await follow(target)
    for (let hint = queue.shift(); hint !== undefined; hint = queue.shift()) {
      await follow(hint)
      await runHint(hint, deps)
    }
  })
  const open = new Set<string>()
  for await (const { awsId } of deps.ledger.openOffers(target)) open.add(awsId)
  return {
    found: open.size,
    invocations,
    minutesAtDefaultPace: (seconds + waited() / 1000) / 60,
    secondsOfWork: seconds,
    ...memoryFigures(memory),
  }
}

/** In use after a collection, in tenths of the scan. */
function memoryFigures(memory: readonly number[]): Record<string, number> {
  const tenth = (part: number): number =>
    memory[Math.min(memory.length - 1, Math.round((memory.length * part) / 10))] ?? 0
  const tenths = Array.from({ length: 11 }, (_, part) => [`heapMbAfter${part * 10}Percent`, tenth(part)] as const)
  return { ...Object.fromEntries(tenths), heapMbGrown: Math.max(...memory) - tenth(1) }
}

interface Scanner {
  deps: ScanDeps
  queue: Hint[]
  /** Milliseconds. */
  waited: () => number
}

/** The scanner as the function has it, but for what does not belong to a listing: no run is started. */
function scannerOn(endpoint: string): Scanner {
  const credentials = { accessKeyId: us, secretAccessKey: 'bench' }
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region: 'us-east-1', credentials }), {
    marshallOptions: { removeUndefinedValues: true },
  })
  const table = { client, tableName: 'ledger' }
  const queue: Hint[] = []
  let waitedMs = 0
  const nowMs = (): number => Date.now() + waitedMs
  const settings = aSettings()
  const deps: ScanDeps = {
    ledger: new Ledger({ ...table, now: () => new Date(nowMs()) }),
    scans: new ScanStore(table),
    chains: new ChainStore(table),
    approvals: new ApprovalsStore(table),
    workflow: { start: () => Promise.resolve('answered'), wake: () => Promise.resolve(true) },
    messenger: createMessenger({
      announce: () => Promise.resolve(),
      mailer: { send: unused },
      putLink: unused,
      rules: settings,
      now: () => new Date(nowMs()),
      approvalUrl: '',
    }),
    queue: {
      send: unused,
      later: (hint) => {
        queue.push(hint)
        return Promise.resolve()
      },
    },
    open: (at) => openKind(aContext(at.kind, { target: at, settings })),
    lookAfresh: unused,
    governs: () => Promise.resolve(true),
    settings,
    pace: () => 0,
    callClock: {
      nowMs,
      wait: (ms) => {
        waitedMs += ms
        return Promise.resolve()
      },
    },
    lately: createLately(nowMs),
    listings: createListings(),
  }
  return { deps, queue, waited: () => waitedMs }
}

function unused(): never {
  throw new Error('a listing does not need that')
}
