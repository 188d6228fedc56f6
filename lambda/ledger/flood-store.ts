import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { GetCommand, PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { floodKey } from './keys.ts'

const placesSchema = z.object({
  /** Milliseconds since 1970 until which each offer holds its place: its deadline. */
  holders: z.record(z.string(), z.number()),
  /** True since an ask found no place. */
  full: z.boolean(),
  version: z.number().int(),
})
type Places = z.infer<typeof placesSchema>

/** The asks of one counterparty, null when unknown, to one of our accounts. */
export interface Party {
  account: string
  counterparty: string | null
}

export interface Place extends Party {
  offerId: string
  untilMs: number
}

/** `flood-begins`: there is no place, and before there was. */
export type Taken = 'personal' | 'digest' | 'flood-begins'

/** Places for personal messages. An item for each counterparty and account, replaced only as it was read. */
export class FloodStore {
  readonly #client: DynamoDBDocumentClient
  readonly #tableName: string
  readonly #most: number

  constructor(deps: { client: DynamoDBDocumentClient; tableName: string; most: number }) {
    this.#client = deps.client
    this.#tableName = deps.tableName
    this.#most = deps.most
  }

  /** Takes a place. An offer that holds one keeps it; who is past the deadline holds none. */
  async take(place: Place, now: Date): Promise<Taken> {
    const { offerId, untilMs } = place
    for (;;) {
      const { holders, full, version } = await this.#read(place, now)
      if (Object.hasOwn(holders, offerId)) return 'personal'
      const isFull = Object.keys(holders).length >= this.#most
      if (isFull && full) return 'digest'
      const next = isFull ? { holders, full: true } : { holders: { ...holders, [offerId]: untilMs }, full: false }
      if (await this.#replace(place, { ...next, version })) return isFull ? 'flood-begins' : 'personal'
    }
  }

  /** Gives the place of an offer back, if it holds one. */
  async release(place: Omit<Place, 'untilMs'>, now: Date): Promise<void> {
    for (;;) {
      const { holders, ...rest } = await this.#read(place, now)
      if (!Object.hasOwn(holders, place.offerId)) return
      const others = Object.fromEntries(Object.entries(holders).filter(([id]) => id !== place.offerId))
      if (await this.#replace(place, { ...rest, holders: others })) return
    }
  }

  async #read({ account, counterparty }: Party, now: Date): Promise<Places> {
    const Key = floodKey(account, counterparty)
    const reply = await this.#client.send(new GetCommand({ TableName: this.#tableName, Key, ConsistentRead: true }))
    if (reply.Item === undefined) return { holders: {}, full: false, version: 0 }
    const places = placesSchema.parse(reply.Item)
    const holders = Object.entries(places.holders).filter(([, untilMs]) => untilMs > now.getTime())
    return { ...places, holders: Object.fromEntries(holders) }
  }

  /** False when somebody else was faster. */
  async #replace({ account, counterparty }: Party, places: Places): Promise<boolean> {
    const Item = { ...floodKey(account, counterparty), ...places, version: places.version + 1 }
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#tableName,
          Item,
          ConditionExpression: 'attribute_not_exists(pk) OR #version = :version',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':version': places.version },
        }),
      )
      return true
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false
      throw error
    }
  }
}
