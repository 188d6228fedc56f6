import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { PutCommand, paginateQuery, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { ledgerTable } from '../contract/env.ts'
import { ledgerEventSchema, type Draft, type LedgerEvent } from '../domain/event.ts'
import type { Facts } from '../domain/facts.ts'
import type { Target } from '../domain/offer.ts'
import { applyEvent, fold, type OfferState } from '../domain/state.ts'
import { dedupeKeyOf, sealEvent, verifyChain } from './chain.ts'
import { eventKey, factsPrefix, offerPartition, openKeyOf, summaryKey } from './keys.ts'
import { factsOfItems } from './stored-facts.ts'
import { indexKeysOf, looksAlike, summaryOf, summarySchema, type OfferStatus, type Summary } from './summary.ts'

export interface LedgerDeps {
  client: DynamoDBDocumentClient
  tableName: string
  /** The clock at the edge; what is recorded is never before the last event. */
  now: () => Date
}

const openOfferSchema = z.object({ offerId: z.string(), awsId: z.string() })
export type OpenOffer = z.infer<typeof openOfferSchema>

export interface History {
  state: OfferState | undefined
  events: readonly LedgerEvent[]
}

export interface CaseWithFacts {
  state: OfferState | undefined
  factsOf: (factsHash: string) => Facts
}

/** What came of asking the ledger to record a step. */
export interface Recorded {
  /** The event on the ledger: the new one, or the one stored before under the same dedupe key. */
  event: LedgerEvent
  /** The fold that holds it. */
  state: OfferState
  events: readonly LedgerEvent[]
  now: Date
  /** True when it was there already. */
  stored: boolean
}

/**
 * Called again with a fresh fold whenever another writer was faster. `undefined`: there is nothing to record.
 * `stored` tells whether a step is on the ledger already; its event is what `record` gives back.
 */
export type Decide = (state: OfferState | undefined, now: Date, stored: StoredStep) => Draft | undefined
export type StoredStep = (step: Pick<Draft, 'run' | 'round' | 'step'>) => boolean

/** What to append, what stands already, or nothing to record. */
type Decided = { draft: Draft; now: Date } | Recorded | undefined

/** How long a stub may wait for its event before it counts as left by a dead writer: longer than any function lives. */
const stubLifeMs = 15 * 60_000

/**
 * The append-only record of every offer's events. The only write that matters is "append event n+1 if it does not exist
 * yet"; state is the fold; summaries are a cache of it.
 */
export class Ledger {
  readonly #deps: LedgerDeps
  /** What this writer has read or written last. */
  #seen: { offerId: string; history: History } | undefined

  constructor(deps: LedgerDeps) {
    this.#deps = deps
  }

  /** Every event of an offer, read consistently, its chain verified. */
  async history(offerId: string): Promise<History> {
    return this.#historyOf(offerId, await this.#items(offerId, 'EVENT#~'))
  }

  /** The fold and, of the same reading, the facts of its rounds. `factsOf` throws LedgerCorrupt when a chunk is missing. */
  async readWithFacts(offerId: string): Promise<CaseWithFacts> {
    const items = await this.#items(offerId, 'FACTS#~')
    const { state } = this.#historyOf(offerId, items.filter(isEvent))
    const factsOf = (factsHash: string): Facts => {
      const chunks = items.filter(({ sk }) => String(sk).startsWith(factsPrefix(factsHash)))
      return factsOfItems(chunks, { offerId, factsHash })
    }
    return { state, factsOf }
  }

  /** What is stored of an offer, in the order of keys: its events, then facts. */
  async #items(offerId: string, last: string): Promise<Record<string, unknown>[]> {
    const items: Record<string, unknown>[] = []
    const pages = paginateQuery(
      { client: this.#deps.client },
      {
        TableName: this.#deps.tableName,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
        ExpressionAttributeValues: { ':pk': offerPartition(offerId), ':first': 'EVENT#', ':last': last },
        ConsistentRead: true,
      },
    )
    for await (const page of pages) items.push(...(page.Items ?? []))
    return items
  }

  #historyOf(offerId: string, items: readonly Record<string, unknown>[]): History {
    const stored = items.map(withoutKey)
    verifyChain(stored)
    const events = stored.map((event) => ledgerEventSchema.parse(event))
    const history = { state: fold(events), events }
    this.#seen = { offerId, history }
    return history
  }

  /** The fold, read consistently; undefined for an offer that the ledger does not know. */
  async read(offerId: string): Promise<OfferState | undefined> {
    return (await this.history(offerId)).state
  }

  /** The time for this offer: the clock, but never before the last event. */
  timeFor(state: OfferState | undefined): Date {
    const now = this.#deps.now()
    return state !== undefined && Date.parse(state.lastAt) > now.getTime() ? new Date(state.lastAt) : now
  }

  /**
   * Records one step exactly once. A step whose dedupe key exists gives back the stored event, whatever was computed
   * now; who loses the append folds and decides again. Undefined when `decide` has nothing to record.
   */
  async record(offerId: string, decide: Decide): Promise<Recorded | undefined> {
    const early = await this.#recordOnSeen(offerId, decide)
    if (early !== undefined) return early
    for (;;) {
      const history = await this.history(offerId)
      const step = this.#decideOn(history, decide)
      if (step === undefined || 'stored' in step) return step
      const recorded = await this.#appendDraft(offerId, history, step)
      if (recorded !== undefined) return recorded
    }
  }

  /**
   * Spares a reading. Only who knows the last event can append the next, so an append that succeeds was decided on the
   * latest fold; whatever else comes of a fold that may be old is decided again on a fresh one.
   */
  async #recordOnSeen(offerId: string, decide: Decide): Promise<Recorded | undefined> {
    const seen = this.#seen
    if (seen?.offerId !== offerId) return undefined
    let step: Decided
    try {
      step = this.#decideOn(seen.history, decide)
    } catch {
      return undefined
    }
    if (step === undefined || 'stored' in step) return undefined
    return await this.#appendDraft(offerId, seen.history, step)
  }

  #decideOn({ state, events }: History, decide: Decide): Decided {
    const now = this.timeFor(state)
    const find = (key: string): LedgerEvent | undefined => events.find((event) => event.dedupeKey === key)
    const draft = decide(state, now, (step) => find(dedupeKeyOf(step)) !== undefined)
    if (draft === undefined) return undefined
    const before = find(dedupeKeyOf(draft))
    if (before === undefined || state === undefined) return { draft, now }
    return { event: before, state, events, now, stored: true }
  }

  /** Undefined when another writer was faster. */
  async #appendDraft(
    offerId: string,
    { state, events }: History,
    { draft, now }: { draft: Draft; now: Date },
  ): Promise<Recorded | undefined> {
    const event = sealEvent(offerId, draft, { last: events.at(-1), at: now })
    const next = applyEvent(state, event)
    if (event.type === 'detected' || event.type === 'reopened') await this.#writeStub(next, now)
    if (!(await this.#append(event))) return undefined
    const history = { state: next, events: [...events, event] }
    this.#seen = { offerId, history }
    await this.#writeSummaryAfter(state, next)
    return { event, ...history, now, stored: false }
  }

  async #append(event: LedgerEvent): Promise<boolean> {
    const item = { ...eventKey(event.offerId, event.seq), ...event }
    return await this.#put(item, { ConditionExpression: 'attribute_not_exists(pk)' })
  }

  /** Puts an item if the condition holds; false when it does not. */
  async #put(
    item: Record<string, unknown>,
    condition: {
      ConditionExpression: string
      ExpressionAttributeNames?: Record<string, string>
      ExpressionAttributeValues?: Record<string, unknown>
    },
  ): Promise<boolean> {
    try {
      await this.#deps.client.send(new PutCommand({ TableName: this.#deps.tableName, Item: item, ...condition }))
      return true
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false
      throw error
    }
  }

  /** Written before the event that opens a case, so that a scan finds the case whatever dies in between. */
  async #writeStub(state: OfferState, now: Date): Promise<void> {
    await this.#writeSummary(state, { stub: true, stubAtMs: now.getTime() })
  }

  async #writeSummaryAfter(before: OfferState | undefined, state: OfferState): Promise<void> {
    // What opens a case has its summary already: the stub.
    if (before?.openedSeq !== state.openedSeq || looksAlike(summaryOf(before), summaryOf(state))) return
    await this.#writeSummary(state, {})
  }

  /** Moves the summary to this fold; an older fold never replaces a newer one. */
  async #writeSummary(state: OfferState, extra: { stub?: boolean; stubAtMs?: number }): Promise<void> {
    const summary = summaryOf(state)
    await this.#put(
      { ...summaryKey(state.offerId), ...summary, ...indexKeysOf(summary), ...extra },
      {
        ConditionExpression: 'attribute_not_exists(pk) OR #seq <= :seq OR (#stub = :true AND #stubAtMs < :dead)',
        ExpressionAttributeNames: { '#seq': 'seq', '#stub': 'stub', '#stubAtMs': 'stubAtMs' },
        ExpressionAttributeValues: {
          ':seq': state.seq,
          ':true': true,
          ':dead': this.#deps.now().getTime() - stubLifeMs,
        },
      },
    )
  }

  /** Writes the summary anew from a consistent fold: for a scan that found it stale. */
  async repairSummary(state: OfferState): Promise<void> {
    await this.#writeSummary(state, {})
  }

  /**
   * Offers that the index says are open for a target, by their ids, those after `after`; each has to be confirmed by a
   * consistent fold.
   */
  async *openOffers(target: Target, after = ''): AsyncIterable<OpenOffer> {
    const { openIndex } = ledgerTable
    const pages = paginateQuery(
      { client: this.#deps.client },
      {
        TableName: this.#deps.tableName,
        IndexName: openIndex.name,
        KeyConditionExpression: '#open = :open AND #offerId > :after',
        ExpressionAttributeNames: { '#open': openIndex.partitionKey, '#offerId': openIndex.sortKey },
        // An offer id begins with its kind.
        ExpressionAttributeValues: { ':open': openKeyOf(target), ':after': after === '' ? '-' : after },
      },
    )
    for await (const page of pages) for (const item of page.Items ?? []) yield openOfferSchema.parse(item)
  }

  /** How many offers wait for people and reach their deadline by then, as the index has it. */
  async countAwaiting(until: Date): Promise<number> {
    const { statusIndex } = ledgerTable
    const awaiting: OfferStatus = 'awaiting-approval'
    const pages = paginateQuery(
      { client: this.#deps.client },
      {
        TableName: this.#deps.tableName,
        IndexName: statusIndex.name,
        KeyConditionExpression: '#status = :status AND #deadline <= :until',
        ExpressionAttributeNames: { '#status': statusIndex.partitionKey, '#deadline': statusIndex.sortKey },
        ExpressionAttributeValues: { ':status': awaiting, ':until': until.toISOString() },
        Select: 'COUNT',
      },
    )
    let count = 0
    for await (const page of pages) count += page.Count ?? 0
    return count
  }

  /** Summaries of one status, earliest deadline first. */
  async *summaries(status: OfferStatus): AsyncIterable<Summary> {
    const { statusIndex } = ledgerTable
    const pages = paginateQuery(
      { client: this.#deps.client },
      {
        TableName: this.#deps.tableName,
        IndexName: statusIndex.name,
        KeyConditionExpression: '#status = :status',
        ExpressionAttributeNames: { '#status': statusIndex.partitionKey },
        ExpressionAttributeValues: { ':status': status },
      },
    )
    for await (const page of pages) for (const item of page.Items ?? []) yield summarySchema.parse(item)
  }
}

function isEvent({ sk }: Readonly<Record<string, unknown>>): boolean {
  return String(sk).startsWith('EVENT#')
}

/** An event without the key that it is stored under. */
function withoutKey(item: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).filter(([name]) => name !== 'pk' && name !== 'sk'))
}
