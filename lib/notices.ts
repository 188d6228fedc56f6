import type { OfferKind } from '../lambda/domain/offer.ts'
import type { Config } from './config.ts'
import { expiredPartners } from './config/partners.ts'
import { globalRegion } from './offer-patterns.ts'
import { answeredKinds, regionsOf } from './spoke/plan.ts'

/** What the operator should know and is no error. `today` is a date in UTC. */
export function noticesOf(config: Config, today: string): string[] {
  const expired = expiredPartners(config.partners, today).map((group) => {
    const { expires = '' } = config.partners[group] ?? {}
    return `partners.${group} expired on ${expires}: nothing that its accounts offer is accepted without asking`
  })
  return [...withoutGlobalRegion(config), ...expired]
}

function withoutGlobalRegion(config: Config): string[] {
  const { organization, region } = config
  const listed = regionsOf(config)
  // Without targets the hub hears its own region only.
  const heard = organization?.targets === undefined ? [region] : listed
  const kinds = answeredKinds(config)
  const lacking = (regions: string[], kind: OfferKind, what: string): string[] =>
    !kinds.has(kind) || regions.includes(globalRegion) ? [] : [`${regions.join(', ')} without ${globalRegion}: ${what}`]
  return [
    ...lacking(
      heard,
      'iam-delegation',
      `delegation requests are found by sweep only, their events stay in ${globalRegion}`,
    ),
    // RAM shares what is global from there only, and there the invitation is: a sweep elsewhere does not list it.
    ...lacking(listed, 'ram-invitation', `invitations to shares of global resources, which are there, are never found`),
  ]
}
