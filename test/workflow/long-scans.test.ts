import { scan as followAll } from '../../lambda/handlers/scan.handler.ts'
import { PlaceStore } from '../../lambda/ledger/place-store.ts'
import { scansJson, underWayText, type ScanJson } from '../../local/console/scan-json.ts'
import { AwsError } from '../../local/aws/service.ts'
import { startLongScan, type LongScan } from '../support/long-scan.ts'
import { createNearTable, type TestTable } from '../support/table.ts'

let table: TestTable
let scan: LongScan

beforeEach(async () => {
  table = await createNearTable()
})
afterEach(async () => {
  await scan.close()
  await table.close()
})

/** Four pages; the second has none that waits. */
const pending = [0, 7, 249, 500, 501, 999]
async function start(overrides: Partial<Parameters<typeof startLongScan>[1]> = {}): Promise<LongScan> {
  scan = await startLongScan(table, {
    certificates: 1000,
    isPending: (index) => pending.includes(index),
    ...overrides,
  })
  return scan
}

const completeAt = async (): Promise<unknown> => (await scanItem())?.completeAt
async function scanItem(): Promise<Record<string, unknown> | undefined> {
  const { GetCommand } = await import('@aws-sdk/lib-dynamodb')
  const pk = `SCAN#${scan.target.account}#${scan.target.region}#${scan.target.kind}`
  return (await table.client.send(new GetCommand({ TableName: table.tableName, Key: { pk, sk: 'SCAN' } }))).Item
}

describe('a scan of a fleet', () => {
  test('finds every pending one, a part at a time, and acts on each part at once', async () => {
    await start({ outgoing: 0 })
    await scan.sweep()
    expect(await scan.open()).toEqual([0, 7, 249])
    await scan.next()
    await scan.next()
    expect(await scan.open()).toEqual([0, 7, 249, 500, 501])
    expect(await completeAt()).toBeUndefined()
    await scan.next()
    expect(await scan.open()).toEqual(pending)
    expect(await scanItem()).toMatchObject({ pending: 6 })
    expect(scan.queue).toEqual([])
    // The second page has none, so nothing had to be told from what goes out.
    expect(scan.fleet.calls).toEqual({ list: 4, outgoing: 3, describe: 6 })
  })

  test('is shown while it goes on: since when, how far, and whether anybody works on it', async () => {
    const { world, target } = await start({ outgoing: 0 })
    const places = new PlaceStore(table)
    await places.add([target], new Date(world.clock.now()))
    const shown = async (): Promise<ScanJson | undefined> =>
      scansJson(await places.list(), new Date(world.clock.now())).at(0)
    const began = new Date(world.clock.now()).toISOString()
    await scan.sweep()
    expect((await shown())?.underWay).toMatchObject({
      phase: 'listing',
      steps: 1,
      pages: 1,
      pending: 3,
      stalled: false,
    })
    expect((await shown())?.underWay?.startedAt.slice(0, 16)).toBe(began.slice(0, 16))
    await scan.next()
    expect((await shown())?.underWay).toMatchObject({ steps: 2, pages: 2, pending: 3 })

    await world.clock.advance(11 * 60_000, () => Promise.resolve())
    const stalled = (await shown())!
    expect(underWayText(stalled, new Date(world.clock.now()))).toMatch(
      /^listing for 11 minutes, 2 pages, 3 pending, 2 steps, the last \d+ minutes ago, nobody works on it: the next/,
    )
    await scan.sweep()
    await scan.drain()
    expect(await shown()).toMatchObject({ underWay: null, pending: 6 })
    await places.remove([target])
    expect(await scan.chains.get(target)).toBeUndefined()
  })

  test('keeps to its share of what the account may call', async () => {
    await start({ iotCalls: { perSecond: 10, share: 0.3 } })
    const before = scan.deps.callClock.nowMs()
    await scan.sweep()
    const seconds = (scan.deps.callClock.nowMs() - before) / 1000
    const { list, outgoing, describe: described } = scan.fleet.calls
    const calls = list + outgoing + described
    expect(calls).toBe(11)
    // Three at once, then three a second.
    expect(seconds).toBeGreaterThan((calls - 3) / 3 - 0.01)
  })

  test('takes one invocation and one write where it is small', async () => {
    await start({ certificates: 500, iotCalls: { perSecond: 10, share: 0.5 } })
    await scan.sweep()
    expect(await scan.chains.get(scan.target)).toBeUndefined()
    expect(scan.queue).toEqual([])
    expect(await completeAt()).toBeDefined()
  })

  test('does not take our own on their way out for incoming ones', async () => {
    await start({ certificates: 500, outgoing: 300, isPending: (index) => index < 300 || index === 400 })
    await scan.sweep()
    await scan.drain()
    expect(await scan.open()).toEqual([400])
    expect(scan.fleet.calls.describe).toBe(1)
  })

  test('looks after the open cases that were not listed, and reads no other again', async () => {
    await start()
    await scan.sweep()
    await scan.drain()
    scan.fleet.withdraw(501)
    scan.fleet.withdraw(0)
    const before = scan.fleet.calls.describe
    await scan.sweep()
    await scan.drain()
    // Four that are pending, and the two that are not.
    expect(scan.fleet.calls.describe - before).toBe(6)
    expect(await scan.open()).toEqual(pending)
  })

  test('leaves what takes too long of one page to the next step, and lists no page twice', async () => {
    await start({ certificates: 260, isPending: (index) => index < 70, iotCalls: { perSecond: 10, share: 0.1 } })
    await scan.sweep()
    const early = (await scan.open()).length
    expect(early).toBeGreaterThan(40)
    expect(early).toBeLessThan(70)
    await scan.drain()
    expect(await scan.open()).toHaveLength(70)
    expect(scan.fleet.markers).toEqual(['', '250'])
    expect(scan.fleet.calls.describe).toBe(70)
  })
})

describe('others', () => {
  test('whose hints came in one batch with a long step go to the end of the queue', async () => {
    await start()
    const { callClock } = scan.deps
    // One account and region: others go side by side.
    const hints = [scan.target, { ...scan.target, kind: 'iot-outgoing' }, { ...scan.target, awsId: 'f'.repeat(64) }]
    const Records = hints.map((hint, index) => ({ messageId: String(index), body: JSON.stringify(hint) }))
    // Each step takes forty seconds.
    const { open } = scan.deps
    const slowly = async (...args: Parameters<typeof open>): ReturnType<typeof open> => {
      await callClock.wait(40_000)
      return await open(...args)
    }
    const { batchItemFailures } = await followAll({ Records }, { ...scan.deps, open: slowly })
    expect(batchItemFailures).toEqual([])
    expect(scan.queue.map(({ hint }) => hint)).toMatchObject([{ chain: { step: 1 } }, { awsId: 'f'.repeat(64) }])
  })
})

describe('one chain at most', () => {
  test.each(['at once', 'one after the other'])('though every message comes twice, %s', async (how) => {
    await start()
    await scan.sweep()
    while (scan.queue.length > 0) {
      const message = scan.queue.shift()!
      scan.queue.push(message, message)
      if (how === 'at once') await Promise.all([scan.next(), scan.next()])
      else {
        await scan.next()
        await scan.next()
      }
      expect(scan.queue.length).toBeLessThanOrEqual(1)
    }
    expect(scan.fleet.markers).toEqual(['', '250', '500', '750'])
    expect(await scan.open()).toEqual(pending)
  })

  test('though two sweeps begin it at once', async () => {
    await start()
    await Promise.all([scan.sweep(), scan.sweep()])
    expect(scan.queue).toHaveLength(1)
    await scan.drain()
    expect(await scan.open()).toEqual(pending)
  })

  test('a sweep while it is on its way does nothing', async () => {
    await start()
    await scan.sweep()
    const before = { ...scan.fleet.calls }
    await scan.sweep()
    expect(scan.fleet.calls).toEqual(before)
    expect(scan.queue).toHaveLength(1)
  })

  test('a late message of an older one leads nowhere', async () => {
    await start()
    await scan.sweep()
    const late = scan.queue[0]!
    await scan.drain()
    scan.queue.push(late)
    const before = { ...scan.fleet.calls }
    await scan.drain()
    expect(scan.fleet.calls).toEqual(before)
    await scan.sweep()
    scan.queue.push(late)
    await scan.drain()
    expect(scan.fleet.calls.list).toBe(8)
  })

  test('goes on with the next sweep when its message is lost', async () => {
    await start()
    await scan.sweep()
    await scan.next()
    scan.queue.length = 0
    await scan.world.clock.advance(6 * 60_000, () => Promise.resolve())
    await scan.sweep()
    await scan.drain()
    expect(await scan.open()).toEqual(pending)
    expect(scan.fleet.markers).toEqual(['', '250', '500', '750'])
  })
})

describe('what AWS refuses', () => {
  const refuse = (name: string, when: (marker: string | undefined) => boolean): void => {
    scan.fleet.before = ({ operation, marker }) => {
      if (operation === 'list' && when(marker)) throw new AwsError(name, 'no')
    }
  }

  test('a marker: the listing begins anew', async () => {
    await start()
    await scan.sweep()
    await scan.next()
    let left = 1
    refuse('InvalidRequestException', (marker) => marker === '500' && left-- > 0)
    await scan.drain()
    expect(await scan.open()).toEqual(pending)
    expect(scan.fleet.markers).toEqual(['', '250', '', '250', '500', '750'])
    expect(await scanItem()).toMatchObject({ pending: 6 })
  })

  test('the same marker for good: the scan fails, and the next one begins', async () => {
    await start()
    refuse('InvalidRequestException', (marker) => marker === '500')
    await scan.sweep()
    await expect(scan.drain()).rejects.toThrow('InvalidRequestException')
    expect(scan.queue).toEqual([])
    expect(await completeAt()).toBeUndefined()
    scan.fleet.before = () => undefined
    await scan.sweep()
    await scan.drain()
    expect(await completeAt()).toBeDefined()
  })

  test('to be called so often: it waits, and goes on at the same place', async () => {
    await start()
    await scan.sweep()
    let left = 3
    refuse('ThrottlingException', (marker) => marker === '250' && left-- > 0)
    await scan.next()
    expect(scan.queue).toMatchObject([{ delaySeconds: 30 }])
    await scan.drain()
    expect(await scan.open()).toEqual(pending)
    expect(scan.fleet.markers.filter((marker) => marker === '')).toHaveLength(1)
    expect(await completeAt()).toBeDefined()
  })

  test('anything else: the step fails, and the next sweep goes on at the same place', async () => {
    await start()
    await scan.sweep()
    refuse('UnauthorizedException', () => true)
    await expect(scan.next()).rejects.toThrow('UnauthorizedException')
    scan.fleet.before = () => undefined
    await scan.sweep()
    await scan.drain()
    expect(await scan.open()).toEqual(pending)
    expect(scan.fleet.markers.filter((marker) => marker === '')).toHaveLength(1)
  })
})
