import { CfnStackSet, Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { Config } from '../config.ts'
import { renderTemplate } from './render.ts'
import { hubBusArnOf, regionsOf, rolesPropsOf } from './plan.ts'
import { SpokeRolesStack, SpokeRulesStack } from './stacks.ts'

type Organization = NonNullable<Config['organization']>
type Targets = NonNullable<Organization['targets']>

export interface StackSetsProps {
  config: Config
  organization: Organization
  targets: Targets
}

/**
 * Brings rules and roles to every member, new ones too. The hub's own roles are in the hub's stack; its rules come as
 * those of any member. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-associate-stackset-with-org.html
 */
export function makeStackSets(scope: Construct, { config, organization, targets }: StackSetsProps): void {
  const hub = Stack.of(scope).account
  const callAs = organization.delegatedAdmin ? 'DELEGATED_ADMIN' : 'SELF'
  const { only, except } = targets
  new CfnStackSet(scope, 'RolesStackSet', {
    ...common(callAs),
    stackSetName: 'gatehouse-roles',
    description: 'Gatehouse: roles that answer the offers made to members',
    templateBody: renderTemplate((app) => new SpokeRolesStack(app, 'Roles', rolesPropsOf(config, hub))),
    stackInstancesGroup: [
      {
        regions: [config.region],
        deploymentTargets: { organizationalUnitIds: targets.ous, ...filterOf(only, [...(except ?? []), hub]) },
      },
    ],
  })
  new CfnStackSet(scope, 'RulesStackSet', {
    ...common(callAs),
    stackSetName: 'gatehouse-rules',
    description: 'Gatehouse: rules that tell the hub of offers made to members',
    templateBody: renderTemplate((app) => new SpokeRulesStack(app, 'Rules', { hubBusArn: hubBusArnOf(config, hub) })),
    stackInstancesGroup: [
      {
        regions: regionsOf(config),
        deploymentTargets: {
          organizationalUnitIds: targets.ous,
          ...filterOf(only === undefined ? undefined : [...only, hub], except ?? []),
        },
      },
    ],
  })
}

/** One member that cannot be reached holds up no other. */
function common(
  callAs: string,
): Pick<
  CfnStackSet,
  'permissionModel' | 'callAs' | 'autoDeployment' | 'capabilities' | 'managedExecution' | 'operationPreferences'
> {
  return {
    permissionModel: 'SERVICE_MANAGED',
    callAs,
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

type Filter = Pick<CfnStackSet.DeploymentTargetsProperty, 'accounts' | 'accountFilterType'>

/** `only` never names the hub, and nothing is both in `only` and in `except`: the configuration is checked for it. */
function filterOf(only: readonly string[] | undefined, except: readonly string[]): Filter {
  if (only !== undefined) return { accountFilterType: 'INTERSECTION', accounts: [...only] }
  return except.length === 0 ? {} : { accountFilterType: 'DIFFERENCE', accounts: [...except] }
}
