import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { UnexpectedAnswer } from './contract/errors.ts'

export interface SecretsDeps {
  client: Pick<SecretsManagerClient, 'send'>
  now: () => Date
}

/** The text of a secret, by name or ARN. */
export type ReadSecret = (secretId: string) => Promise<string>

/** After so long a secret is read again, so that a replaced one is used within minutes. */
const keptMs = 5 * 60_000

/** Reads secrets and keeps each for some minutes. Errors name the secret, never what it holds. */
export function createSecrets({ client, now }: SecretsDeps): ReadSecret {
  const kept = new Map<string, { text: Promise<string>; untilMs: number }>()
  return async (secretId) => {
    const known = kept.get(secretId)
    if (known !== undefined && now().getTime() < known.untilMs) return await known.text
    const text = readText(client, secretId)
    kept.set(secretId, { text, untilMs: now().getTime() + keptMs })
    text.catch(() => kept.delete(secretId))
    return await text
  }
}

async function readText(client: SecretsDeps['client'], secretId: string): Promise<string> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }))
  if (SecretString === undefined || SecretString === '')
    throw new UnexpectedAnswer(`expected the secret \`${secretId}\` to hold text, got none`)
  return SecretString
}
