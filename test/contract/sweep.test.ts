import { SQSClient } from '@aws-sdk/client-sqs'
import { ScanCommand } from '@aws-sdk/lib-dynamodb'
import type { Hint } from '../../lambda/contract/states.ts'
import { censusLifeMs, type CensusEntry, type Governance } from '../../lambda/domain/governed.ts'
import { offerKinds } from '../../lambda/domain/offer.ts'
import { createGoverned } from '../../lambda/governed.ts'
import { sweep, type SweepDeps } from '../../lambda/handlers/sweep.handler.ts'
import { CensusReader } from '../../lambda/ledger/census-reader.ts'
import { CensusStore } from '../../lambda/ledger/census-store.ts'
import { createHintQueue } from '../../lambda/notify/hint-queue.ts'
import { createTestTable, type TestTable } from '../support/table.ts'

const hub = '111111111111'
const [root, workloads] = ['r-ab12', 'ou-ab12-workloads']
const memberOf = (index: number): string => String(200_000_000_000 + index)
type Found = Omit<CensusEntry, 'since'>
const found = (account: string, path = [workloads, root]): Found => ({ account, name: `name of ${account}`, path })

let table: TestTable
beforeEach(async () => {
  table = await createTestTable()
})
afterEach(() => table.close())

const clock = { now: new Date('2026-11-20T12:00:00Z') }
beforeEach(() => {
  clock.now = new Date('2026-11-20T12:00:00Z')
})
function later(ms: number): void {
  clock.now = new Date(clock.now.getTime() + ms)
}

function rulesOf(overrides: Partial<Governance> = {}): Governance {
  return {
    hubAccount: hub,
    hubRegion: 'us-east-1',
    globalKinds: ['iam-delegation'],
    targets: {
      ous: [workloads],
      only: null,
      except: [],
      regions: ['eu-west-1', 'eu-central-1'],
      managementAccount: null,
    },
    kinds: { default: [...offerKinds], ous: {}, accounts: {} },
    ...overrides,
  }
}

interface Swept {
  hints: Hint[]
  batches: number[]
  deps: SweepDeps
}

function aSweep(overrides: Partial<SweepDeps> = {}): Swept {
  const hints: Hint[] = []
  const batches: number[] = []
  const queue = {
    send: async (some: readonly Hint[]): Promise<void> => {
      batches.push(some.length)
      hints.push(...some)
    },
    later: async (): Promise<void> => undefined,
  }
  const deps = {
    rules: rulesOf(),
    census: new CensusStore(table),
    list: async () => [found(memberOf(1)), found(memberOf(2))],
    queue,
    countDueSoon: async () => 0,
    now: () => clock.now,
    ...overrides,
  }
  return { hints, batches, deps }
}

function governs(account: string, rules = rulesOf()): () => Promise<boolean> {
  const reader = new CensusReader(table)
  const ask = createGoverned({ rules, find: (one) => reader.find(one), now: () => clock.now })
  return () => ask({ kind: 'ram-invitation', account, region: 'eu-west-1' })
}

const failing = (): Promise<never> =>
  Promise.reject(Object.assign(new Error('slow down'), { name: 'ServiceThrottled' }))

describe('a sweep', () => {
  test('asks for every account, region and kind', async () => {
    const { deps, hints } = aSweep()
    expect(await sweep(deps)).toEqual({ accounts: 3, targets: 21, hints: 21, dueSoon: 0 })
    expect(hints).toContainEqual({ kind: 'iot-transfer', account: memberOf(2), region: 'eu-central-1' })
    expect(new Set(hints.map((hint) => JSON.stringify(hint))).size).toBe(21)
  })

  test('of the hub alone asks nobody', async () => {
    const { deps, hints } = aSweep({ rules: rulesOf({ targets: null }), list: failing })
    await sweep(deps)
    expect(hints).toHaveLength(4)
    expect((await table.client.send(new ScanCommand({ TableName: table.tableName }))).Items).toEqual([])
  })

  test('of 500 accounts and 4 regions sends 6,500 hints, ten a call, from one listing', async () => {
    let listings = 0
    const regions = ['eu-west-1', 'eu-central-1', 'us-east-1', 'us-west-2']
    const targets = { ous: [root], only: null, except: [], regions, managementAccount: null }
    const list = async (): Promise<Found[]> => {
      listings += 1
      return Array.from({ length: 499 }, (_, index) => found(memberOf(index)))
    }
    const { deps, hints, batches } = aSweep({ rules: rulesOf({ targets }), list })
    expect(await sweep(deps)).toMatchObject({ accounts: 500, targets: 6500 })
    expect(new Set(hints.map((hint) => JSON.stringify(hint))).size).toBe(6500)
    expect(batches).toEqual(Array.from({ length: 650 }, () => 10))
    expect(listings).toBe(1)
  })

  test('covers a new account at once, though a worker has just refused it', async () => {
    const { deps } = aSweep({ list: async () => [found(memberOf(1))] })
    await sweep(deps)
    const isGoverned = governs(memberOf(2))
    expect(await isGoverned()).toBe(false)
    await sweep(aSweep().deps)
    expect(await isGoverned()).toBe(true)
  })

  test('lets an account go that left, within five minutes', async () => {
    await sweep(aSweep().deps)
    const isGoverned = governs(memberOf(2))
    expect(await isGoverned()).toBe(true)
    await sweep(aSweep({ list: async () => [found(memberOf(1))] }).deps)
    later(5 * 60_000)
    expect(await isGoverned()).toBe(false)
    expect(await governs(memberOf(1))()).toBe(true)
  })

  test('that cannot list works from the last census, for a day', async () => {
    await sweep(aSweep().deps)
    later(censusLifeMs - 1)
    expect(await sweep(aSweep({ list: failing }).deps)).toMatchObject({ accounts: 3 })
    expect(await governs(memberOf(1))()).toBe(true)
    later(1)
    expect(await sweep(aSweep({ list: failing }).deps)).toMatchObject({ accounts: 1 })
    expect(await governs(memberOf(1))()).toBe(false)
  })

  test('keeps the day on which an account was first found, and writes what changed', async () => {
    await sweep(aSweep().deps)
    later(3_600_000)
    const moved = found(memberOf(2), [root])
    await sweep(aSweep({ list: async () => [found(memberOf(1)), moved, found(memberOf(3))] }).deps)
    expect(await new CensusStore(table).read()).toEqual({
      at: '2026-11-20T13:00:00.000Z',
      entries: [
        { ...found(memberOf(1)), since: '2026-11-20T12:00:00.000Z' },
        { ...moved, since: '2026-11-20T12:00:00.000Z' },
        { ...found(memberOf(3)), since: '2026-11-20T13:00:00.000Z' },
      ],
    })
  })
})

describe('hints that SQS does not take', () => {
  function queueThatFails(times: number): { sent: string[][]; send: () => Promise<void> } {
    const sqs = new SQSClient({ region: 'us-east-1' })
    const sent: string[][] = []
    sqs.middlewareStack.add(
      () => async (args) => {
        const { Entries } = args.input as { Entries: { Id: string }[] }
        sent.push(Entries.map(({ Id }) => Id))
        const Failed = sent.length > times ? [] : [{ Id: '1', SenderFault: false, Code: 'Throttled' }]
        return { response: {}, output: { $metadata: {}, Failed } }
      },
      { step: 'serialize', priority: 'high' },
    )
    const queue = createHintQueue({ sqs, queueUrl: 'https://sqs.us-east-1.amazonaws.com/111111111111/hints' })
    return { sent, send: () => queue.send([{ offerId: 'a' }, { offerId: 'b' }]) }
  }

  test('are sent again, without the others', async () => {
    const { sent, send } = queueThatFails(2)
    await send()
    expect(sent).toEqual([['0', '1'], ['1'], ['1']])
  })

  test('fail the sweep in the end', async () => {
    await expect(queueThatFails(9).send()).rejects.toMatchObject({ name: 'ServiceUnavailable' })
  })
})
