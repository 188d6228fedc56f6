import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { config as example } from '../../gatehouse.config.ts'
import { settingsSchema } from '../../lambda/contract/settings.ts'
import { policyDocumentSchema } from '../../lambda/policy/document.ts'
import { functionIds, handlerNamesFor } from '../../lib/constructs/hub-functions.ts'
import { synthesize } from '../../lib/synth.ts'
import { policyDirOf, synthesizeTemplate, type Loose } from './template.ts'

describe('what fails a synth', () => {
  test('a policy that does not fit the schema, with file and line', async () => {
    const policyDir = await policyDirOf({
      'bad.cedar': '@id("bad")\n@reason("bad")\npermit(principal, action == Action::"acept", resource);\n',
    })
    await expect(synthesizeTemplate({}, { policyDir })).rejects.toThrow(/bad\.cedar:\d+: .*acept/)
  })

  test('a policy on a partner group that the configuration does not have', async () => {
    await expect(synthesizeTemplate({ partners: {} })).rejects.toThrow(/unknown partner group/)
  })
})

describe('what the operator is told', () => {
  test('outside us-east-1: what stays there', async () => {
    const told: string[] = []
    await synthesizeTemplate({ region: 'eu-west-1' }, { notice: (text) => told.push(text) })
    expect(told).toEqual([
      expect.stringMatching(/eu-west-1.*iam-delegation are found by sweep only/),
      expect.stringMatching(/eu-west-1.*shares of global resources, .* never found/),
    ])
  })

  test('in us-east-1: nothing', async () => {
    const told: string[] = []
    await synthesizeTemplate({}, { notice: (text) => told.push(text) })
    expect(told).toEqual([])
  })
})

test('an account is not needed, so that anybody can synthesize', async () => {
  const { account, ...rest } = example
  expect(account).toBeUndefined()
  expect(rest.region).toBe('us-east-1')
  const outdir = mkdtempSync(join(tmpdir(), 'gatehouse-test-'))
  await synthesize({ config: example, outdir, bundle: false })
  expect(readdirSync(outdir)).toContain('Gatehouse.template.json')
  rmSync(outdir, { recursive: true })
})

describe('bundles', () => {
  let outdir: string
  let folders: Record<string, string>

  beforeAll(async () => {
    outdir = mkdtempSync(join(tmpdir(), 'gatehouse-test-'))
    await synthesize({ config: example, outdir })
    folders = Object.fromEntries(functionsOf(outdir).map(({ id, asset }) => [id, join(outdir, asset)]))
  })
  afterAll(() => {
    rmSync(outdir, { recursive: true, force: true })
  })

  const read = (id: string, file: string): unknown => JSON.parse(readFileSync(join(folders[id]!, file), 'utf8'))

  test('each function has one, and functions of the same handler share it', () => {
    expect(Object.keys(folders)).toHaveLength(functionIds.length)
    expect(new Set(Object.values(folders)).size).toBe(handlerNamesFor(example).length)
    expect(folders.AcceptByPolicy).toBe(folders.AcceptForPeople)
  })

  test('settings lie beside each, and name the policies they were made with', () => {
    const { digest } = policyDocumentSchema.parse(read('Judge', 'policies.json'))
    for (const id of Object.keys(folders))
      expect(settingsSchema.parse(read(id, 'settings.json'))).toMatchObject({ policyDigest: digest, mode: 'observe' })
  })

  test('the public function learns no address, no partner and no organization', () => {
    expect(settingsSchema.parse(read('Web', 'settings.json'))).toMatchObject({
      approvers: [{ id: 'cloud-team', email: 'hidden@example.invalid' }],
      partners: {},
    })
    const told = readFileSync(join(folders.Web!, 'settings.json'), 'utf8')
    expect(told).not.toMatch(/example\.com|444455556666/)
    expect(read('Ask', 'settings.json')).toMatchObject({ approvers: example.groups.security?.approvers })
  })

  test('policies and the policy engine lie beside Judge only', () => {
    const withPolicies = Object.keys(folders).filter((id) => {
      const files = readdirSync(folders[id]!)
      return files.includes('policies.json') || files.includes('node_modules')
    })
    expect(withPolicies).toEqual(['Judge'])
  })

  test('each loads by itself and exports its handler', async () => {
    const load = `for (const path of process.argv.slice(1)) { const { handler } = await import(path); console.log(typeof handler) }`
    const entries = Object.values(folders).map((folder) => join(folder, 'index.mjs'))
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', load, ...entries])
    expect(stdout.trim().split('\n')).toEqual(entries.map(() => 'function'))
  })

  test('what one invocation loads, with the largest kind, stays below 600 kB', () => {
    for (const folder of Object.values(folders)) {
      const kinds = readdirSync(folder).filter((name) => /^(ram|iot|iam)-.*\.mjs$/.test(name))
      const sizes = ['index.mjs', ...kinds].map((kind) => loadedBytes(folder, ['index.mjs', kind]))
      expect(Math.max(...sizes)).toBeLessThan(600_000)
    }
  })

  test('the same sources give the same assets', async () => {
    const again = mkdtempSync(join(tmpdir(), 'gatehouse-test-'))
    await synthesize({ config: example, outdir: again })
    expect(functionsOf(again)).toEqual(functionsOf(outdir))
    rmSync(again, { recursive: true })
  })
})

function functionsOf(assemblyDir: string): { id: string; asset: string }[] {
  const template = JSON.parse(readFileSync(join(assemblyDir, 'Gatehouse.template.json'), 'utf8'))
  return Object.values<Loose>(template.Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Metadata }) => ({ id: Metadata['aws:cdk:path'].split('/')[1], asset: Metadata['aws:asset:path'] }))
}

/** Bytes of these files and of all that they import at once. */
function loadedBytes(folder: string, entries: string[]): number {
  const texts = new Map<string, string>()
  const load = (name: string): void => {
    if (texts.has(name)) return
    const text = readFileSync(join(folder, name), 'utf8')
    texts.set(name, text)
    for (const [, imported] of text.matchAll(/(?:from|import)"\.\/([^"]+\.mjs)"/g)) load(imported!)
  }
  entries.forEach(load)
  return [...texts.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0)
}
