import { parseArgs } from 'node:util'
import { tableOf } from '../../local/table.ts'
import type { Measured } from './bench.ts'

// The SDK warns on Node 20 although the pinned versions support it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
// Handlers that run in this process have lines of their own, which belong to no table.
process.env.POWERTOOLS_LOG_LEVEL ??= 'ERROR'

type Bench = () => Promise<Measured> | Measured

/** In this order; each is loaded only when it is its turn. */
const benches: Record<string, () => Promise<Bench>> = {
  engine: async () => (await import('./engine.ts')).run,
  offers: async () => (await import('./offers.ts')).run,
  transitions: async () => (await import('./transitions.ts')).run,
  start: async () => (await import('./start.ts')).run,
  endpoint: async () => (await import('./endpoint.ts')).run,
  bundles: async () => (await import('./bundles.ts')).run,
  policy: async () => (await import('./policy.ts')).run,
  page: async () => (await import('./page.ts')).run,
  fleet: async () => (await import('./fleet.ts')).run,
  vote: async () => (await import('./vote.ts')).run,
  sweep: async () => (await import('./sweep.ts')).run,
  digest: async () => (await import('./digest.ts')).run,
}

interface Target {
  least?: number
  most?: number
}

/** What has to be reached; every other figure is for information. */
const targets: Record<string, Target> = {
  'engine.sixStateExecutionsPerSecond': { least: 5000 },
  'offers.foundBySweepPerSecond': { least: 25 },
  'offers.foundByEventPerSecond': { least: 25 },
  'transitions.automatic': { most: 7 },
  'transitions.voted': { most: 14 },
  'start.secondsToFirstPage': { most: 10 },
  'page.normalP95Ms': { most: 10 },
  'page.policyOf6KbP95Ms': { most: 10 },
  'page.shareOf5000P95Ms': { most: 10 },
  'vote.awsCalls': { most: 6 },
  'fleet.found': { least: 1000, most: 1000 },
  'fleet.listCalls': { most: 4000 },
  'fleet.describeCalls': { most: 1000 },
  'fleet.heapMbGrown': { most: 16 },
  'sweep.secondsCold': { most: 120 },
  'sweep.listingCallsPerPlace': { most: 2 },
  'sweep.assumeRolePerAccountAndRegion': { most: 1 },
  // Half of the function's time.
  'digest.secondsFor2000Offers': { most: 150 },
  'bundles.largestLoadedKb': { most: 600 },
}

interface Line {
  bench: string
  figure: string
  value: number
  target: Target | undefined
  met: boolean | undefined
}

function linesOf({ name, figures }: Measured): Line[] {
  return Object.entries(figures).map(([figure, value]) => {
    const target = targets[`${name}.${figure}`]
    const met = target && value >= (target.least ?? -Infinity) && value <= (target.most ?? Infinity)
    return { bench: name, figure, value, target, met }
  })
}

function shown({ bench, figure, value, target, met }: Line): string[] {
  const { least, most } = target ?? {}
  const wanted = least !== undefined ? `>= ${least}` : most !== undefined ? `<= ${most}` : ''
  return [bench, figure, round(value), wanted, met === undefined ? '' : met ? 'met' : 'MISSED']
}

function round(value: number): string {
  return String(value >= 100 ? Math.round(value) : Number(value.toPrecision(3)))
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } })
const unknown = positionals.filter((name) => benches[name] === undefined)
if (unknown.length > 0) {
  console.error(`no bench ${unknown.join(', ')}: expected ${Object.keys(benches).join(', ')}`)
  process.exit(2)
}

const lines: Line[] = []
for (const [name, load] of Object.entries(benches)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  if (values.json !== true) console.error(`measuring ${name} ...`)
  const bench = await load()
  lines.push(...linesOf(await bench()))
}
if (values.json === true) console.log(JSON.stringify(lines, null, 2))
else process.stdout.write(tableOf(['bench', 'figure', 'value', 'target', ''], lines.map(shown)))
process.exit(lines.some(({ met }) => met === false) ? 1 : 0)
