import * as z from 'zod'
import { UnexpectedAnswer } from './errors.ts'

/**
 * What is kept of Slack. The signing secret is needed for buttons only. Slack's has 32 characters: who could guess a short
 * one, such as a `...` left standing, could vote for everybody.
 */
const slackSecretSchema = z.object({ botToken: z.string().min(1), signingSecret: z.string().min(16).optional() })
export type SlackSecret = z.infer<typeof slackSecretSchema>

/** Reads the text of the secret. Errors name what is missing, never what is there. */
export function parseSlackSecret(text: string): SlackSecret {
  const parsed = slackSecretSchema.safeParse(jsonOf(text))
  if (parsed.success) return parsed.data
  const paths = parsed.error.issues.map(({ path }) => `\`${path.join('.')}\``).join(', ')
  throw new UnexpectedAnswer(`expected the secret of Slack to be JSON with \`botToken\`, got another: ${paths}`)
}

/** Undefined for what is no JSON: an error of the parser would quote the secret. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
