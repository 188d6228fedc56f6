import type { App } from 'aws-cdk-lib'
import { regionsOf, rolesPropsOf, rulesPropsOf, type SpokePlan } from './plan.ts'
import { SpokeRolesStack, SpokeRulesStack } from './stacks.ts'

/** The management account, which StackSets skip, gets what a member has as plain stacks; a hub there has its roles. */
export function makeManagementStacks(app: App, plan: SpokePlan): void {
  const { config, hubAccount } = plan
  const { organization, region } = config
  if (organization?.targets === undefined) return
  const account = organization.managementAccount ?? (organization.delegatedAdmin ? undefined : hubAccount)
  if (account === undefined) return
  if (account !== hubAccount)
    new SpokeRolesStack(app, 'GatehouseManagementRoles', { env: { account, region }, ...rolesPropsOf(plan) })
  // Where the hub is, it listens by itself.
  for (const each of regionsOf(config).filter((each) => account !== hubAccount || each !== region))
    new SpokeRulesStack(app, `GatehouseManagementRules-${each}`, {
      env: { account, region: each },
      ...rulesPropsOf(plan),
    })
}
