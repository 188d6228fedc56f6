import { spokeRoles } from '../../lambda/contract/env.ts'
import type { OfferKind } from '../../lambda/domain/offer.ts'
import type { Config } from '../config.ts'
import { partnerAccounts } from '../config/partners.ts'
import type { ForwardingProps } from '../constructs/forwarding.ts'
import { workersOf } from '../constructs/hub-functions.ts'
import type { SpokeRolesProps } from '../constructs/spoke-roles.ts'
import { hubBusName } from './names.ts'

/** What the templates of spokes are made of. */
export interface SpokePlan {
  config: Config
  hubAccount: string
  /** A date in UTC: partners whose time is over are left out. */
  today: string
  /** Has CloudFormation's own rules checked on what StackSets bring, which takes seconds. */
  thorough?: boolean
}

/** Where offers are answered. */
export function regionsOf({ organization, region }: Config): string[] {
  return organization?.regions ?? [region]
}

/** Every kind that is answered in some account: the others need neither rules nor rights. */
export function answeredKinds({ kinds }: Config): Set<OfferKind> {
  return new Set([kinds.default, ...Object.values(kinds.ous), ...Object.values(kinds.accounts)].flat())
}

/** The same roles for every spoke, the hub's own account included. */
export function rolesPropsOf({ config, hubAccount, today }: SpokePlan): SpokeRolesProps {
  return {
    hubAccount,
    kinds: answeredKinds(config),
    workers: Object.fromEntries(Object.values(spokeRoles).map((role) => [role, workersOf(role, config)])),
    partnerAccounts: partnerAccounts(config.partners, today),
    regions: regionsOf(config),
    ...(config.iam.role === undefined ? {} : { delegation: config.iam.role }),
    ...(config.organization === undefined ? {} : { organizationId: config.organization.id }),
  }
}

/** The hub's bus is written out: in a member's template the hub is another account and region. */
export function rulesPropsOf({ config, hubAccount }: SpokePlan): ForwardingProps {
  return {
    hubBusArn: `arn:aws:events:${config.region}:${hubAccount}:event-bus/${hubBusName}`,
    hub: { account: hubAccount, region: config.region },
    kinds: answeredKinds(config),
  }
}
