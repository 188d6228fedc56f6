import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { createTestLedger, createTestTable, type TestTable } from '../../support/table.ts'

let table: TestTable
beforeAll(async () => {
  table = await createTestTable()
})
afterAll(async () => {
  await table.close()
})

async function put(id: string, status: string, deadlineKey: string): Promise<void> {
  const Item = { pk: `OFFER#${id}`, sk: 'SUMMARY', status, deadlineKey }
  await table.client.send(new PutCommand({ TableName: table.tableName, Item }))
}

test('counts what waits for people and is due by then, and nothing else', async () => {
  await put('over', 'awaiting-approval', '2026-11-20T09:00:00.000Z')
  await put('at-the-moment', 'awaiting-approval', '2026-11-20T12:00:00.000Z')
  await put('later', 'awaiting-approval', '2026-11-20T12:00:00.001Z')
  await put('without', 'awaiting-approval', 'none')
  await put('not-asked', 'open', '2026-11-20T11:00:00.000Z')
  await put('closed', 'closed', '2026-11-20T11:00:00.000Z')
  const ledger = createTestLedger(table, { now: new Date() })

  expect(await ledger.countAwaiting(new Date('2026-11-20T12:00:00.000Z'))).toBe(2)
})
