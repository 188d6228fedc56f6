import { createHash } from 'node:crypto'
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { Draft } from '../../../lambda/domain/event.ts'
import { canonicalJson, jsonSchema } from '../../../lambda/domain/json.ts'
import { offerIdOf } from '../../../lambda/domain/offer.ts'
import type { OfferState } from '../../../lambda/domain/state.ts'
import { eventKey, summaryKey } from '../../../lambda/ledger/keys.ts'
import type { Ledger } from '../../../lambda/ledger/ledger.ts'
import { aJudged, aRef, hashA } from '../../support/events.ts'
import { createTestLedger, createTestTable, type TestTable } from '../../support/table.ts'

let table: TestTable
let ledger: Ledger
const clock = { now: new Date('2026-11-20T10:00:00Z') }
let count = 0

beforeAll(async () => {
  table = await createTestTable()
  ledger = createTestLedger(table, clock)
})
afterAll(async () => {
  await table.close()
})

/** A new offer for each test: the table is shared. */
async function detect(): Promise<{ offerId: string; ref: ReturnType<typeof aRef> }> {
  count += 1
  const ref = aRef({ awsId: `offer-${count}` })
  const offerId = offerIdOf(ref)
  await ledger.record(offerId, (state) => (state === undefined ? detectedDraft(ref) : undefined))
  return { offerId, ref }
}

function detectedDraft(ref: ReturnType<typeof aRef>): Draft {
  return {
    type: 'detected',
    actor: 'scan',
    run: 1,
    round: 0,
    factsHash: null,
    step: 'detected',
    data: { ref, counterparty: null },
  }
}

function inspectedDraft(round = 1): Draft {
  const data = { cause: 'first' as const, counterparty: '444455556666', offeredAt: null, expiresAt: null, unknown: [] }
  return { type: 'inspected', actor: 'workflow', run: 1, round, factsHash: hashA, step: 'inspected', data }
}

function judgedDraft(verdict: 'accept' | 'reject' | 'review'): Draft {
  return {
    type: 'judged',
    actor: 'workflow',
    run: 1,
    round: 1,
    factsHash: hashA,
    step: 'judged',
    data: aJudged({ verdict }),
  }
}

function closedDraft(): Draft {
  const data = { outcome: 'OBSERVED' as const, finding: 'observed' as const }
  return { type: 'closed', actor: 'workflow', run: 1, round: 1, factsHash: hashA, step: 'closed', data }
}

async function openIds(): Promise<string[]> {
  const ids: string[] = []
  for await (const { offerId } of ledger.openOffers(aRef())) ids.push(offerId)
  return ids
}

describe('record', () => {
  test('appends in order, each event chained to the one before', async () => {
    const { offerId } = await detect()
    await ledger.record(offerId, () => inspectedDraft())
    const { events } = await ledger.history(offerId)
    expect(events.map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'detected'],
      [2, 'inspected'],
    ])
    expect(events[1]?.prevHash).toBe(events[0]?.hash)
  })

  test('a repeated step gives back the stored event, not what was computed now', async () => {
    const { offerId } = await detect()
    await ledger.record(offerId, () => inspectedDraft())
    await ledger.record(offerId, () => judgedDraft('accept'))
    const again = await ledger.record(offerId, () => judgedDraft('reject'))
    expect(again).toMatchObject({ stored: true, event: { data: { verdict: 'accept' } } })
    expect((await ledger.history(offerId)).events).toHaveLength(3)
  })

  test('two writers at once: one wins, the other decides again on the new fold', async () => {
    const { offerId } = await detect()
    await ledger.record(offerId, () => inspectedDraft())
    const seen: number[] = []
    const close = (state: OfferState | undefined): Draft | undefined => {
      seen.push(state?.seq ?? 0)
      return state?.status === 'open' ? closedDraft() : undefined
    }
    const both = await Promise.all([ledger.record(offerId, close), ledger.record(offerId, close)])
    expect(both.filter((recorded) => recorded !== undefined)).toHaveLength(1)
    expect(seen.sort()).toEqual([2, 2, 3])
    expect((await ledger.history(offerId)).events.filter(({ type }) => type === 'closed')).toHaveLength(1)
  })

  describe('a writer that has read before another wrote', () => {
    async function readThenOvertaken(): Promise<{ offerId: string; late: Ledger }> {
      const { offerId } = await detect()
      const late = createTestLedger(table, clock)
      await late.read(offerId)
      await ledger.record(offerId, () => inspectedDraft())
      return { offerId, late }
    }

    test('decides again on what is there now', async () => {
      const { offerId, late } = await readThenOvertaken()
      const seen: (number | undefined)[] = []
      const recorded = await late.record(offerId, (state) => {
        seen.push(state?.seq)
        return judgedDraft('accept')
      })
      expect(seen).toEqual([1, 2])
      expect(recorded?.event.seq).toBe(3)
    })

    test('finds what the other has stored', async () => {
      const { offerId, late } = await readThenOvertaken()
      const recorded = await late.record(offerId, () => inspectedDraft())
      expect(recorded).toMatchObject({ stored: true, event: { seq: 2 } })
    })

    test('has nothing to record, or fails, only by what is there now', async () => {
      const nothing = await readThenOvertaken()
      const byNothing = await nothing.late.record(nothing.offerId, (state) =>
        state?.seq === 2 ? judgedDraft('accept') : undefined,
      )
      const failing = await readThenOvertaken()
      const byFailing = await failing.late.record(failing.offerId, (state) => {
        if (state?.seq !== 2) throw new Error('too early')
        return judgedDraft('accept')
      })
      expect([byNothing?.event.seq, byFailing?.event.seq]).toEqual([3, 3])
    })
  })

  test('twenty writers of different steps all land, without a gap', async () => {
    const { offerId } = await detect()
    await ledger.record(offerId, () => inspectedDraft())
    const draft = (n: number): Draft => ({ ...judgedDraft('review'), step: `judged:${n}` })
    await Promise.all(Array.from({ length: 20 }, (_, n) => ledger.record(offerId, () => draft(n))))
    const { events } = await ledger.history(offerId)
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 22 }, (_, index) => index + 1))
  })

  test('time never runs backwards for an offer', async () => {
    const { offerId } = await detect()
    clock.now = new Date('2026-11-20T09:00:00Z')
    const recorded = await ledger.record(offerId, () => inspectedDraft())
    clock.now = new Date('2026-11-20T10:00:00Z')
    expect(recorded?.event.at).toBe('2026-11-20T10:00:00.000Z')
  })

  test('an event changed behind our back is noticed', async () => {
    const { offerId } = await detect()
    await table.client.send(
      new UpdateCommand({
        TableName: table.tableName,
        Key: eventKey(offerId, 1),
        UpdateExpression: 'SET actor = :actor',
        ExpressionAttributeValues: { ':actor': 'mallory' },
      }),
    )
    await expect(ledger.read(offerId)).rejects.toMatchObject({ name: 'LedgerCorrupt' })
  })

  test('what a newer version wrote beside the known fields is passed over, and is part of the chain', async () => {
    const { offerId } = await detect()
    const [event] = (await ledger.history(offerId)).events
    const { hash, ...unsealed } = { ...event!, data: { ...event!.data, later: 'a field of the next version' } }
    const resealed = createHash('sha256')
      .update(canonicalJson(jsonSchema.parse(unsealed)))
      .digest('hex')
    const put = (item: object): Promise<unknown> =>
      table.client.send(new PutCommand({ TableName: table.tableName, Item: { ...eventKey(offerId, 1), ...item } }))
    await put({ ...unsealed, hash: resealed })
    expect(await ledger.read(offerId)).toMatchObject({ seq: 1, lastHash: resealed })
    await put({ ...unsealed, data: { ...unsealed.data, later: 'changed' }, hash: resealed })
    await expect(ledger.read(offerId)).rejects.toMatchObject({ name: 'LedgerCorrupt' })
    expect(hash).not.toBe(resealed)
  })
})

describe('the open index', () => {
  test('holds an offer from before its first event until it is closed', async () => {
    const { offerId } = await detect()
    expect(await openIds()).toContain(offerId)
    await ledger.record(offerId, () => closedDraft())
    expect(await openIds()).not.toContain(offerId)
  })

  test('a stub is there even if its writer died before the event', async () => {
    const ref = aRef({ awsId: 'died-early' })
    const dying = createTestLedger({ ...table, client: dyingAfter(table, 1) }, clock)
    await expect(dying.record(offerIdOf(ref), () => detectedDraft(ref))).rejects.toThrow('died')
    expect(await openIds()).toContain(offerIdOf(ref))
    expect(await ledger.read(offerIdOf(ref))).toBeUndefined()
  })

  test('a reopened case is there by its stub alone: nothing is written after the event', async () => {
    const { offerId } = await detect()
    await ledger.record(offerId, () => closedDraft())
    const dying = createTestLedger({ ...table, client: dyingAfter(table, 2) }, clock)
    const reopened: Draft = {
      type: 'reopened',
      actor: 'scan',
      run: 2,
      round: 0,
      factsHash: null,
      step: 'reopened',
      data: { why: 'policy', alarm: false },
    }
    await dying.record(offerId, () => reopened)
    expect((await ledger.read(offerId))?.status).toBe('open')
    expect(await openIds()).toContain(offerId)
  })

  test('a summary that missed the closing is written anew from the fold', async () => {
    const { offerId } = await detect()
    const dying = createTestLedger({ ...table, client: dyingAfter(table, 1) }, clock)
    await expect(dying.record(offerId, () => closedDraft())).rejects.toThrow('died')
    expect(await openIds()).toContain(offerId)
    await ledger.repairSummary((await ledger.read(offerId))!)
    expect(await openIds()).not.toContain(offerId)
  })

  test('an older fold never replaces a newer one', async () => {
    const { offerId } = await detect()
    const old = (await ledger.read(offerId))!
    await ledger.record(offerId, () => closedDraft())
    await ledger.repairSummary(old)
    expect(await openIds()).not.toContain(offerId)
  })

  test('a stub is replaced by the fold before it only when its writer is surely dead', async () => {
    const { offerId } = await detect()
    const closed = (await ledger.record(offerId, () => closedDraft()))!.state
    const stub = { ...summaryKey(offerId), offerId, seq: closed.seq + 1, stub: true, stubAtMs: clock.now.getTime() }
    await table.client.send(new PutCommand({ TableName: table.tableName, Item: stub }))
    await ledger.repairSummary(closed)
    expect(await summaryOf(offerId)).toMatchObject({ stub: true })
    clock.now = new Date(clock.now.getTime() + 16 * 60_000)
    await ledger.repairSummary(closed)
    expect(await summaryOf(offerId)).toMatchObject({ seq: closed.seq, status: 'closed' })
  })
})

describe('what a list shows of a verdict', () => {
  const failedDraft: Draft = {
    type: 'failed',
    actor: 'workflow',
    run: 1,
    round: 1,
    factsHash: hashA,
    step: 'failed',
    data: { error: 'Boom', detail: '' },
  }

  test('is what comes of it, where policy answers at once', async () => {
    const { offerId } = await detect()
    await ledger.record(offerId, () => inspectedDraft())
    await ledger.record(offerId, () => judgedDraft('accept'))
    expect(await summaryOf(offerId)).toMatchObject({ seq: 1, verdict: null })
    await ledger.record(offerId, () => closedDraft())
    expect(await summaryOf(offerId)).toMatchObject({ seq: 4, verdict: 'accept', outcome: 'OBSERVED' })
  })

  test('is the verdict, where that could not be carried out', async () => {
    const { offerId } = await detect()
    await ledger.record(offerId, () => inspectedDraft())
    await ledger.record(offerId, () => judgedDraft('reject'))
    await ledger.record(offerId, () => failedDraft)
    expect(await summaryOf(offerId)).toMatchObject({ seq: 4, verdict: 'reject', counterparty: '444455556666' })
  })

  test('is the verdict, where people answer', async () => {
    const { offerId } = await detect()
    await ledger.record(offerId, () => inspectedDraft())
    await ledger.record(offerId, () => judgedDraft('review'))
    expect(await summaryOf(offerId)).toMatchObject({ seq: 3, verdict: 'review' })
  })
})

async function summaryOf(offerId: string): Promise<unknown> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.tableName, Key: summaryKey(offerId), ConsistentRead: true }),
  )
  return Item
}

/** A client whose process dies after so many writes. */
function dyingAfter({ client }: TestTable, writes: number): TestTable['client'] {
  let left = writes
  return new Proxy(client, {
    get: (target, name) => {
      if (name !== 'send') return Reflect.get(target, name) as unknown
      return async (command: unknown) => {
        if (command instanceof PutCommand && left-- === 0) throw new Error('died')
        return await target.send(command as PutCommand)
      }
    },
  })
}
