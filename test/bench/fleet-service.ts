import { createServer } from 'node:http'
import { ledgerTable } from '../../lambda/contract/env.ts'
import { createEndpoint } from '../../local/aws/endpoint.ts'
import { openDynamo } from '../../local/aws/dynamodb/dynamodb.ts'
import { administratorOf } from '../support/endpoint.ts'
import { createFleet } from '../support/fleet.ts'

/*
 * AWS for the bench of a fleet, in a process of its own, so that its memory is not the scanner's: a simulated IoT with a
 * million certificates, made when they are asked for, and the ledger's table.
 */
const outgoing = 500
const every = 1000

const fleet = createFleet({
  certificates: 1_000_000,
  // Ours on their way out are listed as pending, too; of all the others one of each thousand waits.
  isPending: (index) => index < outgoing || index % every === every - 1,
  outgoing,
})

const text = (...names: string[]): { AttributeName: string; AttributeType: 'S' }[] =>
  names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' }))
const keys = (partition: string, sort: string): { AttributeName: string; KeyType: 'HASH' | 'RANGE' }[] => [
  { AttributeName: partition, KeyType: 'HASH' },
  { AttributeName: sort, KeyType: 'RANGE' },
]
const { partitionKey, sortKey, openIndex, statusIndex } = ledgerTable
const dynamo = await openDynamo({
  tables: [
    {
      id: 'ledger',
      name: 'ledger',
      arn: 'arn:aws:dynamodb:us-east-1:111111111111:table/ledger',
      keys: {
        KeySchema: keys(partitionKey, sortKey),
        AttributeDefinitions: [
          ...text(partitionKey, sortKey, openIndex.partitionKey, openIndex.sortKey),
          ...text(statusIndex.partitionKey, statusIndex.sortKey),
        ],
        GlobalSecondaryIndexes: [openIndex, statusIndex].map((index) => ({
          IndexName: index.name,
          KeySchema: keys(index.partitionKey, index.sortKey),
          Projection: { ProjectionType: 'ALL' },
        })),
      },
    },
  ],
  place: { account: '111111111111', region: 'us-east-1', endpointUrl: '', approvalUrl: '' },
  resolveCaller: administratorOf,
  gate: () => undefined,
})
const endpoint = createEndpoint({
  services: [fleet.service],
  resolveCaller: administratorOf,
  nowMs: Date.now,
  defaultRegion: 'us-east-1',
})

const server = createServer((request, response) => {
  void dynamo.handle(request, response).then(async (handled) => {
    if (!handled) await endpoint.handle(request, response)
  })
})
server.listen(0, '127.0.0.1', () => process.send?.({ address: server.address() }))
process.on('message', () => process.send?.({ calls: fleet.calls }))
