import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { Server } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { ledgerTable } from '../../lambda/contract/env.ts'
import { Ledger } from '../../lambda/ledger/ledger.ts'
import { openStore } from '../../local/aws/dynamodb/dynalite.ts'
import { nearClient } from './near-table.ts'

const dynalite = createRequire(import.meta.url)('dynalite') as (options: { createTableMs: number }) => Server

export interface TestTable {
  client: DynamoDBDocumentClient
  tableName: string
  close: () => Promise<void>
}

/** The ledger's table on a real DynamoDB engine in memory, over the wire. */
export async function createTestTable(): Promise<TestTable> {
  const server = dynalite({ createTableMs: 0 })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const credentials = { accessKeyId: '111111111111', secretAccessKey: 'test' }
  const sdk = new DynamoDBClient({ region: 'us-east-1', credentials, endpoint: `http://127.0.0.1:${port}` })
  const client = DynamoDBDocumentClient.from(sdk, { marshallOptions: { removeUndefinedValues: true } })
  return await openTable(client, async () => {
    sdk.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
}

/** The same engine without the SDK's wire: what thousands of steps in the workflow's tests use. */
export async function createNearTable(): Promise<TestTable> {
  const store = openStore()
  return await openTable(nearClient(store), () => store.lifecycleManager.gracefulClose())
}

async function openTable(client: DynamoDBDocumentClient, close: () => Promise<void>): Promise<TestTable> {
  const tableName = 'ledger'
  await client.send(new CreateTableCommand(tableDefinition(tableName)))
  const status = async (): Promise<string | undefined> =>
    (await client.send(new DescribeTableCommand({ TableName: tableName }))).Table?.TableStatus
  while ((await status()) !== 'ACTIVE') await setImmediate()
  return {
    client,
    tableName,
    close: async () => {
      client.destroy()
      await close()
    },
  }
}

function tableDefinition(tableName: string): ConstructorParameters<typeof CreateTableCommand>[0] {
  const { partitionKey, sortKey, openIndex, statusIndex } = ledgerTable
  const names = [
    partitionKey,
    sortKey,
    openIndex.partitionKey,
    openIndex.sortKey,
    statusIndex.partitionKey,
    statusIndex.sortKey,
  ]
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: names.map((name) => ({ AttributeName: name, AttributeType: 'S' as const })),
    KeySchema: [
      { AttributeName: partitionKey, KeyType: 'HASH' },
      { AttributeName: sortKey, KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [openIndex, statusIndex].map((index) => ({
      IndexName: index.name,
      KeySchema: [
        { AttributeName: index.partitionKey, KeyType: 'HASH' as const },
        { AttributeName: index.sortKey, KeyType: 'RANGE' as const },
      ],
      Projection: { ProjectionType: 'ALL' as const },
    })),
  }
}

/** A ledger whose clock stands where the test puts it. */
export function createTestLedger(table: TestTable, clock: { now: Date }): Ledger {
  return new Ledger({ ...table, now: () => clock.now })
}
