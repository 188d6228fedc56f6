import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { GetCommand, PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Target } from '../domain/offer.ts'
import { progressOf, scanChainSchema, type ScanChain } from '../domain/scan-chain.ts'
import { chainKey, chainProgressKey, scanIndexKeys } from './keys.ts'

const shownDays = 30

/** The scan in several steps that a target has, or had last: one at most. */
export class ChainStore {
  readonly #client: DynamoDBDocumentClient
  readonly #tableName: string

  constructor(deps: { client: DynamoDBDocumentClient; tableName: string }) {
    this.#client = deps.client
    this.#tableName = deps.tableName
  }

  async get(target: Target): Promise<ScanChain | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#tableName, Key: chainKey(target), ConsistentRead: true }),
    )
    return Item === undefined ? undefined : scanChainSchema.parse(Item.chain)
  }

  /** Puts it as the next version and gives that back; undefined when somebody else has put one since. */
  async put(target: Target, chain: ScanChain, now: Date): Promise<ScanChain | undefined> {
    // What is over must not be shown for ever because somebody died in between; what goes on is shown anew soon.
    if (chain.phase === 'over') await this.#show(target, chain, now)
    const next = await this.#put(target, chain)
    if (next !== undefined && chain.phase !== 'over') await this.#show(target, next, now)
    return next
  }

  async #show(target: Target, chain: ScanChain, now: Date): Promise<void> {
    const underWay = progressOf(chain, now)
    const ttl = Math.floor(now.getTime() / 1000) + shownDays * 86_400
    const Item = { ...chainProgressKey(target), ...target, ...scanIndexKeys(now.toISOString()), underWay, ttl }
    await this.#client.send(new PutCommand({ TableName: this.#tableName, Item }))
  }

  async #put(target: Target, chain: ScanChain): Promise<ScanChain | undefined> {
    const next = { ...chain, version: chain.version + 1 }
    const isFirst = chain.version === 0
    const put = new PutCommand({
      TableName: this.#tableName,
      Item: { ...chainKey(target), chain: next },
      ConditionExpression: isFirst ? 'attribute_not_exists(pk)' : '#chain.#version = :before',
      ...(isFirst
        ? {}
        : {
            ExpressionAttributeNames: { '#chain': 'chain', '#version': 'version' },
            ExpressionAttributeValues: { ':before': chain.version },
          }),
    })
    try {
      await this.#client.send(put)
      return next
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined
      throw error
    }
  }
}
