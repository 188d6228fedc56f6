import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import type { STSClient, Tag } from '@aws-sdk/client-sts'
import * as z from 'zod'
import { externalId, sessionTags } from '../contract/env.ts'
import type { SpokeRole } from '../contract/env.ts'
import { parseAnswer } from './answer.ts'
import type { AwsCredentials } from './kind.ts'
import { answerOf, callAws } from './reactions.ts'

export interface SessionRequest {
  account: string
  role: SpokeRole
  /** A settling worker's: CloudTrail then names the offer beside each call. Such a session is not shared. */
  tags?: { offerId: string; run: number }
}

export interface Sessions {
  credentialsFor: (request: SessionRequest) => Promise<AwsCredentials>
}

/** What STS's errors mean here; the rest is in the common table. */
export const stsErrors = {
  AssumeRole: {
    MalformedPolicyDocumentException: { loud: 'UnexpectedAnswer' },
    PackedPolicyTooLargeException: { loud: 'UnexpectedAnswer' },
    RegionDisabledException: { loud: 'UnexpectedAnswer' },
  },
} as const

const renewBeforeMs = 5 * 60 * 1000
/** The shortest that STS gives: a worker lives for seconds. */
const workerSeconds = 900
const scanSeconds = 3600

const credentialsSchema = z.object({
  AccessKeyId: z.string(),
  SecretAccessKey: z.string(),
  SessionToken: z.string(),
  Expiration: z.date(),
})

/** Sessions in the accounts of the offers. Whoever calls has made sure that the account is a governed one. */
export function createSessions(deps: { sts: STSClient; partition?: string; nowMs?: () => number }): Sessions {
  const { sts, partition = 'aws', nowMs = Date.now } = deps
  const kept = new Map<string, Promise<AwsCredentials>>()

  const assume = async (request: SessionRequest): Promise<AwsCredentials> => {
    const command = new AssumeRoleCommand({
      RoleArn: `arn:${partition}:iam::${request.account}:role/${request.role}`,
      ExternalId: externalId,
      ...(request.tags === undefined ? scanSession : workerSession(request.tags)),
    })
    const answer = answerOf(await callAws({ table: stsErrors, operation: 'AssumeRole' }, () => sts.send(command)))
    return toCredentials(answer.Credentials)
  }

  const renew = (key: string, request: SessionRequest): Promise<AwsCredentials> => {
    const made = assume(request)
    kept.set(key, made)
    // A refusal is not kept: the next call asks again.
    made.catch(() => kept.get(key) === made && kept.delete(key))
    return made
  }

  /** One call for all that want the same session at a time. */
  const assumeOnce = async (request: SessionRequest): Promise<AwsCredentials> => {
    const key = `${request.account}/${request.role}`
    const held = kept.get(key)
    if (held === undefined) return await renew(key, request)
    const credentials = await held
    if (isFresh(credentials, nowMs())) return credentials
    const newer = kept.get(key)
    return await (newer === undefined || newer === held ? renew(key, request) : newer)
  }

  return {
    credentialsFor: (request) => (request.tags === undefined ? assumeOnce(request) : assume(request)),
  }
}

const scanSession = { RoleSessionName: 'gatehouse-scan', DurationSeconds: scanSeconds }

function workerSession({ offerId, run }: { offerId: string; run: number }): {
  RoleSessionName: string
  DurationSeconds: number
  Tags: Tag[]
} {
  return {
    RoleSessionName: `${offerId}-${run}`.slice(0, 64),
    DurationSeconds: workerSeconds,
    Tags: [
      { Key: sessionTags.offerId, Value: offerId },
      { Key: sessionTags.run, Value: String(run) },
    ],
  }
}

function isFresh({ expiration }: AwsCredentials, nowMs: number): boolean {
  return expiration !== undefined && expiration.getTime() - nowMs > renewBeforeMs
}

function toCredentials(value: unknown): AwsCredentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = parseAnswer(
    credentialsSchema,
    value,
    'AssumeRole.Credentials',
  )
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  }
}
