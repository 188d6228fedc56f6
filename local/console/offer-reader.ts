import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { LedgerEvent } from '../../lambda/domain/event.ts'
import type { Facts } from '../../lambda/domain/facts.ts'
import { isKind } from '../../lambda/domain/kinds.ts'
import { linkedIdOf } from '../../lambda/domain/linked-offer.ts'
import { shownFacts } from '../../lambda/domain/shown-facts.ts'
import type { Place } from '../../lambda/domain/place.ts'
import type { OfferState } from '../../lambda/domain/state.ts'
import { FactsStore } from '../../lambda/ledger/facts-store.ts'
import { Ledger } from '../../lambda/ledger/ledger.ts'
import { PlaceStore } from '../../lambda/ledger/place-store.ts'
import { offerStatusSchema, type Summary } from '../../lambda/ledger/summary.ts'
import { clientConfigOf, type LocalAws } from '../partner.ts'

/** Where the ledger is, and whose administrator reads it. */
export interface LedgerPlace extends LocalAws {
  account: string
  tableName: string
}

export interface OfferRecord {
  state: OfferState
  events: readonly LedgerEvent[]
  /** What was read last; none while the offer was not read yet. */
  facts: Facts | undefined
  /** A request and what was begun for it are two cases. */
  linked?: OfferState | undefined
}

/** Reads the ledger over the wire, as an administrator of the hub's account would. */
export class OfferReader {
  readonly #client: DynamoDBDocumentClient
  readonly #ledger: Ledger
  readonly #facts: FactsStore
  readonly #places: PlaceStore

  constructor(place: LedgerPlace) {
    const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfigOf(place, place.account)))
    const table = { client, tableName: place.tableName }
    this.#client = client
    this.#ledger = new Ledger({ ...table, now: () => new Date() })
    this.#facts = new FactsStore(table)
    this.#places = new PlaceStore(table)
  }

  /** What waits for people first, then what is open, each by its deadline; then what is closed, the latest first. */
  async list(): Promise<Summary[]> {
    const byStatus = await Promise.all(offerStatusSchema.options.map((status) => this.#summaries(status)))
    const [open = [], waiting = [], closed = []] = byStatus
    return [...waiting, ...open, ...closed.sort((a, b) => (a.changedAt < b.changedAt ? 1 : -1))]
  }

  /** Undefined for an offer that the ledger does not know. */
  async read(offerId: string): Promise<OfferRecord | undefined> {
    const { state, events } = await this.#ledger.history(offerId)
    if (state === undefined) return undefined
    const factsHash = state.round?.factsHash ?? events.findLast((event) => event.factsHash !== null)?.factsHash
    const facts = typeof factsHash === 'string' ? await this.#facts.get(offerId, factsHash) : undefined
    const shown = facts && shownFacts(facts, state)
    const linkedId = linkedIdOf({ facts, events })
    const linked = linkedId === undefined ? undefined : await this.#ledger.read(linkedId)
    return { state, events, facts: shown, linked }
  }

  /** Every account, region and kind that is swept. */
  async places(): Promise<Place[]> {
    return await this.#places.list()
  }

  close(): void {
    this.#client.destroy()
  }

  async #summaries(status: Summary['status']): Promise<Summary[]> {
    const found: Summary[] = []
    // There are no words for a kind that is answered no more.
    for await (const summary of this.#ledger.summaries(status)) if (isKind(summary.kind)) found.push(summary)
    return found
  }
}
