import * as z from 'zod'
import type { EventPattern, KindSpec } from '../domain/kind-spec.ts'
import { allKinds, globalRegion } from '../domain/kinds.ts'
import { offerIdSchema, accountIdSchema, regionSchema } from '../domain/offer.ts'
import { principalArnSchema } from '../domain/principal.ts'
import type { Hint } from '../contract/states.ts'

const fieldsSchema = z.record(z.string(), z.unknown())
const envelopeSchema = z.object({
  source: z.string(),
  'detail-type': z.string(),
  account: accountIdSchema,
  region: regionSchema,
  detail: fieldsSchema,
})
type Envelope = z.infer<typeof envelopeSchema>

const cloudTrail = 'AWS API Call via CloudTrail'
const failedStatuses = ['FAILED', 'TIMED_OUT', 'ABORTED']

/**
 * Where to look because of an EventBridge event. Account and region come from the envelope, which AWS writes; what the
 * detail says is believed only where it is an id in AWS's own form. What is no event of ours gives no hint.
 */
export function hintsOf(event: unknown): Hint[] {
  const parsed = envelopeSchema.safeParse(event)
  if (!parsed.success) return []
  const envelope = parsed.data
  if (envelope.source === 'aws.states') return failedExecution(envelope)
  // CloudTrail records failed calls, too: they changed nothing.
  if (typeof envelope.detail.errorCode === 'string') return []
  return allKinds()
    .filter(({ eventPatterns }) => eventPatterns.some((pattern) => matches(pattern, envelope)))
    .map((spec) => ({
      kind: spec.kind,
      account: envelope.account,
      region: spec.scope === 'global' ? globalRegion : envelope.region,
      ...idIn(spec, envelope),
      ...initiatorIn(spec, envelope),
    }))
}

/** The spec's own patterns, which use exact values only. */
function matches(pattern: EventPattern, envelope: Envelope): boolean {
  if (!pattern.source.includes(envelope.source)) return false
  if (!pattern['detail-type'].includes(envelope['detail-type'])) return false
  return Object.entries(pattern.detail ?? {}).every(
    ([field, values]) => Array.isArray(values) && values.includes(envelope.detail[field]),
  )
}

function idIn({ awsId }: KindSpec, { 'detail-type': detailType, detail }: Envelope): { awsId?: string } {
  // CloudTrail's detail has ids of its own, such as that of the request.
  const carrier = detailType === cloudTrail ? fieldsSchema.safeParse(detail.requestParameters).data : detail
  if (carrier === undefined) return {}
  for (const field of awsId.fields) {
    const value = carrier[field]
    if (typeof value === 'string' && awsId.pattern.test(value)) return { awsId: value }
  }
  return {}
}

/** A session's own ARN says more than that of its role. */
const callerSchema = z.object({
  arn: principalArnSchema.optional().catch(undefined),
  sessionContext: z
    .object({ sessionIssuer: z.object({ arn: principalArnSchema }) })
    .optional()
    .catch(undefined),
})

/** Who of ours began it, as CloudTrail recorded the call. */
function initiatorIn({ begunBy }: KindSpec, { detail }: Envelope): { initiator?: string } {
  if (begunBy === undefined || detail.eventName !== begunBy) return {}
  const caller = callerSchema.safeParse(detail.userIdentity).data
  const initiator = caller?.arn ?? caller?.sessionContext?.sessionIssuer.arn
  return initiator === undefined ? {} : { initiator }
}

/** The execution is named `<offerId>-<run>`. */
function failedExecution({ 'detail-type': detailType, detail }: Envelope): Hint[] {
  if (detailType !== 'Step Functions Execution Status Change') return []
  if (typeof detail.status !== 'string' || !failedStatuses.includes(detail.status)) return []
  if (typeof detail.name !== 'string') return []
  const offerId = offerIdSchema.safeParse(/^(.+)-\d{1,9}$/.exec(detail.name)?.[1])
  return offerId.success ? [{ offerId: offerId.data }] : []
}
