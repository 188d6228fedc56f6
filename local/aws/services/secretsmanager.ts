import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { Service } from '../service.ts'
import { AwsError } from '../service.ts'

/** Secrets by name, held in memory only. */
export function createSecretsManager(options: { account: string; secrets: ReadonlyMap<string, string> }): Service {
  const { account, secrets } = options
  return {
    model: 'secretsmanager',
    operations: {
      GetSecretValue: ({ input, caller, region }) => {
        const { SecretId } = z.object({ SecretId: z.string() }).parse(input)
        const prefix = `arn:aws:secretsmanager:${region}:${account}:secret:`
        const name = SecretId.startsWith(prefix) ? SecretId.slice(prefix.length) : SecretId
        const value = caller.account === account ? secrets.get(name) : undefined
        if (value === undefined)
          throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.")
        return {
          ARN: `${prefix}${name}`,
          Name: name,
          VersionId: createHash('sha256').update(value).digest('hex').slice(0, 32),
          SecretString: value,
          VersionStages: ['AWSCURRENT'],
        }
      },
    },
  }
}
