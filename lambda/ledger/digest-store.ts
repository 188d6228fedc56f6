import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { GetCommand, paginateQuery, PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import type { DigestMark } from '../contract/mail-tags.ts'
import { aboutSchema } from '../domain/event.ts'
import { writeInBatches } from './batch-write.ts'
import { digestEndingKey, digestEntryKey, digestHourKey, digestPartition, digestSentKey, type ItemKey } from './keys.ts'

const askEntrySchema = z.object({ offerId: z.string(), deadlineAt: z.string(), stage: z.string() })
/** An offer about which a group's people are asked. What they are told, the ledger says. */
export type AskEntry = z.infer<typeof askEntrySchema>

const endingEntrySchema = z.object({
  about: z.literal('outcome'),
  offerId: z.string(),
  /** Of the event `closed`. */
  run: z.number().int(),
  closedAt: z.string(),
})
/** A case that ended, of which a group's people are told; how, the ledger says. */
export type EndingEntry = z.infer<typeof endingEntrySchema>

const entrySchema = z.union([endingEntrySchema, askEntrySchema])
export type DigestEntry = z.infer<typeof entrySchema>

export function isEnding(entry: DigestEntry): entry is EndingEntry {
  return 'about' in entry
}

const sentSchema = z.object({
  offerId: z.string(),
  run: z.number().int(),
  round: z.number().int(),
  abouts: z.array(aboutSchema),
})
/** What a digest told somebody of one offer. */
export type DigestItem = z.infer<typeof sentSchema>

const daySeconds = 86_400
const keptDays = { entry: 1, ending: 2, hour: 2, sent: 7 } as const

/** What waits for a group's next digest, and what the last ones held. */
export class DigestStore {
  readonly #deps: { client: DynamoDBDocumentClient; tableName: string }

  constructor(deps: { client: DynamoDBDocumentClient; tableName: string }) {
    this.#deps = deps
  }

  async put(group: string, entry: AskEntry): Promise<void> {
    const ttl = secondsOf(entry.deadlineAt) + keptDays.entry * daySeconds
    await this.#put({ ...digestEntryKey(group, entry), ...entry, ttl })
  }

  /** Kept from now on: the deadline may be long past. */
  async putEnding(group: string, entry: EndingEntry, now: Date): Promise<void> {
    const ttl = secondsOf(now.toISOString()) + keptDays.ending * daySeconds
    await this.#put({ ...digestEndingKey(group, entry), ...entry, ttl })
  }

  /** All that waits: asks, oldest deadline first, then endings in their order. */
  async entries(group: string): Promise<DigestEntry[]> {
    const pages = paginateQuery(
      { client: this.#deps.client },
      {
        TableName: this.#deps.tableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :entry)',
        ExpressionAttributeValues: { ':pk': digestPartition(group), ':entry': 'ENTRY#' },
        ConsistentRead: true,
      },
    )
    const entries: DigestEntry[] = []
    for await (const page of pages) for (const item of page.Items ?? []) entries.push(entrySchema.parse(item))
    return entries
  }

  async remove(group: string, entries: readonly DigestEntry[]): Promise<void> {
    const deletes = entries.map((entry) => ({ DeleteRequest: { Key: keyOf(group, entry) } }))
    await writeInBatches(this.#deps, deletes)
  }

  /** False when another attempt has this hour. */
  async claim(group: string, hour: string): Promise<boolean> {
    const ttl = secondsOf(`${hour}:00:00Z`) + keptDays.hour * daySeconds
    try {
      await this.#put({ ...digestHourKey(group, hour), free: false, ttl }, 'attribute_not_exists(pk) OR #free = :true')
      return true
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false
      throw error
    }
  }

  /** After a failure the next attempt may try this hour again. */
  async giveBack(group: string, hour: string): Promise<void> {
    const ttl = secondsOf(`${hour}:00:00Z`) + keptDays.hour * daySeconds
    await this.#put({ ...digestHourKey(group, hour), free: true, ttl })
  }

  /** Kept for as long as the mail may come back. */
  async putSent({ group, hour, approver }: DigestMark, items: readonly DigestItem[]): Promise<void> {
    const ttl = secondsOf(`${hour}:00:00Z`) + keptDays.sent * daySeconds
    await this.#put({ ...digestSentKey(group, hour, approver), items, ttl })
  }

  async sent({ group, hour, approver }: DigestMark): Promise<DigestItem[]> {
    const Key = digestSentKey(group, hour, approver)
    const { client, tableName } = this.#deps
    const reply = await client.send(new GetCommand({ TableName: tableName, Key, ConsistentRead: true }))
    return reply.Item === undefined ? [] : z.object({ items: z.array(sentSchema) }).parse(reply.Item).items
  }

  async #put(Item: Record<string, unknown>, condition?: string): Promise<void> {
    const { client, tableName } = this.#deps
    const guard =
      condition === undefined
        ? {}
        : {
            ConditionExpression: condition,
            ExpressionAttributeNames: { '#free': 'free' },
            ExpressionAttributeValues: { ':true': true },
          }
    await client.send(new PutCommand({ TableName: tableName, Item, ...guard }))
  }
}

function keyOf(group: string, entry: DigestEntry): ItemKey {
  return isEnding(entry) ? digestEndingKey(group, entry) : digestEntryKey(group, entry)
}

function secondsOf(at: string): number {
  return Math.floor(Date.parse(at) / 1000)
}
