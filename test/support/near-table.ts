import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  DynamoDBServiceException,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { runOperation, type DynaliteStore } from '../../local/aws/dynamodb/dynalite.ts'

/**
 * The document client without what it does between command and engine (middleware, signing, retries): four fifths of
 * the time of a call. The contract tests of the ledger run on this and on the SDK over the wire.
 */
export function nearClient(store: DynaliteStore): DynamoDBDocumentClient {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }))
  const send = async (command: Sent): Promise<unknown> => await run(store, operationOf(command), command.input)
  return Object.assign(client, { send: send as typeof client.send })
}

type Values = Record<string, unknown>

interface Sent {
  constructor: { name: string }
  /** The one that a document command is about. */
  clientCommand?: { constructor: { name: string } }
  input: unknown
}

function operationOf(command: Sent): string {
  return (command.clientCommand ?? command).constructor.name.replace(/Command$/, '')
}

async function run(store: DynaliteStore, operation: string, input: unknown): Promise<unknown> {
  const { status, body } = await runOperation(store, operation, mapItems(input, typed))
  if (status !== 200) throw errorOf(status, body as Values)
  return mapItems(body, plain)
}

/** Where DynamoDB's API has a map from names to typed values, or a list of such maps. */
const itemKeys = new Set(['Item', 'Key', 'ExpressionAttributeValues', 'ExclusiveStartKey'])
for (const key of ['Items', 'LastEvaluatedKey', 'Attributes']) itemKeys.add(key)

function mapItems(value: unknown, map: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => mapItems(one, map))
  if (typeof value !== 'object' || value === null) return value
  return eachValue(value, (one, key) => (itemKeys.has(key) ? mapItem(one, map) : mapItems(one, map)))
}

function mapItem(item: unknown, map: (value: unknown) => unknown): unknown {
  return Array.isArray(item) ? item.map((one) => mapItem(one, map)) : eachValue(item as Values, map)
}

function eachValue(values: object, map: (value: unknown, key: string) => unknown): Values {
  const given = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given.map(([key, value]) => [key, map(value, key)]))
}

/** `'a'` as DynamoDB writes it: `{ S: 'a' }`. Only what the ledger writes. */
function typed(value: unknown): unknown {
  if (typeof value === 'string') return { S: value }
  if (typeof value === 'number') return { N: String(value) }
  if (typeof value === 'boolean') return { BOOL: value }
  if (value === null) return { NULL: true }
  if (value instanceof Uint8Array) return { B: Buffer.from(value).toString('base64') }
  if (Array.isArray(value)) return { L: value.map(typed) }
  if (Object.getPrototypeOf(value) === Object.prototype) return { M: eachValue(value as Values, typed) }
  throw new TypeError(`the near table has no way to write a ${typeof value}`)
}

function plain(attribute: unknown): unknown {
  const [[type, value] = []] = Object.entries(attribute as Values)
  if (type === 'S' || type === 'BOOL') return value
  if (type === 'N') return Number(value)
  if (type === 'NULL') return null
  if (type === 'B') return new Uint8Array(Buffer.from(String(value), 'base64'))
  if (type === 'L') return (value as unknown[]).map(plain)
  if (type === 'M') return eachValue(value as Values, plain)
  throw new TypeError(`the near table has no way to read ${String(type)}`)
}

const modelled = new Map(
  [ConditionalCheckFailedException, ResourceNotFoundException].map((Class) => [Class.name, Class]),
)

/** The SDK's class of that name, which the stores look for. */
function errorOf(status: number, { __type: type, message }: Values): Error {
  const name = String(type).split('#').at(-1) ?? ''
  const given = { message: String(message), $metadata: { httpStatusCode: status } }
  const Class = modelled.get(name)
  return Class ? new Class(given) : new DynamoDBServiceException({ ...given, name, $fault: 'client' })
}
