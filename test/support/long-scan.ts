import type { Target } from '../../lambda/domain/offer.ts'
import { openKind } from '../../lambda/kinds/open.ts'
import { ChainStore } from '../../lambda/ledger/chain-store.ts'
import { startEndpoint } from './endpoint.ts'
import { createFleet, type Fleet, type FleetOptions } from './fleet.ts'
import { aContext, us } from './kinds.ts'
import { queueScans, type QueuedScans } from './queued-scans.ts'
import type { TestTable } from './table.ts'
import { World } from './world.ts'

/** Scans of a fleet. */
export interface LongScan extends QueuedScans {
  fleet: Fleet
  world: World
  chains: ChainStore
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
  const scans = queueScans(world, target)
  return Object.assign(scans, {
    fleet,
    world,
    chains: new ChainStore(table),
    open: async () => (await scans.openIds()).map((id) => Number.parseInt(id, 16)).sort((a, b) => a - b),
    close: async () => {
      world.close()
      delete process.env.AWS_ENDPOINT_URL
      await endpoint.close()
    },
  })
}
