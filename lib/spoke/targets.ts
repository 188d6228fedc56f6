import type { CfnStackSet } from 'aws-cdk-lib'
import { regionsOf, type SpokePlan } from './plan.ts'

type Group = CfnStackSet.StackInstancesProperty
type Filter = Pick<CfnStackSet.DeploymentTargetsProperty, 'accounts' | 'accountFilterType'>

/** Where roles go: to one region, as IAM is global, and not to the hub, which has them in its own stack. */
export function rolesTargets({ config, hubAccount }: SpokePlan): Group {
  const { ous, only, except = [] } = targetsOf(config)
  return groupOf([config.region], ous, filterOf(only, [...except, hubAccount]))
}

/** Where rules go: to each region, and to the hub as to any member. */
export function rulesTargets({ config, hubAccount }: SpokePlan): Group {
  const { ous, only, except = [] } = targetsOf(config)
  return groupOf(regionsOf(config), ous, filterOf(only === undefined ? only : [...only, hubAccount], except))
}

function targetsOf({ organization }: SpokePlan['config']): NonNullable<NonNullable<typeof organization>['targets']> {
  return organization?.targets ?? { ous: [] }
}

function groupOf(regions: string[], organizationalUnitIds: string[], filter: Filter): Group {
  return { regions, deploymentTargets: { organizationalUnitIds, ...filter } }
}

/** Nothing is both in `only` and in `except`, and the hub in neither: the configuration is checked for it. */
function filterOf(only: readonly string[] | undefined, except: readonly string[]): Filter {
  if (only !== undefined) return { accountFilterType: 'INTERSECTION', accounts: [...only] }
  return except.length === 0 ? {} : { accountFilterType: 'DIFFERENCE', accounts: [...except] }
}
