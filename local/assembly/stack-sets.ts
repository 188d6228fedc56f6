import type { OrganizationTree } from '../aws/services/organization-tree.ts'
import type { Assembly, StackSetSpec, StackSetTarget } from './specs.ts'
import { StackReader } from './stack.ts'
import type { LocalPlace } from './values.ts'

/** One StackSet's template in one account and region: what it says there. */
export function readInstance({ id, template }: StackSetSpec, place: LocalPlace): Assembly {
  return new StackReader({ dir: '', place, template, stackName: id, assets: new Map(), idPrefix: `${id}/` }).read()
}

/** In which regions each StackSet has instances in an account, by the StackSet's id. */
export type InstanceRegions = ReadonlyMap<string, ReadonlySet<string>>

/**
 * Where service-managed StackSets have their instances: they skip the management account and whoever is not active.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-associate-stackset-with-org.html
 */
export class StackInstances {
  readonly #organization: OrganizationTree
  readonly #placed = new Map<string, Map<string, Set<string>>>()

  constructor(stackSets: readonly StackSetSpec[], organization: OrganizationTree) {
    this.#organization = organization
    for (const stackSet of stackSets) this.#deploy(stackSet)
    organization.onChange(() => {
      for (const stackSet of stackSets) if (stackSet.autoDeployment.enabled) this.#update(stackSet)
    })
  }

  in(account: string): InstanceRegions {
    return this.#placed.get(account) ?? new Map()
  }

  accounts(): string[] {
    return [...this.#placed.keys()]
  }

  #update(stackSet: StackSetSpec): void {
    if (!stackSet.autoDeployment.retains)
      for (const [account, instances] of this.#placed)
        if (this.#regionsFor(stackSet, account).size === 0) instances.delete(stackSet.id)
    this.#deploy(stackSet)
  }

  #deploy(stackSet: StackSetSpec): void {
    for (const { id, state } of this.#organization.accounts) {
      const regions = this.#regionsFor(stackSet, id)
      if (state !== 'ACTIVE' || id === this.#organization.managementAccount || regions.size === 0) continue
      const instances = this.#placed.get(id) ?? new Map<string, Set<string>>()
      this.#placed.set(id, instances.set(stackSet.id, regions))
    }
  }

  #regionsFor({ targets }: StackSetSpec, account: string): Set<string> {
    const path = this.#organization.pathTo(account)
    return new Set(targets.filter((target) => isMeant(target, account, path)).flatMap(({ regions }) => regions))
  }
}

function isMeant({ units, filter, accounts }: StackSetTarget, account: string, path: readonly string[]): boolean {
  const isInUnit = units.some((unit) => path.includes(unit))
  const isListed = accounts.includes(account)
  switch (filter) {
    case 'NONE':
      return isInUnit
    case 'INTERSECTION':
      return isInUnit && isListed
    case 'DIFFERENCE':
      return isInUnit && !isListed
    case 'UNION':
      return isInUnit || (isListed && path.length > 0)
  }
}
