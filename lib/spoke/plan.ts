import { spokeRoles } from '../../lambda/contract/env.ts'
import { partnerAccounts, type Config } from '../config.ts'
import { workersOf } from '../constructs/hub-functions.ts'
import type { SpokeRolesProps } from '../constructs/spoke-roles.ts'
import { hubBusName } from './names.ts'

/** Where offers are answered. */
export function regionsOf({ organization, region }: Config): string[] {
  return organization?.regions ?? [region]
}

/** The same roles for every spoke, the hub's own account included. */
export function rolesPropsOf(config: Config, hubAccount: string): SpokeRolesProps {
  return {
    hubAccount,
    workers: Object.fromEntries(Object.values(spokeRoles).map((role) => [role, workersOf(role)])),
    partnerAccounts: partnerAccounts(config),
    regions: regionsOf(config),
    ...(config.organization === undefined ? {} : { organizationId: config.organization.id }),
  }
}

/** Written out: in a member's template the hub is another account and region. */
export function hubBusArnOf({ region }: Config, hubAccount: string): string {
  return `arn:aws:events:${region}:${hubAccount}:event-bus/${hubBusName}`
}
