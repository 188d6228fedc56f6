import { GetCommand, PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import type { Target } from '../domain/offer.ts'
import { scanFailureKey, scanIndexKeys, scanKey } from './keys.ts'

/** Of a target that is not scanned any more. */
const keptDays = 30
const longestError = 500

const sweptSchema = z.object({ sweptFrom: z.string().optional() })

interface CompleteScan {
  at: Date
  pending: number
  /** When it began; undefined where an event asked for it, for then only what is new matters. */
  sweptFrom?: Date | undefined
}

/** When each target was last listed to its end, and what kept it from being so. */
export class ScanStore {
  readonly #client: DynamoDBDocumentClient
  readonly #tableName: string

  constructor(deps: { client: DynamoDBDocumentClient; tableName: string }) {
    this.#client = deps.client
    this.#tableName = deps.tableName
  }

  async putComplete(target: Target, { at, pending, sweptFrom }: CompleteScan): Promise<void> {
    const began = sweptFrom === undefined ? {} : { sweptFrom: sweptFrom.toISOString() }
    await this.#put({ ...scanKey(target), ...target, completeAt: at.toISOString(), pending, ...began }, at)
  }

  /** When the last complete scan began, where it looked at every case. */
  async sweptFrom(target: Target): Promise<Date | undefined> {
    const Key = scanKey(target)
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#tableName, Key, ConsistentRead: true }))
    const { sweptFrom } = sweptSchema.parse(Item ?? {})
    return sweptFrom === undefined ? undefined : new Date(sweptFrom)
  }

  /** Why the last listing that failed did. */
  async putFailure(target: Target, failure: { at: Date; error: string }): Promise<void> {
    const error = failure.error.slice(0, longestError)
    await this.#put({ ...scanFailureKey(target), ...target, failedAt: failure.at.toISOString(), error }, failure.at)
  }

  async #put(item: Record<string, unknown>, at: Date): Promise<void> {
    const ttl = Math.floor(at.getTime() / 1000) + keptDays * 86_400
    const Item = { ...item, ...scanIndexKeys(at.toISOString()), ttl }
    await this.#client.send(new PutCommand({ TableName: this.#tableName, Item }))
  }
}
