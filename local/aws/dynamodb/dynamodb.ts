import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import * as z from 'zod'
import type { TableSpec } from '../../assembly/specs.ts'
import type { LocalPlace } from '../../assembly/values.ts'
import type { Gate } from '../../iam/gate.ts'
import { NotAuthorized } from '../../iam/refusal.ts'
import { readBody } from '../protocol/read-body.ts'
import { readCredentialScope } from '../protocol/sigv4.ts'
import type { Caller } from '../service.ts'
import { isOperation, openStore, runOperation } from './dynalite.ts'
import type { DynamoAnswer } from './dynalite.ts'

export interface DynamoOptions {
  tables: readonly TableSpec[]
  place: LocalPlace
  /** Folder of the data; in memory when absent. */
  path?: string | undefined
  resolveCaller: (accessKeyId: string, sessionToken?: string) => Caller | undefined
  /** Lets each call through or throws `NotAuthorized`. */
  gate: Gate
}

/** DynamoDB: the template's tables, on disk, behind the same keys as everything else. */
export interface Dynamo {
  /** False, with nothing read or written, when the request is not for DynamoDB. */
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>
  /** Throws everything away and makes the tables anew. */
  reset: () => Promise<void>
  close: () => Promise<void>
}

const describedSchema = z.object({ Table: z.object({ TableStatus: z.string() }) })

const target = /^DynamoDB_20120810\.(\w+)$/

export async function openDynamo(options: DynamoOptions): Promise<Dynamo> {
  const { tables, place, path } = options
  const store = openStore(path)
  store.tableDb.awsAccountId = place.account
  store.tableDb.awsRegion = place.region

  async function createTables(): Promise<void> {
    for (const table of tables) {
      const { status, body } = await runOperation(store, 'CreateTable', createTableInput(table))
      if (status !== 200 && errorType(body) !== 'ResourceInUseException')
        throw new Error(`${table.id}: cannot make the table: ${JSON.stringify(body)}`)
      while (!(await isActive(table.name))) await setImmediate()
    }
  }

  async function isActive(TableName: string): Promise<boolean> {
    const { body } = await runOperation(store, 'DescribeTable', { TableName })
    return describedSchema.parse(body).Table.TableStatus === 'ACTIVE'
  }

  async function answer(request: IncomingMessage, operation: string): Promise<DynamoAnswer | undefined> {
    const body = await readBody(request)
    if (body === 'aborted') return undefined
    if (body === 'too-large') return refuse('com.amazon.coral.service#RequestEntityTooLargeException', 'too large')
    const scope = readCredentialScope(request.headers)
    if (typeof scope !== 'object')
      return refuse(
        'com.amazon.coral.service#MissingAuthenticationTokenException',
        'Request is missing Authentication Token',
      )
    const caller = options.resolveCaller(scope.accessKeyId, scope.sessionToken)
    if (caller === undefined)
      return refuse(
        'com.amazon.coral.service#UnrecognizedClientException',
        'The security token included in the request is invalid.',
      )
    if (caller.account !== place.account)
      return refuse('com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', 'Requested resource not found')
    if (!isOperation(operation)) return refuse('com.amazon.coral.service#UnknownOperationException', operation)
    const input = parse(body)
    if (input === undefined)
      return refuse('com.amazon.coral.service#SerializationException', 'the body is not a JSON object')
    options.gate({ service: 'dynamodb', operation, input, caller, region: scope.region || place.region })
    return await runOperation(store, operation, input)
  }

  await createTables()
  return {
    async handle(request, response) {
      const [, operation] = target.exec(String(request.headers['x-amz-target'])) ?? []
      if (operation === undefined) return false
      const answered = await answer(request, operation).catch(unexpected)
      if (answered !== undefined) send(response, answered)
      return true
    },
    async reset() {
      await store.db.clear()
      await createTables()
    },
    close: () => store.lifecycleManager.gracefulClose(),
  }
}

function createTableInput({ name, keys }: TableSpec): unknown {
  const { GlobalSecondaryIndexes, ...rest } = keys
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    ...structuredClone(rest),
    ...(GlobalSecondaryIndexes.length > 0 && { GlobalSecondaryIndexes: structuredClone(GlobalSecondaryIndexes) }),
  }
}

function refuse(type: string, message: string): DynamoAnswer {
  return { status: 400, body: { __type: type, message } }
}

function unexpected(error: unknown): DynamoAnswer {
  if (error instanceof NotAuthorized) return refuse('com.amazon.coral.service#AccessDeniedException', error.message)
  console.error('unexpected error in DynamoDB', error)
  return { status: 500, body: { __type: 'com.amazon.coral.service#InternalFailure', message: 'internal failure' } }
}

function errorType(body: unknown): string | undefined {
  return typeof body === 'object' && body !== null && '__type' in body && typeof body.__type === 'string'
    ? body.__type.split('#')[1]
    : undefined
}

const objectSchema = z.record(z.string(), z.unknown())

function parse(body: Buffer): Record<string, unknown> | undefined {
  try {
    return objectSchema.safeParse(JSON.parse(body.toString())).data
  } catch {
    return undefined
  }
}

function send(response: ServerResponse, { status, body }: DynamoAnswer): void {
  const text = JSON.stringify(body)
  response
    .writeHead(status, {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': Buffer.byteLength(text),
      'x-amzn-requestid': randomUUID(),
    })
    .end(text)
}
