import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { config } from '../../gatehouse.config.ts'
import { OfferReader } from '../../local/console/offer-reader.ts'
import { start, type Started } from '../../local/start.ts'
import { heapMb, median, secondsOf, type Measured } from './bench.ts'

/** The hub's own among them. */
const accounts = Number(process.env.SWEEP_ACCOUNTS ?? 500)
/** Memory is looked at after each. */
const sweeps = Number(process.env.SWEEPS ?? 3)
const regions = ['us-east-1', 'us-west-2', 'eu-west-1', 'eu-central-1']
const listings = [
  'GetResourceShareInvitations',
  'ListCertificates',
  'ListOutgoingCertificates',
  'ListDelegationRequests',
]
const organizationsCalls = [
  'ListAccountsForParent',
  'ListOrganizationalUnitsForParent',
  'ListParents',
  'DescribeAccount',
]

/** An organization swept through the whole local run: functions, roles, queue and ledger, every right enforced. */
export async function run(): Promise<Measured> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'))
  const only = Array.from({ length: accounts - 1 }, (_, index) => String(200_000_000_000 + index))
  const organization = { id: 'o-benchorg01', targets: { ous: ['r-root'], only }, delegatedAdmin: true, regions }
  const all = { ...config, organization }
  const started = await start({ config: all, mostMembers: accounts, port: 0, consolePort: 0, dataDir })
  try {
    const calls = countCalls(started)
    const secondsCold = await secondsOf(() => sweepOnce(started))
    const counted = new Map(calls)
    const memory = [memoryNow()]
    const warm: number[] = []
    while (memory.length < sweeps) {
      warm.push(await secondsOf(() => sweepOnce(started)))
      memory.push(memoryNow())
    }
    const [places, complete] = await placesOf(started)
    return {
      name: 'sweep',
      figures: {
        accounts,
        places,
        placesListed: complete,
        secondsCold,
        secondsWarm: median(warm),
        listingCallsPerPlace: sum(counted, listings) / places,
        assumeRolePerAccountAndRegion: sum(counted, ['AssumeRole']) / (accounts * regions.length),
        organizationsCalls: sum(counted, organizationsCalls),
        ...memoryFigures(memory),
      },
    }
  } finally {
    await started.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** Until every place was listed to its end. */
async function sweepOnce({ run: { idle }, control }: Started): Promise<void> {
  await control.sweep()
  await idle()
}

/** Every call of the endpoint asks for the fault that it is to have. */
function countCalls({ run }: Started): Map<string, number> {
  const calls = new Map<string, number>()
  const { behaviour } = run
  const takeFault = behaviour.takeFault.bind(behaviour)
  behaviour.takeFault = (service, operation) => {
    calls.set(operation, (calls.get(operation) ?? 0) + 1)
    return takeFault(service, operation)
  }
  return calls
}

function sum(calls: ReadonlyMap<string, number>, names: readonly string[]): number {
  return names.reduce((total, name) => total + (calls.get(name) ?? 0), 0)
}

async function placesOf({ run, control }: Started): Promise<[all: number, complete: number]> {
  const reader = new OfferReader({ endpoint: run.endpointUrl, ...(await control.health()) })
  const places = await reader.places()
  reader.close()
  return [places.length, places.filter(({ completeAt }) => completeAt !== undefined).length]
}

interface Memory {
  /** Of endpoint, engine and table. */
  heapMb: number
  /** Of the whole process, the threads of its functions included. */
  processMb: number
}

function memoryNow(): Memory {
  return { heapMb: heapMb(), processMb: process.memoryUsage.rss() / 2 ** 20 }
}

/** After each sweep. */
function memoryFigures(memory: readonly Memory[]): Record<string, number> {
  const figures = memory.flatMap(({ heapMb, processMb }, index) => [
    [`heapMbAfterSweep${index + 1}`, heapMb] as const,
    [`processMbAfterSweep${index + 1}`, processMb] as const,
  ])
  return Object.fromEntries(figures)
}
