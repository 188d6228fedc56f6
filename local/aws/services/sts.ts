import * as z from 'zod'
import type { Call, Service } from '../service.ts'
import { AwsError } from '../service.ts'
import { roleCaller, roleId } from '../sessions.ts'
import type { Sessions } from '../sessions.ts'

const assumeRoleInput = z.object({
  RoleArn: z.string(),
  RoleSessionName: z.string(),
  DurationSeconds: z.number().default(3600),
})

/**
 * Sessions end by real time, which the SDKs compare with: moving the local clock expires none.
 * Trust policies are not evaluated yet; a role that exists may be assumed from its own account.
 */
export function createSts(options: { roleArns: readonly string[]; sessions: Sessions }): Service {
  const { roleArns, sessions } = options

  function assumeRole({ input, caller }: Call<Record<string, unknown>>): unknown {
    const { RoleArn, RoleSessionName, DurationSeconds } = assumeRoleInput.parse(input)
    const assumed = roleCaller(RoleArn, RoleSessionName)
    if (!roleArns.includes(RoleArn) || caller.account !== assumed.account)
      throw new AwsError(
        'AccessDenied',
        `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
      )
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
