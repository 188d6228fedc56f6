import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { GetCommand, PutCommand, QueryCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { writeInBatches } from './batch-write.ts'
import { tokenHashOf } from '../domain/link-token.ts'
import { askKey, intakeKey, linkKey, triesKey } from './keys.ts'

const askSchema = z.object({
  token: z.string(),
  run: z.number().int(),
  try: z.number().int(),
  round: z.number().int(),
})
/** The waiting task of an offer: what a wake-up is sent to. The token never leaves AWS. */
export type Ask = z.infer<typeof askSchema>

const linkSchema = z.object({
  offerId: z.string(),
  approver: z.string(),
  round: z.number().int(),
  /** After this the link no longer votes; it shows the outcome until the item's TTL. */
  expiresAtMs: z.number(),
  /** Seconds since 1970, for DynamoDB. */
  ttl: z.number().int(),
})
/** One personal link. Only the SHA-256 of its token is stored. */
export type ApprovalLink = z.infer<typeof linkSchema>

const intakeLinkSchema = linkSchema.pick({ approver: true, expiresAtMs: true, ttl: true })
type IntakeLink = z.infer<typeof intakeLinkSchema>

const triesSchema = z.object({ count: z.number().int().positive() })

/** A link, and how often wrong characters were typed with it. */
export interface TriedLink {
  link: ApprovalLink
  wrongTries: number
}

/** Task tokens and personal links, each in a partition of its own. */
export class ApprovalsStore {
  readonly #client: DynamoDBDocumentClient
  readonly #tableName: string

  constructor(deps: { client: DynamoDBDocumentClient; tableName: string }) {
    this.#client = deps.client
    this.#tableName = deps.tableName
  }

  /** Replaces the token only by a newer one (later run, or later try of the same run); false when it is not. */
  async putAsk(offerId: string, ask: Ask): Promise<boolean> {
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#tableName,
          Item: { ...askKey(offerId), ...ask },
          ConditionExpression: 'attribute_not_exists(pk) OR #run < :run OR (#run = :run AND #try <= :try)',
          ExpressionAttributeNames: { '#run': 'run', '#try': 'try' },
          ExpressionAttributeValues: { ':run': ask.run, ':try': ask.try },
        }),
      )
      return true
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false
      throw error
    }
  }

  async getAsk(offerId: string): Promise<Ask | undefined> {
    const reply = await this.#client.send(
      new GetCommand({ TableName: this.#tableName, Key: askKey(offerId), ConsistentRead: true }),
    )
    return reply.Item === undefined ? undefined : askSchema.parse(reply.Item)
  }

  async putLink(token: string, link: ApprovalLink): Promise<void> {
    await this.#client.send(
      new PutCommand({ TableName: this.#tableName, Item: { ...linkKey(tokenHashOf(token)), ...link } }),
    )
  }

  async putIntakeLink(token: string, link: IntakeLink): Promise<void> {
    await this.#client.send(
      new PutCommand({ TableName: this.#tableName, Item: { ...intakeKey(tokenHashOf(token)), ...link } }),
    )
  }

  /** A link by which a person tells of requests: it decides nothing. */
  async getIntakeLink(token: string): Promise<IntakeLink | undefined> {
    const { pk, sk } = intakeKey(tokenHashOf(token))
    const reply = await this.#client.send(
      new QueryCommand({
        TableName: this.#tableName,
        KeyConditionExpression: 'pk = :pk AND sk = :sk',
        ExpressionAttributeValues: { ':pk': pk, ':sk': sk },
        ConsistentRead: true,
      }),
    )
    const [item] = reply.Items ?? []
    return item === undefined ? undefined : intakeLinkSchema.parse(item)
  }

  /** The same by its key, for who may read nothing else of a partition. */
  async readIntakeLink(token: string): Promise<IntakeLink | undefined> {
    const reply = await this.#client.send(
      new GetCommand({ TableName: this.#tableName, Key: intakeKey(tokenHashOf(token)), ConsistentRead: true }),
    )
    return reply.Item === undefined ? undefined : intakeLinkSchema.parse(reply.Item)
  }

  /** Many at once. */
  async putLinks(links: readonly { token: string; link: ApprovalLink }[]): Promise<void> {
    const puts = links.map(({ token, link }) => ({ PutRequest: { Item: { ...linkKey(tokenHashOf(token)), ...link } } }))
    await writeInBatches({ client: this.#client, tableName: this.#tableName }, puts)
  }

  async getLink(token: string): Promise<ApprovalLink | undefined> {
    const reply = await this.#client.send(
      new GetCommand({ TableName: this.#tableName, Key: linkKey(tokenHashOf(token)), ConsistentRead: true }),
    )
    return reply.Item === undefined ? undefined : linkSchema.parse(reply.Item)
  }

  /** Both in one call; undefined for an unknown token. */
  async getTriedLink(token: string): Promise<TriedLink | undefined> {
    const { pk, sk } = linkKey(tokenHashOf(token))
    const reply = await this.#client.send(
      new QueryCommand({
        TableName: this.#tableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        ConsistentRead: true,
      }),
    )
    const items = reply.Items ?? []
    const link = items.find((item) => item.sk === sk)
    if (link === undefined) return undefined
    const tries = items.find((item) => item.sk !== sk)
    return { link: linkSchema.parse(link), wrongTries: tries === undefined ? 0 : triesSchema.parse(tries).count }
  }

  /** Counts a wrong try with a link that was just read; how many there are now. Those who try at once count, too. */
  async countWrongTry(token: string, tried: TriedLink): Promise<number> {
    const count = tried.wrongTries + 1
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#tableName,
          Item: { ...triesKey(tokenHashOf(token)), count, ttl: tried.link.ttl },
          ConditionExpression: 'attribute_not_exists(pk) OR #count < :count',
          ExpressionAttributeNames: { '#count': 'count' },
          ExpressionAttributeValues: { ':count': count },
        }),
      )
      return count
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error
      const again = await this.getTriedLink(token)
      return again === undefined ? count : await this.countWrongTry(token, again)
    }
  }
}
