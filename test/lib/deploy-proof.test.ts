import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { config as example } from '../../gatehouse.config.ts'
import { compilePolicySet } from '../../lambda/policy/load.ts'
import { defineConfig, toSettings, type Config, type ConfigInput } from '../../lib/config.ts'
import { filesBeside } from '../../lib/files-beside.ts'
import { HubStack } from '../../lib/hub-stack.ts'
import { checkSizes, TemplateTooLarge } from '../../lib/limits.ts'
import { synthContext } from '../../lib/synth-context.ts'
import { synthesize } from '../../lib/synth.ts'
import { withSample } from '../../local/sample.ts'
import type { Loose } from './template.ts'

const sample = withSample(example)
const organization = { id: 'o-a1b2c3d4e5', targets: { ous: ['r-ab12'] }, regions: ['us-east-1', 'eu-west-1'] }
const accounts = (count: number): string[] => Array.from({ length: count }, (_, i) => String(222222220000 + i))
const withPartners = (count: number): Config => configWith({ partners: { partners: { accounts: accounts(count) } } })

function configWith(change: Partial<ConfigInput>): Config {
  return defineConfig({ ...sample, organization, ...change })
}

describe('at 200 partners', () => {
  let outdir: string
  beforeAll(async () => {
    outdir = mkdtempSync(join(tmpdir(), 'gatehouse-test-'))
    await synthesize({ config: withPartners(200), outdir, bundle: false })
  })
  afterAll(() => {
    rmSync(outdir, { recursive: true, force: true })
  })

  const hubTemplate = (): Loose => JSON.parse(readFileSync(join(outdir, 'Gatehouse.template.json'), 'utf8'))
  const bodies = (): string[] =>
    Object.values<Loose>(hubTemplate().Resources)
      .filter(({ Type }) => Type === 'AWS::CloudFormation::StackSet')
      .map(({ Properties }) => Properties.TemplateBody)

  test('every template is far below what CloudFormation takes', () => {
    expect(readFileSync(join(outdir, 'Gatehouse.template.json')).length).toBeLessThan(500_000)
    expect(Object.keys(hubTemplate().Resources).length).toBeLessThan(250)
    expect(bodies()).toHaveLength(2)
    for (const text of bodies()) expect(Buffer.byteLength(text)).toBeLessThan(25_600)
  })
})

describe('a template that is too large fails the synth', () => {
  test('more partners than an inline policy holds', () => {
    const { template } = hubOf(withPartners(700))
    expect(() => {
      checkSizes('Gatehouse', template)
    }).toThrow(/^the policies of role gatehouse-auto-acceptor: expected at most 10240 characters, got \d{5}$/)
  })

  const documentOf = (...Statement: unknown[]): unknown => ({ Version: '2012-10-17', Statement })
  const roleOf = (properties: object): unknown => ({ Role: { Type: 'AWS::IAM::Role', Properties: properties } })
  const filler = (length: number): unknown => documentOf({ Sid: 'x'.repeat(length) })
  test.each<[string, unknown, RegExp]>([
    [
      'a trust policy',
      roleOf({ AssumeRolePolicyDocument: filler(2048) }),
      /trust policy of role Role: .* 2048 characters/,
    ],
    [
      'policies together',
      {
        ...(roleOf({ AssumeRolePolicyDocument: filler(1), Policies: [{ PolicyDocument: filler(6000) }] }) as object),
        More: { Type: 'AWS::IAM::Policy', Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: filler(6000) } },
      },
      /the policies of role Role: expected at most 10240 characters/,
    ],
    [
      'statements of a queue',
      {
        Queue: {
          Type: 'AWS::SQS::QueuePolicy',
          Properties: { PolicyDocument: documentOf(...Array.from({ length: 21 }, () => ({}))) },
        },
      },
      /Queue: expected at most 20 statements, got 21/,
    ],
    [
      'a template for StackSets',
      {
        Set: {
          Type: 'AWS::CloudFormation::StackSet',
          Properties: { TemplateBody: JSON.stringify({ Resources: {}, Description: 'x'.repeat(51_200) }) },
        },
      },
      /the template of Set: expected at most 51200 bytes/,
    ],
    [
      'resources',
      Object.fromEntries(Array.from({ length: 501 }, (_, i) => [`R${i}`, { Type: 'AWS::SQS::Queue' }])),
      /expected at most 500 resources, got 501/,
    ],
    [
      'a file',
      { Queue: { Type: 'AWS::SQS::Queue', Properties: { x: 'x'.repeat(1_000_000) } } },
      /at most 1000000 bytes/,
    ],
  ])('%s', (_, Resources, message) => {
    const check = (): void => {
      checkSizes('T', { Resources })
    }
    expect(check).toThrow(TemplateTooLarge)
    expect(check).toThrow(message)
  })
})

describe('a change of the configuration touches', () => {
  const alone = hubOf(sample)
  const readersOfSettings = pathsOf(alone, 'AWS::Lambda::Function')
  const changedBy = (change: Partial<ConfigInput>): string[] =>
    differences(alone, hubOf(defineConfig({ ...sample, ...change })))
  const withMembers = hubOf(configWith({}))
  const changedWithMembersBy = (change: Partial<ConfigInput>): string[] =>
    differences(withMembers, hubOf(configWith(change)))

  test('nothing, where there is none', () => {
    expect(changedBy({})).toEqual([])
  })

  test('sweepEvery: the schedule, and what is measured against it', () => {
    const touched = ['Alarms/ScansOld', 'Alarms/VotesThrottled', 'Detection/SweepSchedule', 'Sweep']
    expect(changedBy({ sweepEvery: '1 hour' })).toEqual(touched)
  })

  test('mode: the settings of the functions', () => {
    expect(changedBy({ mode: 'observe' })).toEqual(readersOfSettings)
  })

  test('addresses of approvers: the settings of the functions, but not of the public ones', () => {
    const groups = JSON.parse(JSON.stringify(sample.groups)) as typeof sample.groups
    groups.security!.approvers[0]!.email = 'alice@example.org'
    expect(changedBy({ groups })).toEqual(readersOfSettings.filter((path) => !['Web', 'Slack'].includes(path)))
  })

  test('partners: settings, as judging is another then, and the role bounded to them, here and in members', () => {
    const touched = [...readersOfSettings, 'RolesStackSet', 'Spoke/AutoAcceptor'].sort()
    expect(changedWithMembersBy({ partners: { partners: { accounts: accounts(3) } } })).toEqual(touched)
  })

  test('regions: rights and rules, and no other part of the hub', () => {
    const regions = ['us-east-1', 'eu-north-1']
    const touched = changedWithMembersBy({ organization: { ...organization, regions } })
    expect(touched.filter((path) => !readersOfSettings.includes(path))).toEqual([
      'RolesStackSet',
      'RulesStackSet',
      'Spoke/Acceptor',
      'Spoke/AutoAcceptor',
      'Spoke/Reader',
      'Spoke/Rejector',
      'Spoke/Sender',
    ])
  })

  test('never the logical id of what holds something, nor what it is', () => {
    const held = {
      'AWS::DynamoDB::GlobalTable': ['LedgerB7379752'],
      'AWS::SQS::Queue': ['QueueDeadLetters9B423CAD', 'QueueHints81B48F99'],
      'AWS::SES::ConfigurationSet': ['MailsSet72C6248F'],
      'AWS::SecretsManager::Secret': ['SessionsA3CC2328'],
      'AWS::ApiGatewayV2::Api': ['ApprovalsApiE46CC10B'],
    }
    const signIn = { issuer: 'https://id.example.com', clientId: 'gatehouse' }
    const approvals = { ...sample.approvals, signIn }
    const others: Config[] = [
      configWith({ approvals, partners: { partners: { accounts: accounts(200) } } }),
      defineConfig({ ...sample, approvals, region: 'eu-west-1', mode: 'observe', sweepEvery: '1 hour' }),
    ]
    for (const config of others) {
      const hub = hubOf(config)
      expect(Object.fromEntries(Object.keys(held).map((type) => [type, idsOf(hub, type)]))).toEqual(held)
    }
  })
})

interface Hub {
  template: Loose
}

/** The hub's template; code of a function is a digest of the files beside it. */
function hubOf(config: Config): Hub {
  const outdir = mkdtempSync(join(tmpdir(), 'gatehouse-test-'))
  try {
    const app = new App({ context: synthContext, outdir, builtinCloudFormationValidation: false })
    const beside = filesBeside(config, compilePolicySet('policies', toSettings(config, '')))
    const codeOf = (handler: string): Code => Code.fromInline(digestOf(beside(handler)))
    const env = { account: '111111111111', region: config.region }
    const stack = new HubStack(app, 'Gatehouse', { env, config, today: '2026-11-21', codeOf })
    return { template: Template.fromStack(stack).toJSON() }
  } finally {
    rmSync(outdir, { recursive: true, force: true })
  }
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}

/** Paths of the resources that are not the same in both. */
function differences(one: Hub, other: Hub): string[] {
  const ids = new Set([...Object.keys(one.template.Resources), ...Object.keys(other.template.Resources)])
  const differing = [...ids].filter(
    (id) => JSON.stringify(one.template.Resources[id]) !== JSON.stringify(other.template.Resources[id]),
  )
  return differing.map((id) => pathOf(one.template.Resources[id] ?? other.template.Resources[id])).sort()
}

function idsOf({ template }: Hub, type: string): string[] {
  return Object.keys(template.Resources)
    .filter((id) => template.Resources[id].Type === type)
    .sort()
}

function pathsOf({ template }: Hub, type: string): string[] {
  return Object.values<Loose>(template.Resources)
    .filter(({ Type }) => Type === type)
    .map(pathOf)
    .sort()
}

function pathOf(resource: Loose): string {
  return resource.Metadata['aws:cdk:path'].replace(/^Gatehouse\//, '').replace(/\/Resource$/, '')
}
