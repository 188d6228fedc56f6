import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { GetDelegationRequestCommand, IAMClient } from '@aws-sdk/client-iam'
import { ListCertificatesCommand, IoTClient } from '@aws-sdk/client-iot'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  STSClient,
  type AssumeRoleCommandInput,
} from '@aws-sdk/client-sts'
import { roleCaller } from '../../../local/aws/sessions.ts'
import { startLocal, type LocalRun } from '../../../local/server.ts'
import { documentOf, queuePolicy, roleOf, writeAssembly } from '../../support/assembly.ts'

const hub = '111111111111'
const arnOf = (role: string): string => `arn:aws:iam::${hub}:role/${role}`
const allow = (Action: unknown, Resource: unknown = '*', Condition = {}): unknown => {
  return { Effect: 'Allow', Action, Resource, Condition }
}

function role(name: string, trust: unknown, ...statements: unknown[]): unknown {
  const Policies = statements.length === 0 ? [] : [{ PolicyName: 'own', PolicyDocument: documentOf(...statements) }]
  return {
    Type: 'AWS::IAM::Role',
    Properties: { RoleName: name, AssumeRolePolicyDocument: documentOf(trust), Policies },
  }
}

const byLambda = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }
/** As the spoke roles are trusted. */
const trusting = (Action: string, Condition: unknown): unknown => {
  return { Effect: 'Allow', Action, Principal: { AWS: `arn:aws:iam::${hub}:root` }, Condition }
}
const worker = { ArnEquals: { 'aws:PrincipalArn': arnOf('worker') } }
const hints = { 'Fn::GetAtt': ['Hints', 'Arn'] }

const resources = {
  Hints: { Type: 'AWS::SQS::Queue', Properties: {} },
  Guarded: { Type: 'AWS::SQS::Queue', Properties: {} },
  GuardedPolicy: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      PolicyDocument: documentOf({
        Effect: 'Deny',
        Action: 'sqs:*',
        Principal: '*',
        Resource: { 'Fn::GetAtt': ['Guarded', 'Arn'] },
      }),
      Queues: [{ Ref: 'Guarded' }],
    },
  },
  Dead: { Type: 'AWS::SQS::Queue', Properties: {} },
  DeadPolicy: queuePolicy('Dead', 'events.amazonaws.com'),
  Ledger: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    },
  },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['my.app'] },
      Targets: [{ Id: 'a', Arn: hints, DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['Dead', 'Arn'] } } }],
    },
  },
  Worker: role(
    'worker',
    byLambda,
    allow('sqs:SendMessage', '*'),
    allow(['sts:AssumeRole', 'sts:TagSession'], [arnOf('spoke'), arnOf('absent'), arnOf('closed')]),
    allow(
      'dynamodb:GetItem',
      { 'Fn::GetAtt': ['Ledger', 'Arn'] },
      {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['OFFER#*'] },
      },
    ),
  ),
  Attached: {
    Type: 'AWS::IAM::Policy',
    Properties: { PolicyName: 'x', PolicyDocument: documentOf(allow('iot:List*')), Roles: [{ Ref: 'Attached1' }] },
  },
  Attached1: role('attached', byLambda),
  Managed: {
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: { PolicyDocument: documentOf(allow('iot:List*')) },
  },
  Managed1: {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'managed',
      AssumeRolePolicyDocument: documentOf(byLambda),
      ManagedPolicyArns: [{ Ref: 'Managed' }],
    },
  },
  Foreign: {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'foreign',
      AssumeRolePolicyDocument: documentOf(byLambda),
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'],
    },
  },
  Denied: {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'denied',
      AssumeRolePolicyDocument: documentOf(byLambda),
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AWSDenyAll'],
      Policies: [{ PolicyName: 'own', PolicyDocument: documentOf(allow('iot:List*')) }],
    },
  },
  Guest: role('guest', {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { AWS: 'arn:aws:iam::222222222222:role/worker' },
  }),
  Idle: role('idle', byLambda, allow('iam:ListUsers')),
  Closed: role('closed', { ...byLambda, Effect: 'Deny', Principal: '*' }, allow('*')),
  Spoke: {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'spoke',
      AssumeRolePolicyDocument: documentOf(
        trusting('sts:AssumeRole', { ...worker, StringEquals: { 'sts:ExternalId': 'gatehouse' } }),
        trusting('sts:TagSession', {
          ...worker,
          'ForAllValues:StringEquals': { 'aws:TagKeys': ['offer'] },
          Null: { 'aws:RequestTag/offer': 'false' },
        }),
      ),
      Policies: [
        {
          PolicyName: 'own',
          PolicyDocument: documentOf(
            allow('iot:ListCertificates', '*', { StringEquals: { 'aws:PrincipalTag/offer': 'o1' } }),
          ),
        },
      ],
    },
  },
}

let run: LocalRun
beforeAll(async () => {
  const assembly = writeAssembly({ resources })
  run = await startLocal({ assembly, account: hub, region: 'us-east-1', port: 0, consolePort: 0 })
})
afterAll(() => run.close())

interface Credentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
}
const clientOf = (
  credentials: Credentials,
): { endpoint: string; region: string; credentials: Credentials; maxAttempts: number } => {
  return { endpoint: run.endpointUrl, region: 'us-east-1', credentials, maxAttempts: 1 }
}
const administrator = (accessKeyId = hub): Credentials => ({ accessKeyId, secretAccessKey: 'x' })
/** A session as a function's own role has one. */
const as = (name: string): Credentials => run.sessions.start(roleCaller(arnOf(name), 'test'))
const session = (name: string): string => `arn:aws:sts::${hub}:assumed-role/${name}/test`
const logged = (): string =>
  run.log
    .recent()
    .filter(({ functionId }) => functionId === 'iam')
    .map(({ text }) => text)
    .join('\n')

describe('a refusal is worded as each protocol has it', () => {
  test('query: AccessDenied, 403', async () => {
    const asked = new IAMClient(clientOf(as('idle'))).send(
      new GetDelegationRequestCommand({ DelegationRequestId: 'a'.repeat(16) }),
    )
    await expect(asked).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: ${session('idle')} is not authorized to perform: iam:GetDelegationRequest on resource: arn:aws:iam::${hub}:delegation-request/${'a'.repeat(16)} because no identity-based policy allows the iam:GetDelegationRequest action`,
      $metadata: { httpStatusCode: 403 },
    })
  })

  test('rest-json: AccessDeniedException, 403', async () => {
    const asked = new IoTClient(clientOf(as('idle'))).send(new ListCertificatesCommand({}))
    await expect(asked).rejects.toMatchObject({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 403 } })
  })

  test('json: AccessDeniedException, 400', async () => {
    const asked = new EventBridgeClient(clientOf(as('idle'))).send(new PutEventsCommand({ Entries: [{ Source: 'a' }] }))
    await expect(asked).rejects.toMatchObject({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } })
  })

  test('DynamoDB: AccessDeniedException, 400, with the condition that failed in the log, and no key', async () => {
    const dynamo = new DynamoDBClient(clientOf(as('worker')))
    const get = (pk: string): Promise<unknown> =>
      dynamo.send(new GetItemCommand({ TableName: 'Ledger', Key: { pk: { S: pk } } }))
    await expect(get('OFFER#1')).resolves.toBeDefined()
    for (const key of ['LINK#secret', 'LINK#other'])
      await expect(get(key)).rejects.toMatchObject({
        name: 'AccessDeniedException',
        message: expect.stringContaining('no identity-based policy allows the dynamodb:GetItem action'),
        $metadata: { httpStatusCode: 400 },
      })
    const lines = logged()
      .split('\n')
      .filter((line) => line.includes('dynamodb:GetItem'))
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(
      '(considered: Worker/own[2]: ForAllValues:StringLike dynamodb:LeadingKeys does not hold)',
    )
    expect(lines[0]).not.toContain('LINK#')
  })
})

describe('resource policies', () => {
  const send = (credentials: Credentials, queue: string): Promise<unknown> => {
    const QueueUrl = `${run.endpointUrl}/${hub}/${queue}`
    return new SQSClient(clientOf(credentials)).send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))
  }

  test('deny what identity policies allow', async () => {
    await expect(send(as('worker'), 'Hints')).resolves.toBeDefined()
    await expect(send(as('worker'), 'Guarded')).rejects.toThrow('with an explicit deny in a resource-based policy')
  })

  test('have to let in a rule; else its event goes to the dead letters', async () => {
    const bus = new EventBridgeClient(clientOf(administrator()))
    await bus.send(new PutEventsCommand({ Entries: [{ Source: 'my.app', DetailType: 'x', Detail: '{"n":1}' }] }))
    await run.idle()
    const queues = run.services[0]!.snapshot!() as Record<string, { body: string }[]>
    expect(queues[`arn:aws:sqs:us-east-1:${hub}:Dead`]!.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
      { detail: { n: 1 } },
    ])
    expect(logged()).toContain('denied: User: events.amazonaws.com is not authorized to perform: sqs:SendMessage')
  })
})

describe('policies reach their roles', () => {
  const list = (name: string): Promise<unknown> =>
    new IoTClient(clientOf(as(name))).send(new ListCertificatesCommand({}))

  test('attached, and managed by the app', async () => {
    await expect(list('attached')).resolves.toBeDefined()
    await expect(list('managed')).resolves.toBeDefined()
  })

  test('those of AWS allow nothing, and the log says so', async () => {
    await expect(list('foreign')).rejects.toMatchObject({ name: 'AccessDeniedException' })
    expect(logged()).toContain('Foreign: what arn:aws:iam::aws:policy/AdministratorAccess allows is not known here')
  })
})

test('what AWS denies by a policy of its own is not known here, so nothing is allowed', async () => {
  const list = new IoTClient(clientOf(as('denied'))).send(new ListCertificatesCommand({}))
  await expect(list).rejects.toThrow('cannot evaluate Denied: arn:aws:iam::aws:policy/AWSDenyAll')
})

describe('a session of a role', () => {
  const assume = async (by: Credentials, given: Partial<AssumeRoleCommandInput> = {}): Promise<Credentials> => {
    const input = { RoleArn: arnOf('spoke'), RoleSessionName: 'o1-1', ExternalId: 'gatehouse', ...given }
    const { Credentials: made } = await new STSClient(clientOf(by)).send(new AssumeRoleCommand(input))
    const { AccessKeyId, SecretAccessKey, SessionToken } = made!
    return { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! }
  }
  const offer = [{ Key: 'offer', Value: 'o1' }]

  test('carries its tags', async () => {
    const spoke = await assume(as('worker'), { Tags: offer })
    await expect(new IoTClient(clientOf(spoke)).send(new ListCertificatesCommand({}))).resolves.toBeDefined()
    const untagged = await assume(as('worker'))
    await expect(new IoTClient(clientOf(untagged)).send(new ListCertificatesCommand({}))).rejects.toThrow(
      'iot:ListCertificates',
    )
    expect((await new STSClient(clientOf(spoke)).send(new GetCallerIdentityCommand())).Arn).toBe(
      `arn:aws:sts::${hub}:assumed-role/spoke/o1-1`,
    )
  })

  test.each<[string, () => Credentials, Partial<AssumeRoleCommandInput>, string]>([
    ['without the external id', () => as('worker'), { ExternalId: undefined }, 'sts:AssumeRole'],
    ['with another external id', () => as('worker'), { ExternalId: 'other' }, 'sts:AssumeRole'],
    ['for a role that is not trusted', () => as('idle'), {}, 'sts:AssumeRole'],
    ['for an administrator that is not trusted', () => administrator(), {}, 'sts:AssumeRole'],
    ['for another account', () => administrator('444455556666'), {}, 'sts:AssumeRole'],
    [
      'with a tag that is not the trusted one',
      () => as('worker'),
      { Tags: [...offer, { Key: 'x', Value: 'y' }] },
      'sts:TagSession',
    ],
    ['with other tags only', () => as('worker'), { Tags: [{ Key: 'x', Value: 'y' }] }, 'sts:TagSession'],
    [
      'of a role that trusts a role of another account, which its own policies have to let, too',
      () => run.sessions.start(roleCaller('arn:aws:iam::222222222222:role/worker', 'test')),
      { RoleArn: arnOf('guest') },
      'sts:AssumeRole',
    ],
    ['of a role that is not there', () => as('worker'), { RoleArn: arnOf('absent') }, 'sts:AssumeRole'],
    ['of a role that trusts nobody', () => as('worker'), { RoleArn: arnOf('closed') }, 'sts:AssumeRole'],
    ['that the caller has no right to', () => as('worker'), { RoleArn: arnOf('idle') }, 'sts:AssumeRole'],
  ])('is refused %s', async (...[, by, given, action]) => {
    await expect(assume(by(), given)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(
        `is not authorized to perform: ${action} on resource: arn:aws:iam::${hub}:role/`,
      ),
      $metadata: { httpStatusCode: 403 },
    })
  })

  test('is not narrowed by a policy that would not be kept to', async () => {
    await expect(assume(as('worker'), { Policy: '{}' })).rejects.toThrow('session policies are not known here')
  })
})

describe('services work under roles that trust them', () => {
  const code = 'export const handler = async () => ({})'
  const broken = async (others: Record<string, unknown>): Promise<string> => {
    const assembly = writeAssembly({ functions: { Sweep: { code } }, resources: others })
    const place = { account: hub, region: 'us-east-1', port: 0, consolePort: 0 }
    const started = await startLocal({ assembly, ...place }).catch(String)
    if (typeof started === 'string') return started
    await started.close()
    return 'started'
  }
  const schedule = (role: string): unknown => ({
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      ScheduleExpression: 'rate(1 hour)',
      Target: { Arn: { 'Fn::GetAtt': ['Sweep', 'Arn'] }, RoleArn: { 'Fn::GetAtt': [role, 'Arn'] } },
    },
  })

  test('or the run does not start', async () => {
    const Wrong = roleOf('states.amazonaws.com')
    expect(await broken({ Wrong, Schedule: schedule('Wrong') })).toContain(
      'Schedule: its role does not trust scheduler.amazonaws.com',
    )
    expect(await broken({ Right: roleOf('scheduler.amazonaws.com'), Schedule: schedule('Right') })).toBe('started')
  })

  test.each<[string, unknown]>([
    [
      'AWS::Lambda::Permission',
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: { Ref: 'Sweep' },
        Principal: '*',
        PrincipalOrgID: 'o-a1b2c3d4e5',
      },
    ],
    [
      'AWS::DynamoDB::Table',
      {
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        ResourcePolicy: { PolicyDocument: documentOf(allow('*')) },
      },
    ],
    [
      'AWS::DynamoDB::GlobalTable',
      {
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        Replicas: [{ Region: 'us-east-1', ResourcePolicy: { PolicyDocument: documentOf(allow('*')) } }],
      },
    ],
  ])('what narrows a right by means that are not known here is named: %s', async (Type, Properties) => {
    expect(await broken({ Odd: { Type, Properties } })).toContain(`Odd (${Type})`)
  })

  test('a document that cannot be read is named', async () => {
    const odd = role('odd', { ...byLambda, NotPrincipal: '*' })
    expect(await broken({ Odd: odd })).toContain('Odd (AWS::IAM::Role)')
  })
})
