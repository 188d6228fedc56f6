import type { Config } from '../../../lib/config.ts'
import { OfferReader } from '../../console/offer-reader.ts'
import { start, type Started } from '../../start.ts'
import type { Authority } from '../authority.ts'
import { Walker } from './walker.ts'
import { paths, personalAsks } from './paths.ts'

/** Rarer than usual: on the walk the clock moves by half a day at a time. */
const sweepEvery = '3 hours'

/** An address of SES's mailbox simulator: what is mailed there never arrives. */
const unreachable = { id: 'unreachable', email: 'bounce+walk@simulator.amazonses.com' }

export interface Walked {
  authority: Authority
  /** What was refused on the way, as it was logged. */
  refused: readonly string[]
  /** Paths that could not be taken to their end, and why. */
  failed: readonly string[]
}

/** Runs the app and takes every path through it once, each by its name; what each right was needed for is kept. */
export async function walk(config: Config): Promise<Walked> {
  const started = await start({ config: forWalk(config), port: 0, consolePort: 0 })
  try {
    const failed = await takePaths(started)
    const { authority } = started.run
    return { authority, failed, refused: authority.refused() }
  } finally {
    await started.stop()
  }
}

/** Those that could not be taken to their end, and why. */
async function takePaths({ run, control }: Started): Promise<string[]> {
  const { account, region } = run.assembly.place
  const tableName = run.assembly.tables[0]?.name ?? ''
  const offers = new OfferReader({ endpoint: run.endpointUrl, region, account, tableName })
  try {
    const walker = new Walker({ run, control, offers })
    const failed: string[] = []
    for (const [name, take] of Object.entries(paths)) {
      run.authority.usage.enter(name)
      await take(walker).catch((error: unknown) => {
        failed.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
      })
      await run.idle()
    }
    return failed
  } finally {
    offers.close()
  }
}

/** Few sweeps, few messages for each offer alone, and one more in the group that is asked by default, whom no mail reaches. */
function forWalk(config: Config): Config {
  const name = config.approvals.defaultGroup ?? Object.keys(config.groups)[0]
  const group = name === undefined ? undefined : config.groups[name]
  const usual = { ...config, sweepEvery, approvals: { ...config.approvals, personalAsks } }
  if (name === undefined || group === undefined) return usual
  // The sample takes the last two places for its own people.
  const places = [...group.approvers, ...group.approvers, ...group.approvers].slice(0, 2)
  const approvers = [unreachable, ...places.map((person, index) => ({ ...person, id: `walk-${index}` }))]
  return { ...usual, groups: { ...config.groups, [name]: { ...group, approvers } } }
}
