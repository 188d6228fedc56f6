import { startLongScan, type LongScan } from '../support/long-scan.ts'
import { createNearTable, type TestTable } from '../support/table.ts'

let table: TestTable
let scan: LongScan | undefined

beforeAll(async () => {
  table = await createNearTable()
})
afterEach(async () => {
  await scan?.close()
})
afterAll(() => table.close())

const pending = [3, 250, 500]
let regions = 0

async function start(): Promise<LongScan> {
  regions += 1
  scan = await startLongScan(table, {
    certificates: 600,
    isPending: (index) => pending.includes(index),
    // A target of its own on the same table.
    region: `eu-${'x'.repeat(regions)}-1`,
  })
  return scan
}

class Crash extends Error {}

/** Counts what a scan does to the ledger's chain and the queue, and dies at one of these points. */
function dieAt({ deps }: LongScan, point: number, when: 'before' | 'after'): { points: () => number } {
  let count = 0
  const { chains, scans, queue } = deps
  const at = async <T>(work: () => Promise<T>): Promise<T> => {
    count += 1
    if (count === point && when === 'before') throw new Crash()
    const result = await work()
    if (count === point) throw new Crash()
    return result
  }
  Object.assign(deps, {
    chains: {
      get: (...args: Parameters<typeof chains.get>) => at(() => chains.get(...args)),
      put: (...args: Parameters<typeof chains.put>) => at(() => chains.put(...args)),
      isFollowed: (...args: Parameters<typeof chains.isFollowed>) => at(() => chains.isFollowed(...args)),
    },
    scans: { putComplete: (...args: Parameters<typeof scans.putComplete>) => at(() => scans.putComplete(...args)) },
    queue: { ...queue, later: (...args: Parameters<typeof queue.later>) => at(() => queue.later(...args)) },
  })
  return { points: () => count }
}

/** What happens in an account: messages, and a sweep each quarter of an hour. */
async function liveOn(scan: LongScan): Promise<void> {
  for (let sweeps = 0; sweeps < 3; sweeps += 1) {
    await scan.sweep().catch(onlyCrashes)
    while (scan.queue.length > 0) await scan.next().catch(onlyCrashes)
    await scan.world.clock.advance(15 * 60_000, () => Promise.resolve())
  }
}

function onlyCrashes(error: unknown): void {
  if (!(error instanceof Crash)) throw error
}

test('has so many points at which it may die', async () => {
  const scan = await start()
  const { points } = dieAt(scan, 0, 'before')
  await scan.sweep()
  await scan.drain()
  expect(points()).toBe(12)
})

test.each(
  Array.from({ length: 12 }, (_, index) => index + 1).flatMap((point) => [
    { point, when: 'before' as const },
    { point, when: 'after' as const },
  ]),
)('finds every pending one though it dies $when point $point', async ({ point, when }) => {
  const scan = await start()
  dieAt(scan, point, when)
  await liveOn(scan)
  expect(await scan.open()).toEqual(pending)
  expect(scan.queue).toEqual([])
  // Three pages a scan; what died was listed once more at most, and never by two at a time.
  expect(scan.fleet.calls.list).toBeLessThanOrEqual(3 * 3 + 1)
  expect((await scan.chains.get(scan.target))?.phase).toBe('over')
})
