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
  const roles = Object.keys(functions).map((id) => [`${id}Role`, { Type: 'AWS::IAM::Role', Properties: {} }])
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
