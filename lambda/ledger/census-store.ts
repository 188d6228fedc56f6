import { isDeepStrictEqual } from 'node:util'
import { paginateQuery, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Census, CensusEntry } from '../domain/governed.ts'
import { writeInBatches } from './batch-write.ts'
import { censusEntrySchema, censusMarkSchema } from './census-reader.ts'
import { censusAccountKey, censusKey, censusPartition } from './keys.ts'

/** The organization's accounts, as the last sweep found them. Only the sweep writes, and only the sweep reads all. */
export class CensusStore {
  readonly #deps: { client: DynamoDBDocumentClient; tableName: string }

  constructor(deps: { client: DynamoDBDocumentClient; tableName: string }) {
    this.#deps = deps
  }

  /** Undefined before the first listing was complete. */
  async read(): Promise<Census | undefined> {
    const { at, entries } = await this.#readAll()
    return at === undefined ? undefined : { at, entries }
  }

  async #readAll(): Promise<{ at: string | undefined; entries: CensusEntry[] }> {
    const pages = paginateQuery(
      { client: this.#deps.client },
      {
        TableName: this.#deps.tableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': censusPartition },
        ConsistentRead: true,
      },
    )
    const entries: CensusEntry[] = []
    let at: string | undefined
    for await (const page of pages) {
      for (const item of page.Items ?? []) {
        if (item.sk === censusKey().sk) at = censusMarkSchema.parse(item).at
        else entries.push(censusEntrySchema.parse(item))
      }
    }
    return { at, entries }
  }

  /** Writes what changed, and then when it was taken: whoever dies in between leaves the older date. */
  async replace(before: Census | undefined, after: Census): Promise<void> {
    // Of a first census that never had its time: the accounts in it may be gone by now.
    const { entries } = before ?? (await this.#readAll())
    const known = new Map(entries.map((entry) => [entry.account, entry]))
    const changed = after.entries.filter((entry) => !isDeepStrictEqual(known.get(entry.account), entry))
    for (const { account } of after.entries) known.delete(account)
    await writeInBatches(this.#deps, [
      ...changed.map((entry) => ({ PutRequest: { Item: { ...censusAccountKey(entry.account), ...entry } } })),
      ...[...known.keys()].map((account) => ({ DeleteRequest: { Key: censusAccountKey(account) } })),
    ])
    await writeInBatches(this.#deps, [{ PutRequest: { Item: { ...censusKey(), at: after.at } } }])
  }
}
