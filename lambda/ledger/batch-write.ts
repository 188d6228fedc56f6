import { BatchWriteCommand, type BatchWriteCommandInput, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { ServiceThrottled } from '../contract/errors.ts'

type Write = NonNullable<BatchWriteCommandInput['RequestItems']>[string][number]

/** What DynamoDB takes at once. */
const mostPerBatch = 25
/** DynamoDB leaves some of a batch undone when it is throttled. */
const mostRounds = 8

/** Puts and deletes without conditions, all of them; ServiceThrottled when DynamoDB keeps leaving some undone. */
export async function writeInBatches(
  { client, tableName }: { client: DynamoDBDocumentClient; tableName: string },
  writes: readonly Write[],
): Promise<void> {
  for (let start = 0; start < writes.length; start += mostPerBatch) {
    let left: Write[] = writes.slice(start, start + mostPerBatch)
    for (let round = 0; left.length > 0; round += 1) {
      if (round === mostRounds) throw new ServiceThrottled(`${left.length} items were not written`)
      const reply = await client.send(new BatchWriteCommand({ RequestItems: { [tableName]: left } }))
      left = reply.UnprocessedItems?.[tableName] ?? []
    }
  }
}
