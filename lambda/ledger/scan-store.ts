import { PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Target } from '../domain/offer.ts'
import { scanFailureKey, scanIndexKeys, scanKey } from './keys.ts'

/** Of a target that is not scanned any more. */
const keptDays = 30
const longestError = 500

/** When each target was last listed to its end, and what kept it from being so. */
export class ScanStore {
  readonly #client: DynamoDBDocumentClient
  readonly #tableName: string

  constructor(deps: { client: DynamoDBDocumentClient; tableName: string }) {
    this.#client = deps.client
    this.#tableName = deps.tableName
  }

  async putComplete(target: Target, scan: { at: Date; pending: number }): Promise<void> {
    const completeAt = scan.at.toISOString()
    await this.#put({ ...scanKey(target), ...target, completeAt, pending: scan.pending }, scan.at)
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
