import type { Config } from '../../../lib/config.ts'
import { delegationRoleSchema } from '../../../lib/config/delegation.ts'
import { kindsSchema } from '../../../lib/config/organization.ts'
import { OfferReader } from '../../console/offer-reader.ts'
import { organizationOf } from '../../sample-organization.ts'
import { sampleAccounts } from '../../sample.ts'
import { start, type SignIn, type Started } from '../../start.ts'
import type { Authority } from '../authority.ts'
import { Walker } from './walker.ts'
import { memberPaths, organizationPaths } from './organization-paths.ts'
import { optionApprover, optionPaths } from './option-paths.ts'
import { paths, personalAsks, type Take } from './paths.ts'
import { startProvider } from './provider.ts'

/** Rarer than usual: on the walk the clock moves by half a day at a time. */
const sweepEvery = '6 hours'

/** An address of SES's mailbox simulator: what is mailed there never arrives. */
const unreachable = { id: 'unreachable', email: 'bounce+walk@simulator.amazonses.com' }

export interface Walked {
  /** Of each run that was walked through: what is written the same in several is proven in any of them. */
  authorities: readonly Pick<Authority, 'statements' | 'usage'>[]
  /** What was refused on the way, as it was logged. */
  refused: readonly string[]
  /** Paths that could not be taken to their end, and why. */
  failed: readonly string[]
}

/** Those through an app of this configuration, by their names. */
export function pathsOf(config: Config): Readonly<Record<string, Take>> {
  return { ...usualPathsOf(config), ...optionPaths }
}

function usualPathsOf({ organization }: Config): Readonly<Record<string, Take>> {
  return {
    ...paths,
    ...(organization === undefined ? {} : organizationPaths),
    ...(organization?.targets === undefined ? {} : memberPaths),
  }
}

/**
 * Runs the app and takes every path through it once, each by its name; what each right was needed for is kept. What is
 * off unless you turn it on, and changes the usual paths where it is, has a run of its own.
 */
export async function walk(config: Config): Promise<Walked> {
  const first = await walkThrough({ config: forWalk(config) }, usualPathsOf(config))
  const provider = await startProvider(optionApprover)
  try {
    const second = await walkThrough({ config: withOptions(config), signIn: provider.signIn }, optionPaths)
    return {
      authorities: [...first.authorities, ...second.authorities],
      refused: [...first.refused, ...second.refused],
      failed: [...first.failed, ...second.failed],
    }
  } finally {
    await provider.close()
  }
}

async function walkThrough(
  { config, signIn }: { config: Config; signIn?: SignIn },
  all: Readonly<Record<string, Take>>,
): Promise<Walked> {
  const started = await start({ config, signIn, port: 0, consolePort: 0 })
  try {
    const failed = await takePaths(started, all, signIn !== undefined)
    const { authority } = started.run
    return { authorities: [authority], failed, refused: authority.refused() }
  } finally {
    await started.stop()
  }
}

/** Those that could not be taken to their end, and why. */
async function takePaths(
  { run, control }: Started,
  all: Readonly<Record<string, Take>>,
  signsIn: boolean,
): Promise<string[]> {
  const { account, region } = run.assembly.place
  const tableName = run.assembly.tables[0]?.name ?? ''
  const offers = new OfferReader({ endpoint: run.endpointUrl, region, account, tableName })
  try {
    const walker = new Walker({ run, control, offers, signsIn })
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
  const iam = { strategy: config.iam.strategy }
  return { ...usual, iam, kinds: kindsSchema.parse({}), groups: withUnreachable(config), partners: withMember(config) }
}

/** A role of ours accepts delegations; that approvers sign in is for the run. */
function withOptions(config: Config): Config {
  const role = delegationRoleSchema.parse({ accounts: [sampleAccounts.own] })
  return { ...config, sweepEvery, kinds: kindsSchema.parse({}), iam: { strategy: config.iam.strategy, role } }
}

/** The first member is in the group of the sample's partner. */
function withMember(config: Config): Config['partners'] {
  const { own, partner } = sampleAccounts
  const organization = organizationOf(config, { own })
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
