import * as z from 'zod'
import type { TableSpec } from '../../assembly/specs.ts'
import { reading, Undescribable, type Access, type Describe } from './access.ts'

const attributes = z.record(z.string(), z.unknown())
const keyed = z.object({ TableName: z.string(), Key: attributes })
const put = z.object({ TableName: z.string(), Item: attributes })
const query = z.object({
  TableName: z.string(),
  IndexName: z.string().optional(),
  KeyConditionExpression: z.string(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).default({}),
  ExpressionAttributeValues: attributes.default({}),
})
const scan = z.object({ TableName: z.string(), IndexName: z.string().optional() })
const batchGet = z.object({ RequestItems: z.record(z.string(), z.object({ Keys: z.array(attributes) })) })
const write = z.object({
  PutRequest: z.object({ Item: attributes }).optional(),
  DeleteRequest: z.object({ Key: attributes }).optional(),
})
const batchWrite = z.object({ RequestItems: z.record(z.string(), z.array(write)) })
const scalar = z.union([
  z.object({ S: z.string() }).transform(({ S }) => S),
  z.object({ N: z.string() }).transform(({ N }) => N),
  z.object({ B: z.string() }).transform(({ B }) => B),
])

/** Operations on items, with the partition keys they touch. Those on whole tables are for administrators. */
export function describeDynamoDb(tables: readonly TableSpec[]): Readonly<Record<string, Describe>> {
  const single = (action: string, schema: typeof keyed): Describe =>
    reading(schema, ({ TableName, Key }, place) => [
      { action, resource: tableArn(TableName, place), context: leading([keyIn(Key, hashOf(TableName))]) },
    ])

  /** The key of a table, or of one of its indexes. */
  function hashOf(tableName: string, index?: string): string {
    const keys = tables.find(({ name, arn }) => tableName === name || tableName === arn)?.keys
    const schema =
      index === undefined ? keys : keys?.GlobalSecondaryIndexes.find(({ IndexName }) => IndexName === index)
    const hash = schema?.KeySchema.find(({ KeyType }) => KeyType === 'HASH')
    if (hash === undefined) throw new Undescribable(`${index ?? tableName} is no table or index of the app`)
    return hash.AttributeName
  }

  function batch(
    action: string,
    items: ReadonlyMap<string, readonly Record<string, unknown>[]>,
    place: Place,
  ): Access[] {
    return [...items].map(([name, keys]) => ({
      action,
      resource: tableArn(name, place),
      context: leading(keys.map((key) => keyIn(key, hashOf(name)))),
    }))
  }

  return {
    GetItem: single('dynamodb:GetItem', keyed),
    UpdateItem: single('dynamodb:UpdateItem', keyed),
    DeleteItem: single('dynamodb:DeleteItem', keyed),
    PutItem: reading(put, ({ TableName, Item }, place) => [
      {
        action: 'dynamodb:PutItem',
        resource: tableArn(TableName, place),
        context: leading([keyIn(Item, hashOf(TableName))]),
      },
    ]),
    Query: reading(query, (input, place) => [
      {
        action: 'dynamodb:Query',
        resource: tableArn(input.TableName, place, input.IndexName),
        context: leading([keyInQuery(input, hashOf(input.TableName, input.IndexName))]),
      },
    ]),
    Scan: reading(scan, ({ TableName, IndexName }, place) => [
      { action: 'dynamodb:Scan', resource: tableArn(TableName, place, IndexName) },
    ]),
    BatchGetItem: reading(batchGet, ({ RequestItems }, place) => {
      const keys = Object.entries(RequestItems).map(([name, { Keys }]) => [name, Keys] as const)
      return batch('dynamodb:BatchGetItem', new Map(keys), place)
    }),
    BatchWriteItem: reading(batchWrite, ({ RequestItems }, place) => {
      const items = Object.entries(RequestItems).map(([name, writes]) => {
        return [name, writes.map((one) => one.PutRequest?.Item ?? one.DeleteRequest?.Key ?? {})] as const
      })
      return batch('dynamodb:BatchWriteItem', new Map(items), place)
    }),
  }
}

interface Place {
  account: string
  region: string
}

function tableArn(table: string, { account, region }: Place, index?: string): string {
  const arn = table.startsWith('arn:') ? table : `arn:aws:dynamodb:${region}:${account}:table/${table}`
  return index === undefined ? arn : `${arn}/index/${index}`
}

function leading(keys: readonly string[]): { 'dynamodb:LeadingKeys': string[] } {
  return { 'dynamodb:LeadingKeys': [...new Set(keys)] }
}

function keyIn(item: Readonly<Record<string, unknown>>, hash: string): string {
  const value = scalar.safeParse(item[hash])
  if (!value.success) throw new Undescribable(`no partition key \`${hash}\``)
  return value.data
}

/** `pk = :pk` or `#key = :pk`, alone or beside a condition on the sort key. */
function keyInQuery(input: z.infer<typeof query>, hash: string): string {
  const { KeyConditionExpression, ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input
  for (const [, name = '', value = ''] of KeyConditionExpression.matchAll(/([#\w.-]+)\s*=\s*(:\w+)/g))
    if ((names[name] ?? name) === hash) return keyIn({ [hash]: values[value] }, hash)
  throw new Undescribable(`no partition key \`${hash}\` in the KeyConditionExpression`)
}
