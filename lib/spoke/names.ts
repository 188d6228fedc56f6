/** The hub's bus, in the hub's region. */
export const hubBusName = 'gatehouse-hub'

/** Rules of a member, and the roles they send with, begin so. */
export const ruleNamePrefix = 'gatehouse-'

/** Role names are global, and each region has its own. */
export function forwarderRoleName(region: string): string {
  return `gatehouse-forwarder-${region}`
}
