import { createHash } from 'node:crypto'
import { ScanCommand } from '@aws-sdk/lib-dynamodb'
import { factsHashOf, type Facts } from '../../../lambda/domain/facts.ts'
import { offerIdOf } from '../../../lambda/domain/offer.ts'
import { ApprovalsStore } from '../../../lambda/ledger/approvals-store.ts'
import { FactsStore } from '../../../lambda/ledger/facts-store.ts'
import { aRef } from '../../support/events.ts'
import { createTestLedger, createTestTable, type TestTable } from '../../support/table.ts'

let table: TestTable
beforeAll(async () => {
  table = await createTestTable()
})
afterAll(async () => {
  await table.close()
})

function factsWith(resources: { arn: string; type: string }[]): Facts {
  return {
    decisive: { counterparty: '444455556666', organization: 'outside', resources },
    context: {},
    unknown: [],
    counterparty: '444455556666',
    offeredAt: null,
    expiresAt: null,
  }
}

/** Does not compress: like real ARNs, worse. */
function randomResources(count: number): { arn: string; type: string }[] {
  const idOf = (index: number): string => createHash('sha512').update(String(index)).digest('base64')
  return Array.from({ length: count }, (_, index) => ({
    arn: `arn:aws:ec2:us-east-1:444455556666:subnet/${idOf(index)}`,
    type: 'ec2:Subnet',
  }))
}

describe('facts', () => {
  test('of 5,000 resources come back as they were, from several chunks', async () => {
    const store = new FactsStore(table)
    const facts = factsWith(randomResources(9_000))
    await store.put('offer-1', factsHashOf(facts), facts)
    expect(await store.get('offer-1', factsHashOf(facts))).toEqual(facts)
    const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.tableName }))
    expect(Items.filter(({ sk }) => String(sk).startsWith('FACTS#')).length).toBeGreaterThan(1)
  })

  test('too large to keep are marked unknown, so that no policy accepts them', async () => {
    const store = new FactsStore(table)
    const facts = factsWith(randomResources(60_000))
    await store.put('offer-2', 'f'.repeat(64), facts)
    const kept = await store.get('offer-2', 'f'.repeat(64))
    expect(kept.unknown).toEqual(['resources'])
    expect(kept.decisive.counterparty).toBe('444455556666')
  })

  test('that are not there are an error, not empty', async () => {
    await expect(new FactsStore(table).get('offer-3', 'e'.repeat(64))).rejects.toMatchObject({ name: 'LedgerCorrupt' })
  })
})

describe('a case and its facts, in one read', () => {
  test('are the fold, and the facts of each round', async () => {
    const ledger = createTestLedger(table, { now: new Date('2026-11-20T10:00:00Z') })
    const store = new FactsStore(table)
    const ref = aRef({ awsId: 'with-facts' })
    const offerId = offerIdOf(ref)
    const large = factsWith(randomResources(9_000))
    const small = factsWith([])
    for (const facts of [large, small]) await store.put(offerId, factsHashOf(facts), facts)
    const detected = { type: 'detected' as const, actor: 'scan', run: 1, round: 0, factsHash: null, step: 'detected' }
    await ledger.record(offerId, () => ({ ...detected, data: { ref, counterparty: null } }))
    const { state, factsOf } = await ledger.readWithFacts(offerId)
    expect(state).toEqual(await ledger.read(offerId))
    expect(state?.seq).toBe(1)
    expect(factsOf(factsHashOf(large))).toEqual(large)
    expect(factsOf(factsHashOf(small))).toEqual(small)
    expect(() => factsOf('e'.repeat(64))).toThrow('expected 1 chunks')
  })
})

describe('the waiting task', () => {
  test('is replaced by a newer try or run only', async () => {
    const store = new ApprovalsStore(table)
    const ask = { token: 'one', run: 1, try: 1000, round: 1 }
    expect(await store.putAsk('offer-1', ask)).toBe(true)
    expect(await store.putAsk('offer-1', { ...ask, token: 'old', try: 999 })).toBe(false)
    expect(await store.putAsk('offer-1', { ...ask, token: 'two', try: 1001 })).toBe(true)
    expect(await store.putAsk('offer-1', { ...ask, token: 'three', run: 2, try: 0 })).toBe(true)
    expect(await store.putAsk('offer-1', { ...ask, token: 'zombie', try: 9000 })).toBe(false)
    expect((await store.getAsk('offer-1'))?.token).toBe('three')
  })
})

describe('a personal link', () => {
  test('is stored under the hash of its token, never the token', async () => {
    const store = new ApprovalsStore(table)
    const token = 'T'.repeat(43)
    await store.putLink(token, { offerId: 'offer-1', approver: 'alice', round: 1, expiresAtMs: 5, ttl: 6 })
    expect(await store.getLink(token)).toMatchObject({ approver: 'alice' })
    expect(await store.getLink('t'.repeat(43))).toBeUndefined()
    const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.tableName }))
    expect(JSON.stringify(Items)).not.toContain(token)
  })
})
