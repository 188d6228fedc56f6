import type { Hint } from '../../lambda/contract/states.ts'
import type { Target } from '../../lambda/domain/offer.ts'
import { runHint } from '../../lambda/handlers/scan/run-hint.ts'
import type { ScanDeps } from '../../lambda/handlers/scan/scan-deps.ts'
import { openKind } from '../../lambda/kinds/open.ts'
import { ChainStore } from '../../lambda/ledger/chain-store.ts'
import { startEndpoint } from './endpoint.ts'
import { createFleet, type Fleet, type FleetOptions } from './fleet.ts'
import { aContext, us } from './kinds.ts'
import type { TestTable } from './table.ts'
import { World } from './world.ts'

export interface Message {
  hint: Hint
  delaySeconds: number
}

/** Scans of a fleet, by hand: a message is followed when a test says so. Runs are not started, so every call is a scan's. */
export interface LongScan {
  fleet: Fleet
  world: World
  chains: ChainStore
  target: Target
  /** Messages that wait, in order. */
  queue: Message[]
  /** What the next steps work with. */
  deps: ScanDeps
  sweep: () => Promise<void>
  /** Follows the first message. */
  next: () => Promise<void>
  /** Follows messages until there are none. */
  drain: () => Promise<void>
  /** Which of the fleet's certificates have an open case. */
  open: () => Promise<number[]>
  close: () => Promise<void>
}

/** One page a step: the next one has to wait for two seconds. */
const slow = { perSecond: 10, share: 0.05 }

export async function startLongScan(
  table: TestTable,
  options: FleetOptions & { region?: string; iotCalls?: typeof slow },
): Promise<LongScan> {
  const fleet = createFleet(options)
  const endpoint = await startEndpoint([fleet.service])
  process.env.AWS_ENDPOINT_URL = endpoint.url
  const target: Target = { kind: 'iot-transfer', account: us, region: options.region ?? 'us-east-1' }
  const world = new World({
    table,
    account: us,
    open: (at) => openKind(aContext(at.kind, { target: at })),
    settings: { iotCalls: options.iotCalls ?? slow },
  })
  const queue: Message[] = []
  const scan: LongScan = {
    fleet,
    world,
    chains: new ChainStore(table),
    target,
    queue,
    deps: {
      ...world.scanDeps(),
      queue: {
        send: (hints) => {
          queue.push(...hints.map((hint) => ({ hint, delaySeconds: 0 })))
          return Promise.resolve()
        },
        later: (hint, delaySeconds) => {
          queue.push({ hint, delaySeconds })
          return Promise.resolve()
        },
      },
      workflow: { start: () => Promise.resolve('answered'), wake: () => Promise.resolve(true) },
    },
    sweep: () => runHint(target, scan.deps),
    next: async () => {
      const message = queue.shift()
      if (message === undefined) throw new Error('no message waits')
      await world.clock.advance(message.delaySeconds * 1000, () => Promise.resolve())
      await runHint(message.hint, scan.deps)
    },
    drain: async () => {
      while (queue.length > 0) await scan.next()
    },
    open: async () => {
      const ids = new Set<string>()
      for await (const { awsId } of world.ledger.openOffers(target)) ids.add(awsId)
      return [...ids].map((id) => Number.parseInt(id, 16)).sort((a, b) => a - b)
    },
    close: async () => {
      world.close()
      delete process.env.AWS_ENDPOINT_URL
      await endpoint.close()
    },
  }
  return scan
}
