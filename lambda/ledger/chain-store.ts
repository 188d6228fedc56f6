import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { GetCommand, PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Target } from '../domain/offer.ts'
import { progressOf, scanChainSchema, type ScanChain } from '../domain/scan-chain.ts'
import { chainFollowedKey, chainKey, chainProgressKey, scanIndexKeys } from './keys.ts'

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

  /**
   * Has the scan that is under way followed by another one: what came since it began may be where it has listed already.
   * False where none is under way.
   */
  async follow(target: Target): Promise<boolean> {
    for (let told: string | undefined; ;) {
      const chain = await this.get(target)
      if (chain === undefined || chain.phase === 'over') return false
      // It was not over after it had been told, so whoever ends it reads this.
      if (chain.id === told) return true
      const Item = { ...chainFollowedKey(target), chain: chain.id }
      await this.#client.send(new PutCommand({ TableName: this.#tableName, Item }))
      told = chain.id
    }
  }

  /** Asked once a scan is over: whether somebody wants another one. */
  async isFollowed(target: Target, { id }: Pick<ScanChain, 'id'>): Promise<boolean> {
    const Key = chainFollowedKey(target)
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#tableName, Key, ConsistentRead: true }))
    return Item?.chain === id
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
