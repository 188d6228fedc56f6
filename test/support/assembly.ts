import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LocalPlace } from '../../local/assembly/values.ts'

export const place: LocalPlace = {
  account: '111111111111',
  region: 'us-east-1',
  endpointUrl: 'http://127.0.0.1:4566',
  approvalUrl: 'http://127.0.0.1:8787',
}

/** One function of a hand-made assembly: its bundle's text, and what its template says. */
export interface SampleFunction {
  code: string
  env?: Record<string, unknown>
  timeout?: number
}

/** Writes a small cloud assembly as CDK would; `resources` are laid beside the functions. */
export function writeAssembly(options: {
  functions?: Record<string, SampleFunction>
  resources?: Record<string, unknown>
  template?: Record<string, unknown>
}): string {
  const dir = mkdtempSync(join(tmpdir(), 'gatehouse-assembly-'))
  const { functions = {}, resources = {}, template = {} } = options
  const roles = Object.keys(functions).map((id) => [`${id}Role`, roleOf('lambda.amazonaws.com')])
  const lambdas = Object.entries(functions).map(([id, one]) => [id, functionResource(id, one)])
  for (const [id, { code }] of Object.entries(functions)) {
    mkdirSync(join(dir, `asset.${id}`))
    writeFileSync(join(dir, `asset.${id}`, 'index.mjs'), code)
  }
  write(dir, 'Gatehouse.template.json', {
    ...template,
    Resources: { ...Object.fromEntries([...roles, ...lambdas]), ...resources },
  })
  write(dir, 'Gatehouse.assets.json', { files: Object.fromEntries(Object.keys(functions).map(asset)) })
  write(dir, 'manifest.json', {
    artifacts: {
      Gatehouse: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Gatehouse.template.json' } },
    },
  })
  return dir
}

/** A role that this service works under, and that may do everything. */
export function roleOf(service: string): unknown {
  const may = { Effect: 'Allow', Action: '*', Resource: '*' }
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: documentOf({
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: service },
      }),
      Policies: [{ PolicyName: 'all', PolicyDocument: documentOf(may) }],
    },
  }
}

export function documentOf(...statements: readonly unknown[]): { Version: string; Statement: readonly unknown[] } {
  return { Version: '2012-10-17', Statement: statements }
}

/** Lets a service of AWS use a queue. */
export function queuePolicy(queueId: string, service: string): unknown {
  const Resource = { 'Fn::GetAtt': [queueId, 'Arn'] }
  const send = { Effect: 'Allow', Action: 'sqs:SendMessage', Principal: { Service: service }, Resource }
  return { Type: 'AWS::SQS::QueuePolicy', Properties: { PolicyDocument: documentOf(send), Queues: [{ Ref: queueId }] } }
}

/** Lets a service of AWS invoke a function. */
export function permission(functionId: string, service: string): unknown {
  const FunctionName = { 'Fn::GetAtt': [functionId, 'Arn'] }
  return {
    Type: 'AWS::Lambda::Permission',
    Properties: { Action: 'lambda:InvokeFunction', FunctionName, Principal: service },
  }
}

function functionResource(id: string, { env = {}, timeout = 10 }: SampleFunction): unknown {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: {
        S3Bucket: { 'Fn::Sub': 'cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}' },
        S3Key: `${id}.zip`,
      },
      Handler: 'index.handler',
      Role: { 'Fn::GetAtt': [`${id}Role`, 'Arn'] },
      Timeout: timeout,
      MemorySize: 256,
      Environment: { Variables: env },
    },
  }
}

function asset(id: string): [string, unknown] {
  return [id, { source: { path: `asset.${id}` }, destinations: { local: { objectKey: `${id}.zip` } } }]
}

function write(dir: string, name: string, content: unknown): void {
  writeFileSync(join(dir, name), JSON.stringify(content))
}
