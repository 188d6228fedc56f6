import { paginateQuery, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { ledgerTable } from '../contract/env.ts'
import { keptTargetSchema, type Target } from '../domain/offer.ts'
import { placeId, type Place } from '../domain/place.ts'
import { chainProgressSchema } from '../domain/scan-chain.ts'
import { writeInBatches } from './batch-write.ts'
import {
  chainFollowedKey,
  chainKey,
  chainProgressKey,
  placeKey,
  scanFailureKey,
  scanIndexKeys,
  scanKey,
} from './keys.ts'

/** The sweep's own item, those of the last complete scan and the last failure, and that of a scan in several steps. */
const itemSchema = z.union([
  keptTargetSchema.extend({ since: z.string() }),
  keptTargetSchema.extend({ completeAt: z.string(), pending: z.number().int() }),
  keptTargetSchema.extend({ failedAt: z.string(), error: z.string() }),
  keptTargetSchema.extend({ underWay: chainProgressSchema.nullable() }),
])

const keysOf = [placeKey, scanKey, scanFailureKey, chainKey, chainProgressKey, chainFollowedKey]

/** Which places are swept, and how their scans go. The sweep says which; a scan writes only of itself. */
export class PlaceStore {
  readonly #deps: { client: DynamoDBDocumentClient; tableName: string }

  constructor(deps: { client: DynamoDBDocumentClient; tableName: string }) {
    this.#deps = deps
  }

  /** All that are swept, from the index: what was written just now may be missing. */
  async list(): Promise<Place[]> {
    const found = new Map<string, Partial<Place> & Target>()
    for await (const item of this.#items()) {
      const { account, region, kind } = item
      const before = found.get(placeId(item)) ?? { account, region, kind }
      found.set(placeId(item), { ...before, ...shownOf(item) })
    }
    return [...found.values()].flatMap(({ since, ...place }) => (since === undefined ? [] : [{ ...place, since }]))
  }

  async add(targets: readonly Target[], at: Date): Promise<void> {
    const since = at.toISOString()
    const items = targets.map((target) => ({ ...placeKey(target), ...target, since, ...scanIndexKeys(since) }))
    await writeInBatches(
      this.#deps,
      items.map((Item) => ({ PutRequest: { Item } })),
    )
  }

  async remove(targets: readonly Target[]): Promise<void> {
    const keys = targets.flatMap((target) => keysOf.map((key) => key(target)))
    await writeInBatches(
      this.#deps,
      keys.map((Key) => ({ DeleteRequest: { Key } })),
    )
  }

  async *#items(): AsyncIterable<z.infer<typeof itemSchema>> {
    const { statusIndex } = ledgerTable
    const pages = paginateQuery(
      { client: this.#deps.client },
      {
        TableName: this.#deps.tableName,
        IndexName: statusIndex.name,
        KeyConditionExpression: '#status = :scan',
        ExpressionAttributeNames: { '#status': statusIndex.partitionKey },
        ExpressionAttributeValues: { ':scan': scanIndexKeys('').status },
      },
    )
    for await (const page of pages) for (const item of page.Items ?? []) yield itemSchema.parse(item)
  }
}

function shownOf(item: z.infer<typeof itemSchema>): Partial<Place> {
  if ('since' in item) return { since: item.since }
  if ('completeAt' in item) return { completeAt: item.completeAt, pending: item.pending }
  if ('underWay' in item) return item.underWay === null ? {} : { underWay: item.underWay }
  return { lastFailure: { at: item.failedAt, error: item.error } }
}
