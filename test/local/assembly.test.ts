import { readAssembly } from '../../local/assembly.ts'
import { place, roleOf, writeAssembly } from '../support/assembly.ts'

const code = 'export const handler = async () => ({})'

/** One of everything the app is made of, written as CDK writes it. */
const resources = {
  Queue: {
    Type: 'AWS::SQS::Queue',
    Properties: {
      VisibilityTimeout: 60,
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dlq', 'Arn'] }, maxReceiveCount: 3 },
    },
  },
  Dlq: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead-letters' } },
  Source: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      BatchSize: 10,
      EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
      FunctionName: { Ref: 'Scan' },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 4 },
    },
  },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['aws.ram'] },
      State: 'ENABLED',
      Targets: [{ Id: 'Target0', Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } }],
    },
  },
  Off: { Type: 'AWS::Events::Rule', Properties: { EventPattern: { source: ['x'] }, State: 'DISABLED', Targets: [] } },
  Schedule: {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      ScheduleExpression: 'rate(15 minutes)',
      Target: { Arn: { 'Fn::GetAtt': ['Sweep', 'Arn'] }, Input: '{"a":1}', RoleArn: 'x' },
    },
  },
  Machine: {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      StateMachineName: 'gatehouse-offer',
      RoleArn: 'x',
      DefinitionString: {
        'Fn::Join': ['', ['{"StartAt":"A","fn":"', { 'Fn::GetAtt': ['Scan', 'Arn'] }, '","p":"${Partition}"}']],
      },
      DefinitionSubstitutions: { Partition: { Ref: 'AWS::Partition' } },
    },
  },
  Ledger: {
    Type: 'AWS::DynamoDB::GlobalTable',
    Properties: {
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      Replicas: [{ Region: { Ref: 'AWS::Region' } }],
    },
  },
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: {} },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: { 'Fn::GetAtt': ['Web', 'Arn'] },
      PayloadFormatVersion: '2.0',
    },
  },
  Route: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: { Ref: 'Api' },
      RouteKey: 'GET /a/{token}',
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
    },
  },
  Metadata: { Type: 'AWS::CDK::Metadata', Properties: { Analytics: { 'Fn::Unknown': [] } }, Condition: 'Nowhere' },
}

const functions = {
  Scan: {
    code,
    env: {
      QUEUE: { Ref: 'Queue' },
      TABLE: { Ref: 'Ledger' },
      MACHINE: { Ref: 'Machine' },
      URL: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] },
      WHO: { 'Fn::Sub': ['${AWS::AccountId}/${Dlq.Arn}/${x}/${!y}', { x: { Ref: 'Sweep' } }] },
      PICK: { 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] },
    },
  },
  Sweep: { code },
  Web: { code },
}

describe('a cloud assembly', () => {
  const assembly = readAssembly(writeAssembly({ functions, resources }), place)

  test('gives functions their environment with local values', () => {
    const scan = assembly.functions.find(({ id }) => id === 'Scan')
    expect(scan).toMatchObject({
      name: 'Scan',
      arn: 'arn:aws:lambda:us-east-1:111111111111:function:Scan',
      roleArn: 'arn:aws:iam::111111111111:role/ScanRole',
      timeoutMs: 10_000,
      env: {
        QUEUE: 'http://127.0.0.1:4566/111111111111/Queue',
        TABLE: 'Ledger',
        MACHINE: 'arn:aws:states:us-east-1:111111111111:stateMachine:gatehouse-offer',
        URL: 'http://127.0.0.1:8787',
        WHO: '111111111111/arn:aws:sqs:us-east-1:111111111111:dead-letters/Sweep/${y}',
        PICK: 'b',
      },
    })
  })

  test('gives queues, their redrive and who reads them', () => {
    expect(assembly.queues[0]).toMatchObject({
      visibilityMs: 60_000,
      redrive: { queueArn: 'arn:aws:sqs:us-east-1:111111111111:dead-letters', maxReceiveCount: 3 },
    })
    expect(assembly.eventSources).toEqual([
      {
        id: 'Source',
        queueArn: 'arn:aws:sqs:us-east-1:111111111111:Queue',
        functionName: 'Scan',
        batchSize: 10,
        reportBatchItemFailures: true,
        maximumConcurrency: 4,
      },
    ])
  })

  test('gives enabled rules, schedules, routes and tables', () => {
    expect(assembly.rules.map(({ id }) => id)).toEqual(['Rule'])
    expect(assembly.schedules).toEqual([
      {
        id: 'Schedule',
        arn: 'arn:aws:scheduler:us-east-1:111111111111:schedule/default/Schedule',
        roleArn: 'x',
        everyMs: 900_000,
        targetArn: 'arn:aws:lambda:us-east-1:111111111111:function:Sweep',
        input: '{"a":1}',
      },
    ])
    expect(assembly.routes).toEqual([
      {
        id: 'Route',
        method: 'GET',
        path: '/a/{token}',
        functionArn: 'arn:aws:lambda:us-east-1:111111111111:function:Web',
        sourceArn: 'arn:aws:execute-api:us-east-1:111111111111:Api/$default/GET/a/{token}',
      },
    ])
    expect(assembly.tables.map(({ name }) => name)).toEqual(['Ledger'])
  })

  test('gives the definition of the state machine as the service would read it', () => {
    expect(JSON.parse(assembly.stateMachines[0]!.definition)).toEqual({
      StartAt: 'A',
      fn: 'arn:aws:lambda:us-east-1:111111111111:function:Scan',
      p: 'aws',
    })
  })
})

describe('a cloud assembly that cannot run here', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['an unknown type', { Topic: { Type: 'AWS::SNS::Topic', Properties: {} } }, 'Topic: the local run does not know'],
    ['a reference to nothing', queue({ VisibilityTimeout: { Ref: 'Nobody' } }), 'Odd: refers to `Nobody`'],
    ['an unknown attribute', queue({ QueueName: { 'Fn::GetAtt': ['Role', 'Color'] } }), 'Odd: cannot resolve Color'],
    ['an import', queue({ QueueName: { 'Fn::ImportValue': 'x' } }), 'Odd: Fn::ImportValue is not supported'],
    ['a circle', queue({ QueueName: { Ref: 'Odd' } }), 'Odd: refers to `Odd` in a circle'],
    ['a FIFO queue', queue({ FifoQueue: true }), 'Odd: FIFO queues are not supported'],
    ['a cron schedule', schedule('cron(0 * * * ? *)'), 'Odd: only rate(...) schedules'],
    ['a value from outside', queue({ QueueName: { Ref: 'FromSsm' } }), 'Odd: parameter `FromSsm` has no value'],
  ])('names the logical id: %s', (_name, resources, message) => {
    const dir = writeAssembly({
      resources: { ...resources, Role: roleOf('lambda.amazonaws.com') },
      template: { Parameters: { FromSsm: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/x' } } },
    })
    expect(() => readAssembly(dir, place)).toThrow(message)
  })

  test('takes conditions, mappings and AWS::NoValue as CloudFormation does', () => {
    const { queues } = readAssembly(
      writeAssembly({
        resources: {
          Here: {
            Type: 'AWS::SQS::Queue',
            Condition: 'InRegion',
            Properties: {
              QueueName: { 'Fn::If': ['InRegion', { 'Fn::FindInMap': ['Names', 'us-east-1', 'queue'] }, 'no'] },
              DelaySeconds: { Ref: 'AWS::NoValue' },
            },
          },
          There: { Type: 'AWS::SQS::Queue', Condition: 'Elsewhere', Properties: {} },
        },
        template: {
          Conditions: {
            InRegion: { 'Fn::Or': [{ 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] }] },
            Elsewhere: { 'Fn::Not': [{ Condition: 'InRegion' }] },
          },
          Mappings: { Names: { 'us-east-1': { queue: 'mapped' } } },
        },
      }),
      place,
    )
    expect(queues.map(({ name, delayMs }) => [name, delayMs])).toEqual([['mapped', 0]])
  })
})

function queue(properties: unknown): Record<string, unknown> {
  return { Odd: { Type: 'AWS::SQS::Queue', Properties: properties } }
}

function schedule(expression: string): Record<string, unknown> {
  return {
    Odd: {
      Type: 'AWS::Scheduler::Schedule',
      Properties: { ScheduleExpression: expression, Target: { Arn: 'arn:x', RoleArn: 'x' } },
    },
  }
}
