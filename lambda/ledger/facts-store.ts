import { gzipSync } from 'node:zlib'
import { PutCommand, paginateQuery, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Facts } from '../domain/facts.ts'
import { factsKey, factsPrefix, offerPartition } from './keys.ts'
import { factsOfItems } from './stored-facts.ts'

/** A DynamoDB item holds 400 kB; 5,000 resources do not fit one. */
const chunkBytes = 300_000
/** More than this (3 MB gzipped) is not kept whole: such an offer goes to people. */
const mostChunks = 10

/** The facts of each round, gzipped, in chunks, under their hash. Writing the same facts twice changes nothing. */
export class FactsStore {
  readonly #client: DynamoDBDocumentClient
  readonly #tableName: string

  constructor(deps: { client: DynamoDBDocumentClient; tableName: string }) {
    this.#client = deps.client
    this.#tableName = deps.tableName
  }

  async put(offerId: string, factsHash: string, facts: Facts): Promise<void> {
    const chunks = chunksOf(facts)
    for (const [index, bytes] of chunks.entries()) {
      const item = { ...factsKey(offerId, factsHash, index), of: chunks.length, bytes }
      await this.#client.send(new PutCommand({ TableName: this.#tableName, Item: item }))
    }
  }

  /** Throws LedgerCorrupt when a chunk is missing. */
  async get(offerId: string, factsHash: string): Promise<Facts> {
    const items: Record<string, unknown>[] = []
    const pages = paginateQuery(
      { client: this.#client },
      {
        TableName: this.#tableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :facts)',
        ExpressionAttributeValues: { ':pk': offerPartition(offerId), ':facts': factsPrefix(factsHash) },
        ConsistentRead: true,
      },
    )
    for await (const page of pages) items.push(...(page.Items ?? []))
    return factsOfItems(items, { offerId, factsHash })
  }
}

function chunksOf(facts: Facts): Buffer[] {
  const whole = gzipSync(JSON.stringify(facts))
  const kept = whole.length <= chunkBytes * mostChunks ? whole : gzipSync(JSON.stringify(withoutLists(facts)))
  return Array.from({ length: Math.ceil(kept.length / chunkBytes) }, (_, index) =>
    kept.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  )
}

/** Keeps what is small and marks the rest unknown, so that no policy accepts what it has not seen. */
function withoutLists(facts: Facts): Facts {
  const small = Object.entries(facts.decisive).filter(([, value]) => JSON.stringify(value).length <= 4_096)
  const left = Object.keys(facts.decisive).filter((name) => !small.some(([kept]) => kept === name))
  return {
    ...facts,
    decisive: Object.fromEntries(small),
    context: {},
    unknown: [...new Set([...facts.unknown, ...left])],
  }
}
