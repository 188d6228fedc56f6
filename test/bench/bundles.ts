import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { config } from '../../gatehouse.config.ts'
import { synthesize } from '../../lib/synth.ts'
import { readAssembly } from '../../local/assembly.ts'
import { sampleAccounts, withSample } from '../../local/sample.ts'
import { median, type Measured } from './bench.ts'

const imports = 5

/** What each function loads for one invocation (Cedar's wasm apart), and how long the first import takes. */
export async function run(): Promise<Measured> {
  const outdir = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'))
  try {
    const { assemblyDir } = await synthesize({ config: withSample(config), outdir })
    const place = { account: sampleAccounts.own, region: config.region, endpointUrl: '', approvalUrl: '' }
    const { functions } = readAssembly(assemblyDir, place)
    const loads = functions
      .flatMap(({ id, dir }) =>
        loadsOf(dir).map((files) => ({ id: nameOf(id), dir, files, kb: kilobytes(dir, files) })),
      )
      .sort((a, b) => b.kb - a.kb)
    const largest = new Map(loads.toReversed().map((load) => [load.id, load]))
    return {
      name: 'bundles',
      figures: {
        largestLoadedKb: loads[0]?.kb ?? 0,
        bareNodeMs: importMs('', []),
        ...Object.fromEntries([...largest.values()].reverse().map(({ id, kb }) => [`${id}Kb`, kb])),
        ...Object.fromEntries(
          [...largest.values()].map(({ id, dir, files }) => [`${id}ImportMs`, importMs(dir, files)]),
        ),
      },
    }
  } finally {
    rmSync(outdir, { recursive: true, force: true })
  }
}

/** `ScanA854D402` as in the code: `Scan`. */
function nameOf(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '')
}

/** The files of one invocation: with each kind once, where the function loads kinds. */
function loadsOf(dir: string): string[][] {
  // A kind's folder is opened by its `open.ts`.
  const chunks = readdirSync(dir).filter((file) => file.startsWith('open-'))
  const starts = chunks.length === 0 ? [['index.mjs']] : chunks.map((chunk) => ['index.mjs', chunk])
  return starts.map((files) => withImports(dir, files))
}

const staticImport = /(?:^|[;}\n])(?:import|export)[^'"();]*?["'](\.\/[^"']+)["']/g

function withImports(dir: string, files: readonly string[]): string[] {
  const found = new Set<string>()
  const visit = (file: string): void => {
    if (found.has(file)) return
    found.add(file)
    const text = readFileSync(join(dir, file), 'utf8')
    for (const [, path = ''] of text.matchAll(staticImport)) visit(path.slice(2))
  }
  for (const file of files) visit(file)
  return [...found]
}

function kilobytes(dir: string, files: readonly string[]): number {
  return files.reduce((sum, file) => sum + statSync(join(dir, file)).size, 0) / 1000
}

/** Median of the whole life of a process that imports these files; bare node without any. */
function importMs(dir: string, files: readonly string[]): number {
  const code = files.map((file) => `await import(${JSON.stringify(pathToFileURL(join(dir, file)).href)})`).join(';')
  return median(Array.from({ length: imports }, () => lifeMs(code)))
}

function lifeMs(code: string): number {
  const startedAt = performance.now()
  execFileSync(process.execPath, ['--input-type=module', '-e', `${code};process.exit(0)`])
  return performance.now() - startedAt
}
