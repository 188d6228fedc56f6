import { RemovalPolicy } from 'aws-cdk-lib'
import { AttributeType, Billing, ProjectionType, TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import type { Construct } from 'constructs'
import { ledgerTable } from '../../lambda/contract/env.ts'
import type { HubFunction } from './hub-function.ts'

/** Kinds of partitions, by what their keys begin with. */
export type Partition = 'OFFER' | 'ASK' | 'LINK' | 'SCAN' | 'FLOOD' | 'DIGEST' | 'ORGANIZATION' | 'TRANSFER'

const accessActions = {
  /** One item by its whole key. */
  get: ['dynamodb:GetItem'],
  /** A partition, or a part of it. */
  read: ['dynamodb:Query'],
  /** Conditional puts: nothing is updated in place, nothing is deleted. */
  write: ['dynamodb:PutItem'],
  /** Many at once, without conditions: links of a digest, and the entries that it has told of. */
  batch: ['dynamodb:BatchWriteItem'],
} as const

/** The ledger: one table, append-only, kept when the stack goes. */
export class LedgerTable extends TableV2 {
  constructor(scope: Construct, id: string) {
    const { partitionKey, sortKey, ttl, openIndex, statusIndex } = ledgerTable
    super(scope, id, {
      partitionKey: textKey(partitionKey),
      sortKey: textKey(sortKey),
      timeToLiveAttribute: ttl,
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      globalSecondaryIndexes: [openIndex, statusIndex].map((index) => ({
        indexName: index.name,
        partitionKey: textKey(index.partitionKey),
        sortKey: textKey(index.sortKey),
        projectionType: ProjectionType.ALL,
      })),
    })
  }

  /** Lets a function read, or write, items of these partitions and no others. No index, no scan. */
  open(to: HubFunction, access: keyof typeof accessActions, partitions: readonly Partition[]): void {
    to.allow([...accessActions[access]], [this.tableArn], leadingKeys(partitions.map(keyPatternOf)))
  }

  /** Lets a function list the open offers of a target. */
  openIndexTo(to: HubFunction): void {
    to.allow(['dynamodb:Query'], [`${this.tableArn}/index/${ledgerTable.openIndex.name}`], leadingKeys(['open#*']))
  }

  /** Lets a function list the cases that are not closed, and the scans. */
  openListsTo(to: HubFunction): void {
    const index = `${this.tableArn}/index/${ledgerTable.statusIndex.name}`
    to.allow(['dynamodb:Query'], [index], leadingKeys(['awaiting-approval', 'open', 'scan']))
  }
}

/** There is one organization. */
function keyPatternOf(name: Partition): string {
  return name === 'ORGANIZATION' ? name : `${name}#*`
}

function textKey(name: string): { name: string; type: AttributeType } {
  return { name, type: AttributeType.STRING }
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html */
function leadingKeys(patterns: string[]): Record<string, Record<string, string[]>> {
  return { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': patterns } }
}
