import { GetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import type { Sight } from '../domain/governed.ts'
import { censusAccountKey, censusKey } from './keys.ts'

export const censusEntrySchema = z.object({
  account: z.string(),
  name: z.string(),
  path: z.array(z.string()),
  since: z.string(),
})
export const censusMarkSchema = z.object({ at: z.string() })

/** What the last sweep found out about single accounts. */
export class CensusReader {
  readonly #client: DynamoDBDocumentClient
  readonly #tableName: string

  constructor(deps: { client: DynamoDBDocumentClient; tableName: string }) {
    this.#client = deps.client
    this.#tableName = deps.tableName
  }

  async find(account: string): Promise<Sight> {
    const [entry, mark] = await Promise.all([this.#get(censusAccountKey(account)), this.#get(censusKey())])
    return {
      entry: entry === undefined ? undefined : censusEntrySchema.parse(entry),
      censusAt: mark === undefined ? undefined : censusMarkSchema.parse(mark).at,
    }
  }

  async #get(Key: Record<string, string>): Promise<Record<string, unknown> | undefined> {
    const command = new GetCommand({ TableName: this.#tableName, Key, ConsistentRead: true })
    return (await this.#client.send(command)).Item
  }
}
