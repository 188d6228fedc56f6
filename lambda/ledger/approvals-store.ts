import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { GetCommand, PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { askKey, linkKey, tokenHashOf } from './keys.ts'

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

  async getLink(token: string): Promise<ApprovalLink | undefined> {
    const reply = await this.#client.send(
      new GetCommand({ TableName: this.#tableName, Key: linkKey(tokenHashOf(token)), ConsistentRead: true }),
    )
    return reply.Item === undefined ? undefined : linkSchema.parse(reply.Item)
  }
}
