import { defineConfig, type Config } from '../lib/config.ts'

/** Who plays which part on one machine. */
export const sampleAccounts = { own: '111111111111', partner: '444455556666', stranger: '555566667777' } as const

/** Lays the sample over your configuration: one governed account that answers offers, and approvers with a mailbox. */
export function withSample(config: Config): Config {
  return defineConfig({
    ...config,
    account: sampleAccounts.own,
    mode: 'enforce',
    approvers: [
      { id: 'alice', email: 'alice@example.com' },
      { id: 'bob', email: 'bob@example.com' },
    ],
    partners: { ...withoutSampleAccounts(config.partners), partners: { accounts: [sampleAccounts.partner] } },
  })
}

/** An account may stand in one group only, and never be our own. */
function withoutSampleAccounts(partners: Config['partners']): Config['partners'] {
  const sample: string[] = Object.values(sampleAccounts)
  const kept = Object.entries(partners).map(([group, { accounts }]) => {
    return [group, { accounts: accounts.filter((account) => !sample.includes(account)) }] as const
  })
  return Object.fromEntries(kept.filter(([, { accounts }]) => accounts.length > 0))
}
