import { randomUUID } from 'node:crypto'
import type { BusEvent, Call, Caller, Operation, RaiseEvent } from './service.ts'
import { AwsError } from './service.ts'
import { roleId } from './sessions.ts'

interface TrailOptions {
  raise: RaiseEvent
  /** `aws.iot` for `iot.amazonaws.com`. */
  service: string
  /** Where a global service's events arrive; the call's region when absent. */
  region?: string
}

/**
 * Mutating operations that leave a CloudTrail record on the default bus of the CALLER's account, failed calls included.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function withTrail(
  options: TrailOptions,
  operations: Readonly<Record<string, Operation>>,
): Record<string, Operation> {
  return Object.fromEntries(
    Object.entries(operations).map(([name, operate]) => [name, recorded(options, name, operate)] as const),
  )
}

function recorded(options: TrailOptions, name: string, operate: Operation): Operation {
  return async (call) => {
    try {
      const output = await operate(call)
      options.raise(trailEvent(options, name, { call, responseElements: output }))
      return output
    } catch (error) {
      if (error instanceof AwsError) options.raise(trailEvent(options, name, { call, error }))
      throw error
    }
  }
}

interface Outcome {
  call: Call<Record<string, unknown>>
  responseElements?: unknown
  error?: AwsError
}

function trailEvent(options: TrailOptions, eventName: string, { call, responseElements, error }: Outcome): BusEvent {
  const time = eventTime(call.nowMs)
  const region = options.region ?? call.region
  return {
    source: `aws.${options.service}`,
    'detail-type': 'AWS API Call via CloudTrail',
    account: call.caller.account,
    region,
    time,
    resources: [],
    detail: {
      eventVersion: '1.11',
      userIdentity: identityOf(call.caller, time),
      eventTime: time,
      eventSource: `${options.service}.amazonaws.com`,
      eventName,
      awsRegion: region,
      sourceIPAddress: '127.0.0.1',
      userAgent: 'local',
      ...(error === undefined ? {} : { errorCode: error.shape, errorMessage: error.message }),
      requestParameters: asTrailJson(call.input),
      responseElements: asTrailJson(responseElements),
      requestID: randomUUID(),
      eventID: randomUUID(),
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: call.caller.account,
    },
  }
}

/** Whole seconds, as events carry their time. */
export function eventTime(nowMs: number): string {
  return new Date(nowMs).toISOString().replace(/\.\d{3}Z$/, 'Z')
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
function identityOf({ account, arn, role }: Caller, time: string): Record<string, unknown> {
  if (role === undefined) return { type: 'Root', principalId: account, arn, accountId: account }
  const issuer = roleArn(account, role)
  const principalId = roleId(issuer)
  const sessionIssuer = { type: 'Role', principalId, arn: issuer, accountId: account, userName: role }
  return {
    type: 'AssumedRole',
    principalId: `${principalId}:${arn.split('/').at(-1) ?? ''}`,
    arn,
    accountId: account,
    sessionContext: { sessionIssuer, attributes: { creationDate: time, mfaAuthenticated: 'false' } },
  }
}

export function roleArn(account: string, role: string): string {
  return `arn:aws:iam::${account}:role/${role}`
}

/** Plain JSON with names in lower camel case, as CloudTrail writes them for every service; null for nothing. */
function asTrailJson(value: unknown): unknown {
  if (value === undefined || value === null) return null
  const plain: unknown = JSON.parse(JSON.stringify(value))
  return lowerNames(plain)
}

function lowerNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerNames)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(
      ([name, item]) => [name.charAt(0).toLowerCase() + name.slice(1), lowerNames(item)] as const,
    ),
  )
}
