import type { EventPattern } from 'aws-cdk-lib/aws-events'
import { spokeRoles } from '../lambda/contract/env.ts'
import type { OfferKind } from '../lambda/domain/offer.ts'
import { kindSpecs } from '../lambda/kinds/specs.ts'

/** IAM is global and speaks in this region only. */
export const globalRegion = 'us-east-1'

type KindSpec = (typeof kindSpecs)[OfferKind]

/** What hints at an offer: the hub's rules and those of members are made of the same list. */
export interface OfferPattern {
  /** `ram-invitation-1` */
  name: string
  /** A global kind's events are in us-east-1 only. */
  scope: KindSpec['scope']
  pattern: EventPattern
}

export function patternsOf(kinds: ReadonlySet<OfferKind>): OfferPattern[] {
  return Object.values(kindSpecs)
    .filter(({ kind }) => kinds.has(kind))
    .flatMap(({ kind, scope, eventPatterns }) =>
      eventPatterns.map((pattern, index) => ({ name: `${kind}-${index + 1}`, scope, pattern: withoutOurOwn(pattern) })),
    )
}

/** Our own answers raise events, too; they would only make us look at what we have just done. */
function withoutOurOwn({ source, detail, ...rest }: KindSpec['eventPatterns'][number]): EventPattern {
  const detailType = rest['detail-type']
  if (!detailType.includes('AWS API Call via CloudTrail'))
    return { source, detailType, ...(detail === undefined ? {} : { detail }) }
  const userName = [{ 'anything-but': Object.values(spokeRoles) }, { exists: false }]
  return {
    source,
    detailType,
    detail: { ...detail, userIdentity: { sessionContext: { sessionIssuer: { userName } } } },
  }
}
