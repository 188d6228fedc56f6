import * as z from 'zod'
import type { Call, Service } from '../service.ts'
import { roleCaller, roleId } from '../sessions.ts'
import type { Sessions } from '../sessions.ts'

const assumeRoleInput = z.object({
  RoleArn: z.string(),
  RoleSessionName: z.string(),
  DurationSeconds: z.number().default(3600),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).default([]),
})

/**
 * Sessions end by real time, which the SDKs compare with: moving the local clock expires none.
 * Whether the role exists, and trusts who asks, is decided before an operation is reached.
 */
export function createSts({ sessions }: { sessions: Sessions }): Service {
  function assumeRole({ input }: Call<Record<string, unknown>>): unknown {
    const { RoleArn, RoleSessionName, DurationSeconds, Tags } = assumeRoleInput.parse(input)
    const tags = Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]))
    const assumed = { ...roleCaller(RoleArn, RoleSessionName), tags }
    const { accessKeyId, secretAccessKey, sessionToken } = sessions.start(assumed)
    return {
      Credentials: {
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        SessionToken: sessionToken,
        Expiration: new Date(Date.now() + DurationSeconds * 1000),
      },
      AssumedRoleUser: { AssumedRoleId: `${roleId(RoleArn)}:${RoleSessionName}`, Arn: assumed.arn },
    }
  }

  return {
    model: 'sts',
    operations: {
      AssumeRole: assumeRole,
      GetCallerIdentity: ({ caller }) => ({
        UserId:
          caller.role === undefined
            ? caller.account
            : `${roleId(`arn:aws:iam::${caller.account}:role/${caller.role}`)}:${caller.arn.split('/').at(-1) ?? ''}`,
        Account: caller.account,
        Arn: caller.arn,
      }),
    },
  }
}
