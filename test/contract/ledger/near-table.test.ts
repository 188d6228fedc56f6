import {
  BatchWriteCommand,
  GetCommand,
  paginateQuery,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import { ledgerTable } from '../../../lambda/contract/env.ts'
import { createNearTable, createTestTable, type TestTable } from '../../support/table.ts'

let wire: TestTable
let near: TestTable
beforeAll(async () => {
  ;[wire, near] = await Promise.all([createTestTable(), createNearTable()])
})
afterAll(async () => {
  await Promise.all([wire.close(), near.close()])
})

type Call = (table: TestTable) => Promise<unknown>

/** What a call gives, without what only a wire has. */
async function outcomeOf(call: Call, table: TestTable): Promise<unknown> {
  try {
    return JSON.parse(
      JSON.stringify(await call(table), (key, value: unknown) => (key === '$metadata' ? undefined : value)),
    )
  } catch (error) {
    const { name, message, $fault, constructor } = error as Error & { $fault?: string }
    return { name, message, $fault, class: constructor.name }
  }
}

const TableName = 'ledger'
const Item = {
  ...{ pk: 'OFFER#1', sk: 'FACTS', text: 'é', count: 1.5, yes: true, nothing: null, left: undefined },
  ...{ list: ['a', 2, { deep: undefined, deeper: [] }], map: { empty: {}, no: false }, data: new Uint8Array([0, 255]) },
}
const event = (seq: number): object => ({ pk: 'OFFER#1', sk: `EVENT#${seq}`, offerId: `${seq}`, openKey: 'open' })
const Key = { pk: 'OFFER#1', sk: 'FACTS' }
const put =
  (more: object): Call =>
  ({ client }) =>
    client.send(new PutCommand({ TableName, Item, ...more }))

const calls: Record<string, Call> = {
  'a put': put({}),
  'a put whose condition fails': put({ ConditionExpression: 'attribute_not_exists(pk)' }),
  'a put whose condition holds': put({
    ConditionExpression: '#count < :count',
    ExpressionAttributeNames: { '#count': 'count' },
    ExpressionAttributeValues: { ':count': 2 },
  }),
  'a put with a condition that is none': put({ ConditionExpression: 'pk = = 1' }),
  'a put without its key': ({ client }) => client.send(new PutCommand({ TableName, Item: { pk: 'OFFER#1' } })),
  'a get': ({ client }) => client.send(new GetCommand({ TableName, Key, ConsistentRead: true })),
  'a get of nothing': ({ client }) => client.send(new GetCommand({ TableName, Key: { ...Key, sk: 'none' } })),
  'a get from no table': ({ client }) => client.send(new GetCommand({ TableName: 'none', Key })),
  'a batch': ({ client }) =>
    client.send(
      new BatchWriteCommand({
        RequestItems: { [TableName]: [1, 2, 3].map((seq) => ({ PutRequest: { Item: event(seq) } })) },
      }),
    ),
  'a query, page by page': async ({ client }) => {
    const pages = []
    const query = { TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': 'OFFER#1' } }
    for await (const page of paginateQuery({ client, pageSize: 2 }, query)) pages.push(page)
    return pages
  },
  'a query of an index': ({ client }) =>
    client.send(
      new QueryCommand({
        TableName,
        IndexName: ledgerTable.openIndex.name,
        KeyConditionExpression: 'openKey = :key',
        ExpressionAttributeValues: { ':key': 'open' },
        Limit: 2,
      }),
    ),
  'an update': ({ client }) =>
    client.send(
      new UpdateCommand({
        TableName,
        Key,
        UpdateExpression: 'SET #map.#more = :more',
        ExpressionAttributeNames: { '#map': 'map', '#more': 'more' },
        ExpressionAttributeValues: { ':more': [1, null] },
        ReturnValues: 'ALL_NEW',
      }),
    ),
  'a scan': ({ client }) => client.send(new ScanCommand({ TableName })),
}

// In this order: they build on each other.
test.each(Object.entries(calls))('%s is answered near as over the wire', async (_name, call) => {
  expect(await outcomeOf(call, near)).toEqual(await outcomeOf(call, wire))
})
