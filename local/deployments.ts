import { readInstance, StackInstances, type InstanceRegions } from './assembly/stack-sets.ts'
import type { Assembly } from './assembly/specs.ts'
import type { OrganizationTree } from './aws/services/organization-tree.ts'

/** What stands in one account, in all its regions. The same object as long as nothing changes there. */
export type Deployed = Pick<Assembly, 'roles' | 'rules' | 'queues' | 'buses' | 'resourcePolicies'>

/** Every account of the run: the stacks of the app, and the instances of its StackSets as the organization is now. */
export interface Deployments {
  in: (account: string) => Deployed
  /** Those in which anything stands, the hub first. */
  accounts: () => readonly string[]
  /** As an administrator of the account may; false when there is no such role. It does not come back by itself. */
  deleteRole: (arn: string) => boolean
  reset: () => void
}

export function createDeployments(assembly: Assembly, organization: OrganizationTree | undefined): Deployments {
  const instances = organization && new StackInstances(assembly.stackSets, organization)
  const known = new Map<string, { instances: string; deployed: Deployed }>()
  const deleted = new Set<string>()

  function inAccount(account: string): Deployed {
    const placed = instances?.in(account) ?? new Map<string, Set<string>>()
    const written = JSON.stringify([...placed].map(([id, regions]) => [id, ...regions]))
    const found = known.get(account)
    if (found?.instances === written) return found.deployed
    const all = joined([ownStacks(assembly, account), ...instancesOf(assembly, account, placed)])
    const deployed = { ...all, roles: all.roles.filter(({ arn }) => !deleted.has(arn)) }
    known.set(account, { instances: written, deployed })
    return deployed
  }

  return {
    in: inAccount,
    accounts: () => {
      const own = [...assembly.roles, ...assembly.rules].flatMap(({ arn }) => accountIn(arn) ?? [])
      return [...new Set([assembly.place.account, ...own, ...(instances?.accounts() ?? [])])]
    },
    deleteRole(arn) {
      const account = accountIn(arn) ?? ''
      if (!inAccount(account).roles.some((role) => role.arn === arn)) return false
      deleted.add(arn)
      known.delete(account)
      return true
    },
    reset() {
      deleted.clear()
      known.clear()
    },
  }
}

/** Of the app's own stacks what stands in this account. */
function ownStacks(assembly: Assembly, account: string): Deployed {
  const isHere = ({ arn }: { arn: string }): boolean => accountIn(arn) === account
  return {
    roles: assembly.roles.filter(isHere),
    rules: assembly.rules.filter(isHere),
    queues: assembly.queues.filter(isHere),
    buses: assembly.buses.filter(isHere),
    resourcePolicies: assembly.resourcePolicies.filter(({ resourceArn }) => accountIn(resourceArn) === account),
  }
}

function instancesOf({ stackSets, place }: Assembly, account: string, placed: InstanceRegions): Deployed[] {
  return stackSets.flatMap((stackSet) =>
    [...(placed.get(stackSet.id) ?? [])].map((region) => readInstance(stackSet, { ...place, account, region })),
  )
}

function joined(all: readonly Deployed[]): Deployed {
  return {
    roles: all.flatMap(({ roles }) => roles),
    rules: all.flatMap(({ rules }) => rules),
    queues: all.flatMap(({ queues }) => queues),
    buses: all.flatMap(({ buses }) => buses),
    resourcePolicies: all.flatMap(({ resourcePolicies }) => resourcePolicies),
  }
}

/** The account that an ARN names. */
export function accountIn(arn: string): string | undefined {
  return /^arn:[^:]+:[^:]*:[^:]*:(\d{12}):/.exec(arn)?.[1]
}
