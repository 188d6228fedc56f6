import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { Server } from 'node:http'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { ledgerTable } from '../../lambda/contract/env.ts'
import { Ledger } from '../../lambda/ledger/ledger.ts'

const dynalite = createRequire(__filename)('dynalite') as (options: { createTableMs: number }) => Server

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
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: '111111111111', secretAccessKey: 'test' },
  })
  const tableName = 'ledger'
  await client.send(new CreateTableCommand(tableDefinition(tableName)))
  return {
    client: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
    tableName,
    close: async () => {
      client.destroy()
      await new Promise((resolve) => server.close(resolve))
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
