import type { EventPattern } from 'aws-cdk-lib/aws-events'
import { spokeRoles } from '../lambda/contract/env.ts'
import type { EventPattern as SpecPattern, KindSpec } from '../lambda/domain/kind-spec.ts'
import { allKinds, type OfferKind } from '../lambda/domain/kinds.ts'

/** What hints at an offer: the hub's rules and those of members are made of the same list. */
export interface OfferPattern {
  /** `ram-invitation-1` */
  name: string
  /** A global kind's events are in us-east-1 only. */
  scope: KindSpec['scope']
  pattern: EventPattern
}

/** What hints at two kinds has one rule, so that it is told once. */
export function patternsOf(kinds: ReadonlySet<OfferKind>): OfferPattern[] {
  const all = allKinds()
    .filter(({ kind }) => kinds.has(kind))
    .flatMap(({ kind, scope, eventPatterns }) =>
      eventPatterns.map((pattern, index) => ({ name: `${kind}-${index + 1}`, scope, pattern: withoutOurOwn(pattern) })),
    )
  return [
    ...new Map(all.toReversed().map((one) => [JSON.stringify([one.scope, one.pattern]), one])).values(),
  ].toReversed()
}

/** Our own answers raise events, too; they would only make us look at what we have just done. */
function withoutOurOwn({ source, detail, ...rest }: SpecPattern): EventPattern {
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
