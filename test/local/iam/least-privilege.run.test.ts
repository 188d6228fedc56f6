import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { main } from '../../../bin/cli/main.ts'
import { config } from '../../../gatehouse.config.ts'
import { defineConfig } from '../../../lib/config.ts'
import { synthesize } from '../../../lib/synth.ts'
import { policyDocumentSchema } from '../../../local/iam/document.ts'
import { reportOf, surplusOf } from '../../../local/iam/report.ts'
import type { GrantedStatement } from '../../../local/iam/rights.ts'
import { compileDocument } from '../../../local/iam/statement.ts'
import { pathsOf, walk, type Walked } from '../../../local/iam/walk/walk.ts'
import { sampleAccounts, sampleSecrets, sampleSlack, withSample } from '../../../local/sample.ts'
import { findSampleOffer } from '../../../local/sample-offers.ts'
import { startLocal } from '../../../local/server.ts'

jest.setTimeout(300_000)

/** Two members: what one account needs is part of it. */
const withMembers = defineConfig({
  ...config,
  account: sampleAccounts.own,
  organization: {
    id: 'o-exampleorg1',
    targets: { ous: ['ou-root-workloads'], only: ['222222222222', '333333333333'] },
    managementAccount: '999999999999',
  },
})

let walked: Walked
beforeAll(async () => {
  walked = await walk(withMembers)
})

describe('on every path through the app', () => {
  test('no right is missing', () => {
    expect(walked.refused).toEqual([])
    expect(walked.failed).toEqual([])
  })

  test('no right is surplus, unless it is acknowledged', () => {
    expect(
      surplusOf(reportOf(walked)).map(({ statement, action, resource, narrowed }) => [
        statement,
        action,
        resource,
        narrowed,
      ]),
    ).toEqual([])
  })

  test('each path needs rights', () => {
    const taken = new Set(reportOf(walked).flatMap(({ usedBy }) => usedBy))
    expect(Object.keys(pathsOf(withMembers)).filter((name) => !taken.has(name))).toEqual([])
  })

  test('a right that is added shows', () => {
    const Condition = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['OFFER#*'] } }
    const extra = { Effect: 'Allow', Action: ['dynamodb:DeleteItem', 'logs:PutLogEvents'], Resource: 't', Condition }
    const document = policyDocumentSchema.parse({ Statement: extra })
    const statements = compileDocument('Extra', document).map((statement) => {
      return { holder: 'VoteRole', kind: 'identity' as const, statement }
    })
    const [first] = walked.authorities
    const added = { usage: first!.usage, statements }
    expect(surplusOf(reportOf({ authorities: [...walked.authorities, added] }))).toMatchObject([
      { holder: 'VoteRole', statement: 'Extra[0]', action: 'dynamodb:DeleteItem', narrowed: 'OFFER#*', usedBy: [] },
    ])
  })
})

const rightsIn = ({ holder, statement }: GrantedStatement): string[] =>
  statement.rights.map(({ action }) => `${holder} ${action}`)

test('a right that is taken away fails its path, with a line that names it', async () => {
  const outdir = mkdtempSync(join(tmpdir(), 'gatehouse-test-'))
  await synthesize({ config: withSample(config), outdir })
  const file = join(outdir, 'Gatehouse.template.json')
  const template = readFileSync(file, 'utf8')
  const broken = template.replaceAll('"ram:RejectResourceShareInvitation"', '"ram:GetResourceShares"')
  expect(broken).not.toBe(template)
  writeFileSync(file, broken)
  const place = { account: sampleAccounts.own, region: config.region, port: 0, consolePort: 0 }
  const run = await startLocal({ assembly: outdir, ...place, secrets: sampleSecrets, slack: sampleSlack })
  try {
    await findSampleOffer('stranger-shares-resolver-rule')!.make({ endpoint: run.endpointUrl, region: config.region })
    await run.idle()

    const lines = run.log.recent().filter(({ functionId }) => functionId === 'iam')
    expect(lines.map(({ text }) => text)).toEqual([
      expect.stringMatching(
        /^denied: User: arn:aws:sts::111111111111:assumed-role\/gatehouse-rejector\/ram-invitation-\w+-1 is not authorized to perform: ram:RejectResourceShareInvitation on resource: arn:aws:ram:\S+ because no identity-based policy allows the ram:RejectResourceShareInvitation action$/,
      ),
    ])
    // Without an organization nobody may anything that the walk has not proven.
    const proven = new Set(walked.authorities.flatMap(({ statements }) => statements.flatMap(rightsIn)))
    const surplus = run.authority.statements.flatMap(rightsIn).filter((right) => !proven.has(right))
    expect(surplus.filter((right) => !right.endsWith('ram:GetResourceShares'))).toEqual([])
    const [machine] = run.assembly.stateMachines
    expect(run.engine.list(machine!.arn).map(({ status }) => status)).not.toContain('SUCCEEDED')
  } finally {
    await run.close()
    rmSync(outdir, { recursive: true, force: true })
  }
})

test('the command says what it does and how it ends', async () => {
  let out = ''
  const io = {
    root: '.',
    env: {},
    out: (text: string) => void (out += text),
    err: () => undefined,
    onStop: () => undefined,
  }
  expect(await main(['iam', 'report', '--help'], io)).toBe(0)
  expect(out).toContain('A local run that is up is not asked and not touched')
})
