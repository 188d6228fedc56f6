import { GetCommand, paginateQuery, PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { LedgerCorrupt, ServiceUnavailable } from '../contract/errors.ts'
import type { OfferRef } from '../domain/offer.ts'
import { transferRequestSchema, type Marks, type TransferRequest } from '../domain/transfer-request.ts'
import { transferKey, transferPartition } from './keys.ts'

interface Place {
  account: string
  region: string
}

/** Requests are kept so long after their case is over: until then a transfer under way is known as one that was asked for. */
const keptDays = 90

/** Transfers that people of ours ask for, the last one of each certificate. */
export class TransferStore {
  readonly #client: DynamoDBDocumentClient
  readonly #tableName: string
  readonly #now: () => Date

  constructor(deps: { client: DynamoDBDocumentClient; tableName: string; now: () => Date }) {
    this.#client = deps.client
    this.#tableName = deps.tableName
    this.#now = deps.now
  }

  async find(place: Place, certificateId: string): Promise<TransferRequest | undefined> {
    const Key = transferKey(place, certificateId)
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#tableName, Key, ConsistentRead: true }))
    return Item === undefined ? undefined : parse(Item)
  }

  /** As the kinds of a place see it. */
  at(place: Place): {
    find: (certificateId: string) => Promise<TransferRequest | undefined>
    open: (after: string) => AsyncIterable<TransferRequest>
    begin: (request: TransferRequest, marks: Marks) => Promise<TransferRequest>
    began: (request: TransferRequest, transferDate: string | undefined) => Promise<TransferRequest>
    refuse: (request: TransferRequest) => Promise<void>
  } {
    return {
      find: (certificateId) => this.find(place, certificateId),
      open: (after) => this.open(place, after),
      begin: (request, marks) => this.begin(request, marks),
      began: (request, transferDate) => this.began(request, transferDate),
      refuse: (request) => this.refuse(request),
    }
  }

  /** Those whose case is not over, in the order of certificates, behind this one where it is not empty. */
  async *open(place: Place, after = ''): AsyncIterable<TransferRequest> {
    const startingToken = after === '' ? undefined : transferKey(place, after)
    const pages = paginateQuery(
      { client: this.#client, startingToken },
      {
        TableName: this.#tableName,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk',
        FilterExpression: 'ended = :no',
        ExpressionAttributeValues: { ':pk': transferPartition(place), ':no': false },
      },
    )
    for await (const { Items = [] } of pages) for (const item of Items) yield parse(item)
  }

  /** False when another request for this certificate was there first, or the one that was read changed since. */
  async ask(
    request: Pick<
      TransferRequest,
      'account' | 'region' | 'certificateId' | 'to' | 'message' | 'requestedBy' | 'requestedAt' | 'signature'
    >,
    before: TransferRequest | undefined,
  ): Promise<boolean> {
    const revision = (before?.revision ?? 0) + 1
    return await this.#put({ ...request, state: 'asked', ended: false, revision }, before)
  }

  /** Before each call at AWS. What the certificate was like is kept from before the first. */
  async begin(request: TransferRequest, marks: Marks): Promise<TransferRequest> {
    const first = request.state === 'begun' ? {} : { before: marks }
    return await this.#change(request, { ...first, state: 'begun', begunAt: this.#now().toISOString() })
  }

  async began(request: TransferRequest, transferDate: string | undefined): Promise<TransferRequest> {
    const isKnown = request.taken === true && (transferDate === undefined || request.transferDate === transferDate)
    if (isKnown) return request
    return await this.#change(request, { taken: true, ...(transferDate === undefined ? {} : { transferDate }) })
  }

  async refuse(request: TransferRequest): Promise<void> {
    if (request.state !== 'refused') await this.#change(request, { state: 'refused' })
  }

  /** The case is over; a request that was made since is another one. */
  async end({ account, region, awsId, transferDate }: OfferRef): Promise<void> {
    const request = await this.find({ account, region }, awsId)
    if (request === undefined || request.requestedAt !== transferDate || request.ended) return
    await this.#change(request, { ended: true })
  }

  async #change(request: TransferRequest, change: Partial<TransferRequest>): Promise<TransferRequest> {
    const next = { ...request, ...change, revision: request.revision + 1 }
    if (await this.#put(next, request)) return next
    throw new ServiceUnavailable('expected the request as it was read, got one that changed meanwhile')
  }

  async #put(request: TransferRequest, before: TransferRequest | undefined): Promise<boolean> {
    const ttl = Math.floor(this.#now().getTime() / 1000) + keptDays * 86_400
    const Item = { ...transferKey(request, request.certificateId), ...request, ...(request.ended ? { ttl } : {}) }
    const condition =
      before === undefined
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : { ConditionExpression: 'revision = :before', ExpressionAttributeValues: { ':before': before.revision } }
    try {
      await this.#client.send(new PutCommand({ TableName: this.#tableName, Item, ...condition }))
      return true
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false
      throw error
    }
  }
}

function parse(item: unknown): TransferRequest {
  const parsed = transferRequestSchema.safeParse(item)
  if (parsed.success) return parsed.data
  throw new LedgerCorrupt(
    `expected a request for a transfer, got another item: ${parsed.error.issues[0]?.message ?? ''}`,
  )
}
