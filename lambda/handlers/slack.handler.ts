import { InvalidInput } from '../contract/errors.ts'
import { castVote, ledger, now, settings, slackClient, slackSigningSecret } from '../deps.ts'
import { httpApiEventSchema, type HttpApiEvent, type HttpApiResponse } from '../web/http-api.ts'
import { answerSlack, type SlackAnswer, type SlackAppDeps } from '../web/slack/app.ts'
import { logger } from './serve.ts'

function slackDeps(): SlackAppDeps {
  const { slack, approvers } = settings()
  if (slack === null) throw new TypeError('expected Slack to be configured, got none')
  return {
    signingSecret: slackSigningSecret,
    settings: { slack, approvers },
    readOffer: (offerId) => ledger().read(offerId),
    openView: async (trigger, view) => {
      await slackClient(slack).call('views.open', { trigger_id: trigger, view })
    },
    vote: castVote(),
    now,
    report: ({ error, offerId }) => {
      logger.error('vote by Slack failed', { offerId, error: nameOf(error) })
    },
  }
}

/** The raw body: API Gateway passes a form in Base64, and the signature is over every byte of it. */
export function toSlackRequest(event: HttpApiEvent): Parameters<typeof answerSlack>[0] {
  const { headers, body = '', isBase64Encoded } = event
  return {
    body: isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body,
    timestamp: headers['x-slack-request-timestamp'] ?? '',
    signature: headers['x-slack-signature'] ?? '',
  }
}

export function toHttpResponse({ status, body }: SlackAnswer): HttpApiResponse {
  const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }
  if (body === undefined) return { statusCode: status, headers, cookies: [], body: '' }
  const typed = { ...headers, 'content-type': 'application/json' }
  return { statusCode: status, headers: typed, cookies: [], body: JSON.stringify(body) }
}

/** Names only: what Slack sends holds what somebody typed. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}

/** Slack's interactivity address, behind an HTTP API. A failure is an error that Slack shows to who pressed. */
export async function handler(event: unknown): Promise<HttpApiResponse> {
  const parsed = httpApiEventSchema.safeParse(event)
  if (!parsed.success) throw new InvalidInput('expected an HTTP API event of version 2.0, got another')
  try {
    const answer = await answerSlack(toSlackRequest(parsed.data), slackDeps())
    logger.info('done', { status: answer.status })
    return toHttpResponse(answer)
  } catch (error) {
    logger.error('interaction failed', { error: nameOf(error) })
    return toHttpResponse({ status: 503 })
  }
}
