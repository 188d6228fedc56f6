import { AwsError } from '../../local/aws/service.ts'
import { certificateIdOf } from '../support/fleet.ts'
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

/** Of these the second cannot be read. */
const pending = [0, 7, 249, 500, 999]
async function startPoisoned(certificates: number, error: string): Promise<void> {
  scan = await startLongScan(table, {
    certificates,
    isPending: (index) => pending.includes(index),
    ...(certificates > 500 ? {} : { iotCalls: { perSecond: 10, share: 0.5 } }),
  })
  scan.fleet.before = ({ certificateId }) => {
    if (certificateId === certificateIdOf(7)) throw new AwsError(error, 'not this one')
  }
}

const followAll = async (): Promise<void> => {
  for (let steps = 0; steps < 20 && scan.queue.length > 0; steps += 1) await scan.next().catch(() => undefined)
  expect(scan.queue).toEqual([])
}

const errors = ['InvalidRequestException', 'AccessDeniedException']

describe('a certificate that cannot be read', () => {
  test.each(errors)('hides none after it, and no case that is not pending any more: %s', async (error) => {
    await startPoisoned(400, error)
    await scan.sweep()
    await followAll()
    expect(await scan.open()).toEqual([0, 249])
    scan.fleet.withdraw(0)
    const isLookedAt = jest.fn()
    const { before } = scan.fleet
    scan.fleet.before = (call) => {
      if (call.certificateId === certificateIdOf(0)) isLookedAt()
      before(call)
    }
    await scan.sweep()
    await followAll()
    expect(isLookedAt).toHaveBeenCalledTimes(1)
  })

  test.each(errors)('keeps no long scan for ever: %s', async (error) => {
    await startPoisoned(1000, error)
    await scan.sweep()
    await followAll()
    expect(await scan.open()).toEqual([0, 249, 500, 999])
    expect((await scan.chains.get(scan.target))?.phase).toBe('over')
  })
})

test.each(['InternalFailureException', 'AccessDeniedException'])(
  'a page that never comes does not keep new offers on those before it from being found: %s',
  async (error) => {
    scan = await startLongScan(table, { certificates: 1000, isPending: (index) => index === 1 })
    scan.fleet.before = ({ operation, marker }) => {
      if (operation === 'list' && marker === '500') throw new AwsError(error, 'not this page')
    }
    await scan.sweep()
    scan.fleet.offer(2)
    for (let hour = 0; hour < 24; hour += 1) {
      await followAll()
      await scan.world.clock.advance(3_600_000, () => Promise.resolve())
      await scan.sweep().catch(() => undefined)
    }
    expect(await scan.open()).toEqual([1, 2])
  },
)
