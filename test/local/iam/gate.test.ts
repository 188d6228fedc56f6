import { createBehaviour } from '../../../local/aws/behaviour.ts'
import { createOfferServices } from '../../../local/aws/services/offer-services.ts'
import { OrganizationTree } from '../../../local/aws/services/organization-tree.ts'
import type { Access } from '../../../local/iam/operations/access.ts'
import { createGate, type GateCall } from '../../../local/iam/gate.ts'
import { NotAuthorized } from '../../../local/iam/refusal.ts'

const account = '111111111111'
const own = (service: string, resource: string): string => `arn:aws:${service}:us-east-1:${account}:${resource}`
const machine = own('states', 'stateMachine:gatehouse-offer')

/** What the gate asks for a call of a role's session. */
function accessesOf(service: string, operation: string, input: Record<string, unknown>): Access[] {
  const asked: Access[] = []
  const gate = createGate({
    authority: {
      check: (_caller, access) => {
        asked.push(access)
      },
      guards: () => false,
      deny: (message) => {
        throw new NotAuthorized(message)
      },
    },
    offerServices: createOfferServices({ raise: () => undefined, behaviour: createBehaviour() }),
    tables: [
      {
        id: 'Ledger',
        name: 'ledger',
        arn: own('dynamodb', 'table/ledger'),
        keys: {
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          AttributeDefinitions: [],
          GlobalSecondaryIndexes: [
            { IndexName: 'open', KeySchema: [{ AttributeName: 'openKey', KeyType: 'HASH' }], Projection: {} },
          ],
        },
      },
    ],
    organization: new OrganizationTree({
      organizationId: 'o-abc',
      accounts: [{ id: '999999999999' }, { id: account }],
    }),
    functionArnOf: (name) => (name === 'vote' ? own('lambda', 'function:Vote1') : undefined),
    machineOf: (token) => (token === 'open' ? machine : undefined),
  })
  const caller: GateCall['caller'] = { account, role: 'r', arn: `arn:aws:sts::${account}:assumed-role/r/s` }
  gate({ service, operation, input, caller, region: 'us-east-1' })
  return asked
}

const table = own('dynamodb', 'table/ledger')
const keys = (...names: string[]): unknown => ({ 'dynamodb:LeadingKeys': names })

describe('what a call needs', () => {
  test.each<[string, string, Record<string, unknown>, unknown[]]>([
    [
      'dynamodb',
      'GetItem',
      { TableName: 'ledger', Key: { pk: { S: 'ASK#1' }, sk: { S: 'x' } } },
      [{ action: 'dynamodb:GetItem', resource: table, context: keys('ASK#1') }],
    ],
    [
      'dynamodb',
      'PutItem',
      { TableName: table, Item: { pk: { S: 'OFFER#1' }, other: { N: '1' } } },
      [{ action: 'dynamodb:PutItem', resource: table, context: keys('OFFER#1') }],
    ],
    [
      'dynamodb',
      'Query',
      {
        TableName: 'ledger',
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
        ExpressionAttributeValues: { ':pk': { S: 'OFFER#1' }, ':sk': { S: 'E' } },
      },
      [{ action: 'dynamodb:Query', resource: table, context: keys('OFFER#1') }],
    ],
    [
      'dynamodb',
      'Query',
      {
        TableName: 'ledger',
        IndexName: 'open',
        KeyConditionExpression: '#k=:k',
        ExpressionAttributeNames: { '#k': 'openKey' },
        ExpressionAttributeValues: { ':k': { S: 'open#1' } },
      },
      [{ action: 'dynamodb:Query', resource: `${table}/index/open`, context: keys('open#1') }],
    ],
    ['dynamodb', 'Scan', { TableName: 'ledger' }, [{ action: 'dynamodb:Scan', resource: table }]],
    [
      'dynamodb',
      'BatchGetItem',
      { RequestItems: { ledger: { Keys: [{ pk: { S: 'A' } }, { pk: { S: 'B' } }, { pk: { S: 'A' } }] } } },
      [{ action: 'dynamodb:BatchGetItem', resource: table, context: keys('A', 'B') }],
    ],
    [
      'dynamodb',
      'BatchWriteItem',
      {
        RequestItems: {
          ledger: [{ PutRequest: { Item: { pk: { S: 'A' } } } }, { DeleteRequest: { Key: { pk: { S: 'B' } } } }],
        },
      },
      [{ action: 'dynamodb:BatchWriteItem', resource: table, context: keys('A', 'B') }],
    ],
    [
      'sqs',
      'SendMessageBatch',
      { QueueUrl: `http://127.0.0.1:4566/${account}/hints` },
      [{ action: 'sqs:SendMessage', resource: own('sqs', 'hints') }],
    ],
    [
      'events',
      'PutEvents',
      { Entries: [{ Source: 'gatehouse', DetailType: 'x' }] },
      [
        {
          action: 'events:PutEvents',
          resource: own('events', 'event-bus/default'),
          context: { 'events:source': 'gatehouse', 'events:detail-type': 'x' },
        },
      ],
    ],
    [
      'sesv2',
      'SendEmail',
      {
        FromEmailAddress: 'Gatehouse <gate@example.com>',
        ConfigurationSetName: 'mails',
        Destination: { ToAddresses: ['a@example.org'] },
      },
      ['identity/gate@example.com', 'identity/example.com', 'configuration-set/mails'].map((resource) => ({
        action: 'ses:SendEmail',
        resource: own('ses', resource),
        context: { 'ses:FromAddress': 'gate@example.com', 'ses:Recipients': ['a@example.org'] },
      })),
    ],
    [
      'secretsmanager',
      'GetSecretValue',
      { SecretId: 'gatehouse/slack' },
      [{ action: 'secretsmanager:GetSecretValue', resource: own('secretsmanager', 'secret:gatehouse/slack-local1') }],
    ],
    [
      'stepfunctions',
      'StartExecution',
      { stateMachineArn: machine },
      [{ action: 'states:StartExecution', resource: machine }],
    ],
    [
      'stepfunctions',
      'SendTaskSuccess',
      { taskToken: 'open' },
      [{ action: 'states:SendTaskSuccess', resource: machine }],
    ],
    ['stepfunctions', 'SendTaskFailure', { taskToken: 'over' }, []],
    [
      'lambda',
      'Invoke',
      { FunctionName: 'vote' },
      [{ action: 'lambda:InvokeFunction', resource: own('lambda', 'function:Vote1') }],
    ],
    [
      'lambda',
      'Invoke',
      { FunctionName: 'other' },
      [{ action: 'lambda:InvokeFunction', resource: own('lambda', 'function:other') }],
    ],
    ['sts', 'GetCallerIdentity', {}, []],
    ['iot', 'ListCertificates', {}, [{ action: 'iot:ListCertificates', resource: '*' }]],
    [
      'iot',
      'AcceptCertificateTransfer',
      { certificateId: 'c1' },
      [{ action: 'iot:AcceptCertificateTransfer', resource: own('iot', 'cert/c1') }],
    ],
    [
      'ram',
      'AcceptResourceShareInvitation',
      { resourceShareInvitationArn: 'arn:aws:ram:us-east-1:444455556666:resource-share-invitation/i' },
      [
        {
          action: 'ram:AcceptResourceShareInvitation',
          resource: 'arn:aws:ram:us-east-1:444455556666:resource-share-invitation/i',
          context: { 'ram:ShareOwnerAccountId': '444455556666' },
        },
      ],
    ],
    [
      'iam',
      'RejectDelegationRequest',
      { DelegationRequestId: 'd1' },
      [{ action: 'iam:RejectDelegationRequest', resource: `arn:aws:iam::${account}:delegation-request/d1` }],
    ],
    [
      'organizations',
      'DescribeAccount',
      { AccountId: '444455556666' },
      [
        {
          action: 'organizations:DescribeAccount',
          resource: 'arn:aws:organizations::999999999999:account/o-abc/444455556666',
        },
      ],
    ],
    ...['r-root', 'ou-abcd-11111111'].map((ParentId): [string, string, Record<string, unknown>, unknown[]] => [
      'organizations',
      'ListAccountsForParent',
      { ParentId },
      [
        {
          action: 'organizations:ListAccountsForParent',
          resource: `arn:aws:organizations::999999999999:${ParentId === 'r-root' ? 'root' : 'ou'}/o-abc/${ParentId}`,
        },
      ],
    ]),
  ])('%s %s', (...[service, operation, input, expected]) => {
    expect(accessesOf(service, operation, input)).toEqual(expected)
  })

  test('a session with tags needs the right to tag as well, and only assuming carries the external id', () => {
    const RoleArn = `arn:aws:iam::${account}:role/spoke`
    const Tags = [{ Key: 'gatehouse:offer', Value: 'o1' }]
    const [assume, tag] = accessesOf('sts', 'AssumeRole', { RoleArn, RoleSessionName: 's', ExternalId: 'e', Tags })
    const tagged = { 'aws:RequestTag/gatehouse:offer': 'o1', 'aws:TagKeys': ['gatehouse:offer'] }
    expect(assume).toMatchObject({ action: 'sts:AssumeRole', context: { ...tagged, 'sts:ExternalId': 'e' } })
    expect(tag).toMatchObject({ action: 'sts:TagSession', resource: RoleArn, context: tagged })
    expect(tag!.context).not.toHaveProperty('sts:ExternalId')
  })
})

describe('a call that does not say what it needs is refused', () => {
  test.each<[string, string, Record<string, unknown>, string]>([
    ['ram', 'CreateResourceShare', {}, 'the local run does not know what ram CreateResourceShare needs'],
    ['dynamodb', 'DeleteTable', { TableName: 'ledger' }, 'does not know what dynamodb DeleteTable needs'],
    ['dynamodb', 'GetItem', { TableName: 'ledger' }, 'the input does not say what it is about'],
    ['dynamodb', 'GetItem', { TableName: 'ledger', Key: { sk: { S: 'x' } } }, 'no partition key `pk`'],
    ['dynamodb', 'GetItem', { TableName: 'other', Key: { pk: { S: 'x' } } }, 'other is no table'],
    ['dynamodb', 'Query', { TableName: 'ledger', KeyConditionExpression: 'sk = :a' }, 'no partition key `pk`'],
    ['sts', 'AssumeRole', { RoleArn: 'r', RoleSessionName: 's', Policy: '{}' }, 'session policies are not known here'],
  ])('%s %s %j', (...[service, operation, input, why]) => {
    expect(() => accessesOf(service, operation, input)).toThrow(why)
  })
})
