import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cp, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { config as example } from '../../gatehouse.config.ts'
import type { Config } from '../../lib/config.ts'
import { synthesize, type Synthesis } from '../../lib/synth.ts'
import { withSample } from '../../local/sample.ts'

/** Whatever is in a template: assertions say what they expect. */
export type Loose = ReturnType<typeof JSON.parse>

export interface Resource {
  Type: string
  Properties: Record<string, Loose>
  Metadata: Record<string, string>
}

/** A synthesized template, with pseudo parameters and ARNs written out so that assertions read well. */
export class TemplateView {
  readonly resources: Record<string, Resource>

  constructor(template: { Resources: Record<string, Resource> }) {
    this.resources = plain(template.Resources) as Record<string, Resource>
  }

  ofType(type: string): Resource[] {
    return Object.values(this.resources).filter((resource) => resource.Type === type)
  }

  /** The resource at `Gatehouse/<path>`, with or without `/Resource` behind. */
  at(path: string): Resource {
    const full = [`Gatehouse/${path}`, `Gatehouse/${path}/Resource`]
    const found = Object.values(this.resources).find(({ Metadata }) => full.includes(Metadata['aws:cdk:path'] ?? ''))
    if (found === undefined) throw new Error(`expected a resource at ${path}, got none`)
    return found
  }

  /** Statements of a function's own role. */
  rightsOf(id: string): Statement[] {
    return this.at(`${id}Role/DefaultPolicy`).Properties.PolicyDocument.Statement
  }
}

export interface Statement {
  Action: string | string[]
  Resource: string | string[]
  Effect: string
  Condition?: Record<string, Record<string, unknown>>
}

export function actionsOf(statements: readonly Statement[]): string[] {
  return statements.flatMap(({ Action }) => Action).sort()
}

export async function synthesizeTemplate(
  change: Partial<Config> = {},
  others: Partial<Synthesis> = {},
): Promise<TemplateView> {
  const outdir = mkdtempSync(join(tmpdir(), 'gatehouse-test-'))
  try {
    await synthesize({ config: { ...withSample(example), ...change }, outdir, bundle: false, ...others })
    return new TemplateView(JSON.parse(readFileSync(join(outdir, 'Gatehouse.template.json'), 'utf8')))
  } finally {
    rmSync(outdir, { recursive: true, force: true })
  }
}

/** A folder with the real schema and these policies only. */
export async function policyDirOf(files: Record<string, string>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'gatehouse-policies-'))
  await cp('policies/schema.cedarschema', join(dir, 'schema.cedarschema'))
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text)
  return dir
}

/** `{Ref: X}` as `<X>`, `{Fn::GetAtt: [X, Arn]}` as `<X.Arn>`, joins joined. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const node = value as Record<string, Loose>
  if (typeof node.Ref === 'string') return node.Ref === 'AWS::Partition' ? 'aws' : `<${node.Ref}>`
  if (Array.isArray(node['Fn::GetAtt'])) return `<${node['Fn::GetAtt'].join('.')}>`
  if (Array.isArray(node['Fn::Join'])) return (plain(node['Fn::Join'][1]) as string[]).join(node['Fn::Join'][0])
  return Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, plain(inner)]))
}
