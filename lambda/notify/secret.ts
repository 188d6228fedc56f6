import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import * as z from 'zod'
import { UnexpectedAnswer } from '../contract/errors.ts'

/** What is kept of Slack. The signing secret is needed for buttons only. */
export const slackSecretSchema = z.object({ botToken: z.string().min(1), signingSecret: z.string().min(1).optional() })
export type SlackSecret = z.infer<typeof slackSecretSchema>

/** How old a kept secret may be: after a rotation Slack takes the old signing secret for a day. */
const keptMs = 5 * 60_000

export interface SecretDeps<Secret> {
  client: Pick<SecretsManagerClient, 'send'>
  name: string
  schema: z.ZodType<Secret>
  now: () => Date
}

/** Reads a secret of JSON and keeps it for minutes. Errors name the secret, never what is in it. */
export function createSecretReader<Secret>({ client, name, schema, now }: SecretDeps<Secret>): () => Promise<Secret> {
  let kept: { secret: Secret; atMs: number } | undefined
  return async () => {
    const nowMs = now().getTime()
    if (kept !== undefined && nowMs - kept.atMs < keptMs && nowMs >= kept.atMs) return kept.secret
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: name }))
    kept = { secret: parse(SecretString ?? '', schema, name), atMs: nowMs }
    return kept.secret
  }
}

function parse<Secret>(text: string, schema: z.ZodType<Secret>, name: string): Secret {
  const parsed = schema.safeParse(jsonOf(text))
  if (parsed.success) return parsed.data
  const paths = parsed.error.issues.map(({ path }) => `\`${path.join('.')}\``).join(', ')
  throw new UnexpectedAnswer(`expected secret \`${name}\` to be JSON of the agreed form, got another: ${paths}`)
}

/** Undefined for what is no JSON: an error of the parser would quote the secret. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
