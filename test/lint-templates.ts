import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { config as example } from '../gatehouse.config.ts'
import { defineConfig } from '../lib/config.ts'
import { synthesize } from '../lib/synth.ts'
import { withSample } from '../local/sample.ts'

/** Has cfn-lint, where it is installed, look at every template of an organization, those of members included. */
const linter = 'cfn-lint'
if (spawnSync(linter, ['--version']).error !== undefined)
  console.log(`templates: not checked, ${linter} is not installed`)
else process.exitCode = await lintAll()

async function lintAll(): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'gatehouse-lint-'))
  try {
    await synthesize({ config: organizationSample(), outdir: dir, bundle: false })
    // The CDK states dependencies that references imply.
    const { status, stdout } = spawnSync(linter, ['--ignore-checks', 'W3005', '--', ...templatesIn(dir)], {
      encoding: 'utf8',
    })
    console.log(stdout)
    return status ?? 1
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function organizationSample(): ReturnType<typeof defineConfig> {
  const organization = {
    id: 'o-a1b2c3d4e5',
    targets: { ous: ['r-ab12'] },
    regions: ['us-east-1', 'eu-west-1'],
    managementAccount: '999999999999',
  }
  return defineConfig({ ...withSample(example), organization })
}

function templatesIn(dir: string): string[] {
  const files = readdirSync(dir).filter((name) => name.endsWith('.template.json'))
  return files.flatMap((name) => {
    const file = join(dir, name)
    const bodies = bodiesIn(readFileSync(file, 'utf8')).map((body, index) => {
      const inner = join(dir, `${name}-${index + 1}.json`)
      writeFileSync(inner, body)
      return inner
    })
    return [file, ...bodies]
  })
}

/** Texts of the templates that StackSets bring to members. */
function bodiesIn(template: string): string[] {
  const texts: string[] = []
  JSON.parse(template, (key, value: unknown) => {
    if (key === 'TemplateBody' && typeof value === 'string') texts.push(value)
    return value
  })
  return texts
}
