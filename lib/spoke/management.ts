import type { App } from 'aws-cdk-lib'
import type { Config } from '../config.ts'
import { hubBusArnOf, regionsOf, rolesPropsOf } from './plan.ts'
import { SpokeRolesStack, SpokeRulesStack } from './stacks.ts'

/** The management account, which StackSets skip, gets what a member has as plain stacks; a hub there has its roles. */
export function makeManagementStacks(app: App, config: Config): void {
  const { account: hub, organization, region } = config
  if (hub === undefined || organization?.targets === undefined) return
  const account = organization.managementAccount ?? (organization.delegatedAdmin ? undefined : hub)
  if (account === undefined) return
  if (account !== hub)
    new SpokeRolesStack(app, 'GatehouseManagementRoles', { env: { account, region }, ...rolesPropsOf(config, hub) })
  for (const each of regionsOf(config))
    new SpokeRulesStack(app, `GatehouseManagementRules-${each}`, {
      env: { account, region: each },
      hubBusArn: hubBusArnOf(config, hub),
    })
}
