import { defineConfig, type Config } from '../lib/config.ts'
import { playedOrganization, sampleOrganization } from './sample-organization.ts'

/** Who plays which part on one machine. */
export const sampleAccounts = { own: '111111111111', partner: '444455556666', stranger: '555566667777' } as const

/** The workspace that bob reads. Secrets of a play on one machine: they open nothing. */
export const sampleSlack = {
  team: 'T0GATEHOUSE',
  botToken: 'local-bot-token',
  signingSecret: 'local-signing-secret',
  users: [
    { id: 'U0BOB', name: 'bob' },
    { id: 'U0MALLORY', name: 'mallory' },
  ],
  channels: [{ id: 'C0OFFERS', name: 'offers' }],
} as const

const slackSecret = 'gatehouse/slack'

/** What an operator would have put into Secrets Manager. */
export const sampleSecrets: Readonly<Record<string, string>> = {
  [slackSecret]: JSON.stringify({ botToken: sampleSlack.botToken, signingSecret: sampleSlack.signingSecret }),
}

interface SampleOptions {
  /** Where you configured no organization, one with three members; else only one account is governed. */
  organization?: boolean | undefined
}

/** Lays the sample over your configuration: accounts that answer offers, and approvers with a mailbox. */
export function withSample(config: Config, { organization = false }: SampleOptions = {}): Config {
  const defaultGroup = config.approvals.defaultGroup ?? Object.keys(config.groups)[0] ?? 'security'
  return defineConfig({
    ...config,
    account: sampleAccounts.own,
    mode: 'enforce',
    groups: withSamplePeople(config.groups, defaultGroup),
    approvals: {
      defaultGroup,
      personalAsks: config.approvals.personalAsks,
      slack: { secret: slackSecret, team: sampleSlack.team, channel: 'C0OFFERS', buttons: true },
    },
    partners: withSamplePartner(config.partners),
    kinds: withSampleKinds(config),
    organization:
      config.organization === undefined
        ? organization
          ? sampleOrganization(config)
          : undefined
        : playedOrganization(config.organization, { hub: config.account, own: sampleAccounts.own }),
  })
}

/** What you answer in the hub's account, the sample's own answers. */
function withSampleKinds({ account = '', kinds }: Config): Config['kinds'] {
  const { [account]: ofHub, ...others } = kinds.accounts
  return { ...kinds, accounts: { ...others, ...(ofHub === undefined ? {} : { [sampleAccounts.own]: ofHub }) } }
}

type Groups = Config['groups']

const samplePeople: Groups[string]['approvers'] = [
  { id: 'alice', email: 'alice@example.com' },
  { id: 'bob', email: 'bob@example.com', slackUserId: 'U0BOB' },
]

/**
 * Alice and bob take two places of the default group. The other groups stay, and none gets smaller: your
 * policies may route to each, with any quorum that it can reach.
 */
function withSamplePeople(yours: Groups, defaultGroup: string): Groups {
  const taken = new Set(samplePeople.map(({ id }) => id))
  const known = yours[defaultGroup] ?? { approvers: [], quorum: 1 }
  const kept = Math.max(0, known.approvers.length - samplePeople.length)
  const rest = known.approvers.filter(({ id }) => !taken.has(id)).slice(0, kept)
  const played = (person: Groups[string]['approvers'][number]): typeof person =>
    samplePeople.find(({ id }) => id === person.id) ?? person
  const others = Object.entries(yours).map(([name, { approvers, quorum }]) => {
    return [name, { approvers: approvers.map(played), quorum }] as const
  })
  return { ...Object.fromEntries(others), [defaultGroup]: { ...known, approvers: [...samplePeople, ...rest] } }
}

type Partners = Config['partners']

/**
 * The partner is known, in the group where you have it already; our own account and the stranger are in none. Owners
 * and ends of groups stay.
 */
function withSamplePartner(yours: Partners): Partners {
  const { own, partner, stranger } = sampleAccounts
  const isKnown = Object.values(yours).some(({ accounts }) => accounts.includes(partner))
  const mine = yours.partners ?? { accounts: [] }
  const all = isKnown ? yours : { ...yours, partners: { ...mine, accounts: [partner, ...mine.accounts] } }
  const kept = Object.entries(all).map(([name, group]) => {
    return [name, { ...group, accounts: group.accounts.filter((each) => each !== own && each !== stranger) }] as const
  })
  return Object.fromEntries(kept.filter(([, { accounts }]) => accounts.length > 0))
}
