import { SQSClient } from '@aws-sdk/client-sqs'
import { UpdateCommand, type BatchWriteCommand } from '@aws-sdk/lib-dynamodb'
import type { Hint } from '../../lambda/contract/states.ts'
import { censusLifeMs, type CensusEntry, type Governance } from '../../lambda/domain/governed.ts'
import { kindNames } from '../../lambda/domain/kinds.ts'
import { offerIdOf, targetSchema } from '../../lambda/domain/offer.ts'
import { placeId } from '../../lambda/domain/place.ts'
import { createGoverned } from '../../lambda/governed.ts'
import { logger } from '../../lambda/handlers/serve.ts'
import { sweep, type SweepDeps } from '../../lambda/handlers/sweep.handler.ts'
import { CensusReader } from '../../lambda/ledger/census-reader.ts'
import { CensusStore } from '../../lambda/ledger/census-store.ts'
import { censusKey, summaryKey } from '../../lambda/ledger/keys.ts'
import { PlaceStore } from '../../lambda/ledger/place-store.ts'
import { ScanStore } from '../../lambda/ledger/scan-store.ts'
import { createHintQueue } from '../../lambda/notify/hint-queue.ts'
import { aRef } from '../support/events.ts'
import { createTestLedger, createTestTable, type TestTable } from '../support/table.ts'

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
    kinds: { default: kindNames(), ous: {}, accounts: {} },
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
    ledger: createTestLedger(table, clock),
    places: new PlaceStore(table),
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
    expect(await sweep(deps)).toMatchObject({ accounts: 3, targets: 27, hints: 27, dueSoon: 0 })
    expect(hints).toContainEqual({ kind: 'iot-transfer', account: memberOf(2), region: 'eu-central-1' })
    expect(new Set(hints.map((hint) => JSON.stringify(hint))).size).toBe(27)
  })

  test('of the hub alone asks nobody', async () => {
    const { deps, hints } = aSweep({ rules: rulesOf({ targets: null }), list: failing })
    await sweep(deps)
    expect(hints).toHaveLength(5)
    expect(await new CensusStore(table).read()).toBeUndefined()
  })

  test('of 500 accounts and 4 regions sends each hint once, ten a call, from one listing', async () => {
    let listings = 0
    const regions = ['eu-west-1', 'eu-central-1', 'us-east-1', 'us-west-2']
    const targets = { ous: [root], only: null, except: [], regions, managementAccount: null }
    const list = async (): Promise<Found[]> => {
      listings += 1
      return Array.from({ length: 499 }, (_, index) => found(memberOf(index)))
    }
    const { deps, hints, batches } = aSweep({
      rules: rulesOf({ targets, kinds: { default: ['iot-outgoing'], ous: {}, accounts: {} } }),
      list,
    })
    expect(await sweep(deps)).toMatchObject({ accounts: 500, targets: 2000 })
    expect(new Set(hints.map((hint) => JSON.stringify(hint))).size).toBe(2000)
    expect(batches).toEqual(Array.from({ length: 200 }, () => 10))
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

  test('that dies with its first census half written governs nobody, and leaves nobody behind', async () => {
    const dies = Object.assign(Object.create(table.client) as typeof table.client, {
      send: async (command: BatchWriteCommand) => {
        if (JSON.stringify(command.input).includes(censusKey().sk)) throw new Error('died')
        return await table.client.send(command)
      },
    })
    const store = new CensusStore({ ...table, client: dies })
    const all = [found(memberOf(1)), found(memberOf(2))].map((entry) => ({ ...entry, since: clock.now.toISOString() }))
    await expect(store.replace(undefined, { at: clock.now.toISOString(), entries: all })).rejects.toThrow('died')
    expect(await governs(memberOf(1))()).toBe(false)
    // One of them leaves before the next sweep.
    await sweep(aSweep({ list: async () => [found(memberOf(2))] }).deps)
    expect(await governs(memberOf(2))()).toBe(true)
    expect(await governs(memberOf(1))()).toBe(false)
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

describe('how scans go', () => {
  const target = { kind: 'iot-transfer', account: memberOf(1), region: 'eu-west-1' } as const
  const minutes = 60_000

  async function completeAll(but?: string): Promise<void> {
    for (const place of (await new PlaceStore(table).list()).filter(({ account }) => account !== but))
      await new ScanStore(table).putComplete(targetSchema.parse(place), { at: clock.now, pending: 2 })
  }

  test('is said by the place that waits longest, be it one that was never listed', async () => {
    expect(await sweep(aSweep().deps)).toMatchObject({ oldestScanSeconds: 0, failing: 0 })
    later(15 * minutes)
    await completeAll()
    later(5 * minutes)
    expect(await sweep(aSweep().deps)).toMatchObject({ oldestScanSeconds: 5 * 60 })
    await sweep(aSweep({ list: async () => [1, 2, 3].map((one) => found(memberOf(one))) }).deps)
    later(10 * minutes)
    await completeAll(memberOf(3))
    expect(await sweep(aSweep({ list: failing }).deps)).toMatchObject({ oldestScanSeconds: 10 * 60 })
  })

  test('is known of each place', async () => {
    await sweep(aSweep().deps)
    later(minutes)
    await new ScanStore(table).putComplete(target, { at: clock.now, pending: 2 })
    later(minutes)
    await new ScanStore(table).putFailure(target, { at: clock.now, error: 'AccessRefused: no' })
    expect((await new PlaceStore(table).list()).find((place) => placeId(place) === placeId(target))).toEqual({
      ...target,
      since: '2026-11-20T12:00:00.000Z',
      completeAt: '2026-11-20T12:01:00.000Z',
      pending: 2,
      lastFailure: { at: '2026-11-20T12:02:00.000Z', error: 'AccessRefused: no' },
    })
    expect(await sweep(aSweep().deps)).toMatchObject({ failing: 1 })
    later(minutes)
    await new ScanStore(table).putComplete(target, { at: clock.now, pending: 0 })
    expect(await sweep(aSweep().deps)).toMatchObject({ failing: 0 })
  })

  test('matters no more where an account left, but does while it only could not be listed', async () => {
    await sweep(aSweep().deps)
    later(censusLifeMs)
    expect(await sweep(aSweep({ list: failing }).deps)).toMatchObject({ accounts: 1, oldestScanSeconds: 86_400 })
    const one = async (): Promise<Found[]> => [found(memberOf(1))]
    await sweep(aSweep({ list: one }).deps)
    const accounts = (await new PlaceStore(table).list()).map(({ account }) => account)
    expect([...new Set(accounts)].sort()).toEqual([hub, memberOf(1)])
  })

  test('and a case that is open where an account left is reported by each sweep', async () => {
    await sweep(aSweep().deps)
    const ref = { ...aRef(), account: memberOf(2), region: 'eu-west-1' }
    const detected = { type: 'detected', actor: 'scan', run: 1, round: 0, factsHash: null, step: 'detected' } as const
    await createTestLedger(table, clock).record(offerIdOf(ref), () => ({
      ...detected,
      data: { ref, counterparty: null },
    }))
    const said = jest.spyOn(logger, 'error').mockImplementation(() => undefined)
    await sweep(aSweep().deps)
    expect(said).not.toHaveBeenCalled()
    await sweep(aSweep({ list: async () => [found(memberOf(1))] }).deps)
    expect(said).toHaveBeenCalledWith('open cases are in a place that is not governed any more', {
      account: memberOf(2),
      region: 'eu-west-1',
      kind: ref.kind,
      cases: 1,
      offerIds: [offerIdOf(ref)],
    })
  })
})

test('a kind whose folder was removed is swept no more, and its open cases are reported', async () => {
  const ref = { ...aRef(), account: hub, region: 'us-east-1' }
  const offerId = offerIdOf(ref)
  const detected = { type: 'detected', actor: 'scan', run: 1, round: 0, factsHash: null, step: 'detected' } as const
  await createTestLedger(table, clock).record(offerId, () => ({ ...detected, data: { ref, counterparty: null } }))
  const kind = 'vpc-peering'
  const removed = { kind, account: hub, region: 'us-east-1' }
  await new PlaceStore(table).add([removed], clock.now)
  await new ScanStore(table).putComplete(removed, { at: clock.now, pending: 1 })
  const change = { UpdateExpression: 'SET kind = :kind', ExpressionAttributeValues: { ':kind': kind } }
  await table.client.send(new UpdateCommand({ TableName: table.tableName, Key: summaryKey(offerId), ...change }))
  const said = jest.spyOn(logger, 'error').mockImplementation(() => undefined)
  expect(await sweep(aSweep().deps)).toMatchObject({ targets: 27 })
  const where = 'open cases are in a place that is not governed any more'
  expect(said).toHaveBeenCalledWith(where, { ...removed, cases: 1, offerIds: [offerId] })
  expect((await new PlaceStore(table).list()).map((place) => place.kind)).not.toContain(kind)
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
