import type { Config } from './config.ts'
import { expiredPartners } from './config/partners.ts'
import { globalRegion } from './offer-patterns.ts'
import { regionsOf } from './spoke/plan.ts'

/** What the operator should know and is no error. `today` is a date in UTC. */
export function noticesOf(config: Config, today: string): string[] {
  const expired = expiredPartners(config.partners, today).map((group) => {
    const { expires = '' } = config.partners[group] ?? {}
    return `partners.${group} expired on ${expires}: nothing that its accounts offer is accepted without asking`
  })
  return [...delegationsLate(config), ...expired]
}

function delegationsLate(config: Config): string[] {
  const { organization, region } = config
  const how = `delegation requests are found by sweep only, their events stay in ${globalRegion}`
  if (organization?.targets === undefined) return region === globalRegion ? [] : [`region is ${region}: ${how}`]
  return regionsOf(config).includes(globalRegion) ? [] : [`organization.regions lacks ${globalRegion}: ${how}`]
}
