import type { Config } from '../../../lib/config.ts'
import { kindsSchema } from '../../../lib/config/organization.ts'
import { OfferReader } from '../../console/offer-reader.ts'
import { organizationOf } from '../../sample-organization.ts'
import { sampleAccounts } from '../../sample.ts'
import { start, type Started } from '../../start.ts'
import type { Authority } from '../authority.ts'
import { Walker } from './walker.ts'
import { memberPaths, organizationPaths } from './organization-paths.ts'
import { paths, personalAsks, type Take } from './paths.ts'

/** Rarer than usual: on the walk the clock moves by half a day at a time. */
const sweepEvery = '6 hours'

/** An address of SES's mailbox simulator: what is mailed there never arrives. */
const unreachable = { id: 'unreachable', email: 'bounce+walk@simulator.amazonses.com' }

export interface Walked {
  authority: Authority
  /** What was refused on the way, as it was logged. */
  refused: readonly string[]
  /** Paths that could not be taken to their end, and why. */
  failed: readonly string[]
}

/** Those through an app of this configuration, by their names. */
export function pathsOf({ organization }: Config): Readonly<Record<string, Take>> {
  return {
    ...paths,
    ...(organization === undefined ? {} : organizationPaths),
    ...(organization?.targets === undefined ? {} : memberPaths),
  }
}

/** Runs the app and takes every path through it once, each by its name; what each right was needed for is kept. */
export async function walk(config: Config): Promise<Walked> {
  const started = await start({ config: forWalk(config), port: 0, consolePort: 0 })
  try {
    const failed = await takePaths(started, pathsOf(config))
    const { authority } = started.run
    return { authority, failed, refused: authority.refused() }
  } finally {
    await started.stop()
  }
}

/** Those that could not be taken to their end, and why. */
async function takePaths({ run, control }: Started, all: Readonly<Record<string, Take>>): Promise<string[]> {
  const { account, region } = run.assembly.place
  const tableName = run.assembly.tables[0]?.name ?? ''
  const offers = new OfferReader({ endpoint: run.endpointUrl, region, account, tableName })
  try {
    const walker = new Walker({ run, control, offers })
    const failed: string[] = []
    for (const [name, take] of Object.entries(all)) {
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

/** Few sweeps, few messages for each offer alone, every kind, and more people: one whom no mail reaches, a member as partner. */
function forWalk(config: Config): Config {
  const usual = { ...config, sweepEvery, approvals: { ...config.approvals, personalAsks } }
  return { ...usual, kinds: kindsSchema.parse({}), groups: withUnreachable(config), partners: withMember(config) }
}

/** The first member is in the group of the sample's partner. */
function withMember(config: Config): Config['partners'] {
  const { own, partner } = sampleAccounts
  const organization = organizationOf(config, own)
  const member = organization?.accounts.find(({ id }) => id !== own && id !== organization.managementAccount)
  if (member === undefined) return config.partners
  const others = Object.entries(config.partners)
  const [name, group] = others.find(([, { accounts }]) => accounts.includes(partner)) ?? ['partners', { accounts: [] }]
  const accounts = [...new Set([...group.accounts, member.id])]
  return { ...config.partners, [name]: { ...group, accounts } }
}

function withUnreachable({ approvals, groups }: Config): Config['groups'] {
  const name = approvals.defaultGroup ?? Object.keys(groups)[0]
  const group = name === undefined ? undefined : groups[name]
  if (name === undefined || group === undefined) return groups
  // The sample takes the last two places for its own people.
  const places = [...group.approvers, ...group.approvers, ...group.approvers].slice(0, 2)
  const approvers = [unreachable, ...places.map((person, index) => ({ ...person, id: `walk-${index}` }))]
  return { ...groups, [name]: { ...group, approvers } }
}
