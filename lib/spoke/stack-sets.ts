import { CfnStackSet, type CfnStackSetProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { rolesPropsOf, rulesPropsOf, type SpokePlan } from './plan.ts'
import { renderTemplate } from './render.ts'
import { SpokeRolesStack, SpokeRulesStack } from './stacks.ts'
import { rolesTargets, rulesTargets } from './targets.ts'

/**
 * Brings rules and roles to every member, new ones too. The hub's own roles are in the hub's stack; its rules come as
 * those of any member. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-associate-stackset-with-org.html
 */
export function makeStackSets(scope: Construct, plan: SpokePlan): void {
  const common = commonOf(plan)
  const { thorough } = plan
  new CfnStackSet(scope, 'RolesStackSet', {
    ...common,
    stackSetName: 'gatehouse-roles',
    description: 'Gatehouse: roles that answer the offers made to members',
    templateBody: renderTemplate((app) => new SpokeRolesStack(app, 'Roles', rolesPropsOf(plan)), thorough),
    stackInstancesGroup: [rolesTargets(plan)],
  })
  new CfnStackSet(scope, 'RulesStackSet', {
    ...common,
    stackSetName: 'gatehouse-rules',
    description: 'Gatehouse: rules that tell the hub of offers made to members',
    templateBody: renderTemplate((app) => new SpokeRulesStack(app, 'Rules', rulesPropsOf(plan)), thorough),
    stackInstancesGroup: [rulesTargets(plan)],
  })
}

/** One member that cannot be reached holds up no other. */
function commonOf({ config }: SpokePlan): Omit<CfnStackSetProps, 'stackSetName'> {
  return {
    permissionModel: 'SERVICE_MANAGED',
    callAs: config.organization?.delegatedAdmin === false ? 'SELF' : 'DELEGATED_ADMIN',
    autoDeployment: { enabled: true, retainStacksOnAccountRemoval: false },
    capabilities: ['CAPABILITY_NAMED_IAM'],
    managedExecution: { Active: true },
    operationPreferences: {
      regionConcurrencyType: 'PARALLEL',
      maxConcurrentPercentage: 25,
      failureTolerancePercentage: 100,
    },
  }
}
