import { allKinds, globalRegion } from '../lambda/domain/kinds.ts'
import type { Config } from './config.ts'
import { expiredPartners } from './config/partners.ts'
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
  return allKinds().flatMap(({ kind, scope, missedWithoutGlobalRegion: missed }) => {
    if (!kinds.has(kind)) return []
    const late = `offers of the kind ${kind} are found by sweep only, their events stay in ${globalRegion}`
    return [
      ...(scope === 'global' ? lacking(heard, late) : []),
      ...(missed === undefined ? [] : lacking(listed, `${missed} are never found`)),
    ]
  })
}

function lacking(regions: string[], what: string): string[] {
  return regions.includes(globalRegion) ? [] : [`${regions.join(', ')} without ${globalRegion}: ${what}`]
}
