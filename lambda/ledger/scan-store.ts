import { PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Target } from '../domain/offer.ts'
import { scanKey } from './keys.ts'

/** When each target was last listed to its end. */
export class ScanStore {
  readonly #client: DynamoDBDocumentClient
  readonly #tableName: string

  constructor(deps: { client: DynamoDBDocumentClient; tableName: string }) {
    this.#client = deps.client
    this.#tableName = deps.tableName
  }

  async putComplete(target: Target, scan: { at: Date; pending: number }): Promise<void> {
    await this.#client.send(
      new PutCommand({
        TableName: this.#tableName,
        Item: { ...scanKey(target), ...target, completeAt: scan.at.toISOString(), pending: scan.pending },
      }),
    )
  }
}
