import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type BuildResult, type Metafile, type Plugin } from 'esbuild'

export const projectDir = fileURLToPath(new URL('..', import.meta.url))

/** Cedar's wasm build loads its `.wasm` from beside itself, so it is copied, not bundled. */
const cedar = '@cedar-policy/cedar-wasm'

export interface Bundling {
  /** Handlers by file name: `inspect` is lambda/handlers/inspect.handler.ts. */
  handlers: readonly string[]
  /** Gets one folder a handler, each whole in itself: index.mjs and its chunks. */
  outdir: string
  /** Files that lie beside a bundle, by handler; those of `*` lie beside all. */
  beside: (handler: string) => Record<string, string>
}

/**
 * Bundles every handler in one esbuild call, so that what they share is parsed once. Kinds and rare credential sources
 * are chunks that load when needed; each folder gets the chunks that its handler can reach.
 */
export async function bundleHandlers({ handlers, outdir, beside }: Bundling): Promise<void> {
  const result = await buildAll(handlers)
  const files = new Map(result.outputFiles.map(({ path, text }) => [basename(path), text]))
  for (const handler of handlers) {
    const folder = join(outdir, handler)
    mkdirSync(folder, { recursive: true })
    const outputs = reachable(result.metafile, handler)
    for (const name of outputs) {
      const target = name === `${handler}.mjs` ? 'index.mjs' : name
      writeFileSync(join(folder, target), files.get(name) ?? '')
    }
    for (const [name, text] of Object.entries(beside(handler))) writeFileSync(join(folder, name), text)
    if (importsCedar(result.metafile, outputs)) copyCedar(folder)
  }
}

type Built = BuildResult<{ write: false; metafile: true }>

async function buildAll(handlers: readonly string[]): Promise<Built> {
  return await build({
    absWorkingDir: projectDir,
    entryPoints: Object.fromEntries(handlers.map((name) => [name, `lambda/handlers/${name}.handler.ts`])),
    outdir: 'bundles',
    outExtension: { '.js': '.mjs' },
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    banner: { js: "import{createRequire as $require}from'node:module';const require=$require(import.meta.url);" },
    external: [`${cedar}/nodejs`],
    plugins: [ownDependencies, plainSchemaKeys],
    logLevel: 'silent',
    write: false,
    metafile: true,
  })
}

/**
 * Code is split by file, and deps.ts names every client there is: shared, it would drag them all into every bundle. So
 * each handler is first joined with deps.ts alone, and what it does not call of it falls away.
 */
const ownDependencies: Plugin = {
  name: 'own-dependencies',
  setup: (outer) => {
    outer.onLoad({ filter: /\/lambda\/handlers\/[^/]+\.handler\.ts$/ }, async ({ path }) => {
      const joined = await build({
        entryPoints: [path],
        bundle: true,
        format: 'esm',
        write: false,
        logLevel: 'silent',
        plugins: [onlyDependencies],
      })
      return { contents: joined.outputFiles[0]?.text ?? '', loader: 'js', resolveDir: dirname(path) }
    })
  },
}

/** Joins deps.ts; all else stays an import, which goes when nothing of it is used. */
const onlyDependencies: Plugin = {
  name: 'only-dependencies',
  setup: (inner) => {
    inner.onResolve({ filter: /.*/ }, ({ kind, path, resolveDir }) => {
      if (kind === 'entry-point' || path.endsWith('/deps.ts')) return undefined
      // What is imported for its effect alone: it says which kinds there are.
      const sideEffects = path.endsWith('/kinds/register.ts')
      return { path: path.startsWith('.') ? join(resolveDir, path) : path, external: true, sideEffects }
    })
  },
}

/**
 * The SDK writes its schemas with computed keys, `{ [_h]: ... }`, which a bundler must believe to have side effects, so
 * all operations stay (110 kB of IoT). The keys are constants of the same file: written out, what is not called goes.
 */
const plainSchemaKeys: Plugin = {
  name: 'plain-schema-keys',
  setup: (build) => {
    build.onLoad({ filter: /\/@aws-sdk\/client-[^/]+\/dist-es\/schemas\/schemas_\d+\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      const constants = new Map(
        Array.from(text.matchAll(/^const (\w+) = ("[^"]*");$/gm), ([, name, value]) => [name, value]),
      )
      return { contents: text.replace(/\[(\w+)\](?=: )/g, (key, name: string) => constants.get(name) ?? key) }
    })
  },
}

/** File names of the outputs that an entry imports, at once or later. */
function reachable({ outputs }: Metafile, handler: string): string[] {
  const byName = new Map(Object.entries(outputs).map(([path, output]) => [basename(path), output]))
  const found = new Set<string>()
  const visit = (name: string): void => {
    if (found.has(name) || !byName.has(name)) return
    found.add(name)
    for (const { path, external } of byName.get(name)?.imports ?? []) if (external !== true) visit(basename(path))
  }
  visit(`${handler}.mjs`)
  return [...found]
}

function importsCedar({ outputs }: Metafile, names: readonly string[]): boolean {
  return Object.entries(outputs).some(
    ([path, { imports }]) => names.includes(basename(path)) && imports.some(({ path }) => path.startsWith(cedar)),
  )
}

function copyCedar(folder: string): void {
  const source = dirname(dirname(createRequire(import.meta.url).resolve(`${cedar}/nodejs`)))
  for (const part of ['package.json', 'nodejs/package.json', 'nodejs/cedar_wasm.js', 'nodejs/cedar_wasm_bg.wasm'])
    cpSync(join(source, part), join(folder, 'node_modules', cedar, part))
}
