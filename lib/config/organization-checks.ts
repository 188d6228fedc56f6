import type * as z from 'zod'
import type { kindsSchema, organizationSchema } from './organization.ts'
import { reportTwice, type Report } from './report.ts'

type Organization = z.output<typeof organizationSchema>
type Targets = NonNullable<Organization['targets']>

export interface Placed {
  /** The hub's. */
  account?: string | undefined
  organization?: Organization | undefined
  kinds: z.output<typeof kindsSchema>
}

/** What is wrong between the parts of an organization; each part alone fits. */
export function checkOrganization(config: Placed, report: Report): void {
  const { account, organization, kinds } = config
  if (organization !== undefined) {
    reportTwice(organization.regions ?? [], ['organization', 'regions'], { report, what: 'a region' })
    checkManagement(organization, account, report)
    // A template for members has to name the hub.
    if (organization.targets !== undefined && account === undefined)
      report(['account'], "the hub's account, as organization.targets are named", account)
    if (organization.targets !== undefined) checkTargets(organization.targets, config, report)
  }
  for (const [key, lists] of Object.entries({ ous: kinds.ous, accounts: kinds.accounts }))
    for (const [name, list] of Object.entries(lists))
      reportTwice(list, ['kinds', key, name], { report, what: 'a kind' })
  checkKindTargets(config, report)
}

function checkManagement(organization: Organization, hub: string | undefined, report: Report): void {
  const { managementAccount, delegatedAdmin, targets } = organization
  if (managementAccount === undefined) return
  const path = ['organization', 'managementAccount']
  if (targets === undefined) report(path, 'organization.targets beside it', managementAccount)
  if (hub === undefined) return
  if (delegatedAdmin && managementAccount === hub)
    report(path, 'an account other than the hub, which is a delegated administrator', managementAccount)
  if (!delegatedAdmin && managementAccount !== hub)
    report(path, "the hub's account, as it is no delegated administrator", managementAccount)
}

function checkTargets({ ous, only = [], except = [] }: Targets, config: Placed, report: Report): void {
  const path = (key: string): string[] => ['organization', 'targets', key]
  reportTwice(ous, path('ous'), { report, what: 'a root or an OU' })
  const root = ous.find((id) => id.startsWith('r-'))
  for (const [index, id] of ous.entries())
    if (root !== undefined && id !== root)
      report([...path('ous'), index], `no OU beside the root \`${root}\`, which holds them all`, id)
  for (const [key, list] of Object.entries({ only, except })) {
    reportTwice(list, path(key), { report, what: 'an account' })
    for (const [index, id] of list.entries()) {
      if (id === config.account)
        report([...path(key), index], 'an account other than the hub, which is always a target', id)
      if (id === config.organization?.managementAccount)
        report(
          [...path(key), index],
          'an account other than organization.managementAccount, which is a target by that',
          id,
        )
    }
  }
  for (const [index, id] of except.entries())
    if (only.includes(id)) report([...path('except'), index], 'an account that is not in `only`', id)
}

/** Kinds of what is no target would never be looked at. */
function checkKindTargets({ account, organization, kinds }: Placed, report: Report): void {
  const { targets, managementAccount } = organization ?? {}
  if (targets === undefined)
    for (const ou of Object.keys(kinds.ous)) report(['kinds', 'ous', ou], 'no OU without organization.targets', ou)
  const isTarget = (id: string): boolean => {
    if (id === account || id === managementAccount) return true
    if (targets === undefined) return account === undefined
    return targets.only?.includes(id) ?? targets.except?.includes(id) !== true
  }
  for (const id of Object.keys(kinds.accounts))
    if (!isTarget(id)) report(['kinds', 'accounts', id], 'an account whose offers are answered', id)
}
