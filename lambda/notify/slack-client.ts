import {
  SlackError,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebClient,
  type Logger,
  LogLevel,
} from '@slack/web-api'
import { DeliveryFailed, ServiceThrottled, ServiceUnavailable } from '../contract/errors.ts'

export type SlackMethod = 'chat.postMessage' | 'chat.update' | 'views.open'

/** Slack's Web API. Throws `ServiceThrottled` and `ServiceUnavailable` for what passes, else `DeliveryFailed`. */
export interface SlackClient {
  call: (method: SlackMethod, parameters: Record<string, unknown>) => Promise<unknown>
}

export interface SlackClientDeps {
  botToken: () => Promise<string>
  /** Another address than Slack's own: a local run's. */
  apiUrl?: string | undefined
  timeoutMs: number
  /** Told when Slack refuses the app itself: only an administrator can mend that. */
  report: (code: string) => void
}

/** One attempt, bounded in time: whoever calls has retries of their own. */
export function createSlackClient(deps: SlackClientDeps): SlackClient {
  let kept: { token: string; client: WebClient } | undefined
  const clientFor = async (): Promise<WebClient> => {
    const token = await tokenOf(deps)
    if (kept?.token !== token) kept = { token, client: connect(token, deps) }
    return kept.client
  }
  return {
    call: async (method, parameters) => {
      const client = await clientFor()
      try {
        return await client.apiCall(method, parameters)
      } catch (error) {
        throw asOurs(error, deps.report)
      }
    },
  }
}

/** Without its token Slack is out of use, which nobody but an administrator can mend: people are mailed instead. */
async function tokenOf({ botToken, report }: SlackClientDeps): Promise<string> {
  try {
    return await botToken()
  } catch (error) {
    report('secret_not_read')
    throw new DeliveryFailed('the token for Slack could not be read', { cause: error })
  }
}

function connect(token: string, { apiUrl, timeoutMs }: SlackClientDeps): WebClient {
  return new WebClient(token, {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    timeout: timeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: silent,
  })
}

const nothing = (): void => undefined

/** It would print addresses and bodies. */
const silent: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => LogLevel.ERROR,
  setName: nothing,
}

/** The workspace or its administrators have to change something before any message can be sent. */
const authCodes = new Set([
  'access_denied',
  'account_inactive',
  'app_missing_action_url',
  'ekm_access_denied',
  'enterprise_is_restricted',
  'invalid_auth',
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'not_authed',
  'org_login_required',
  'team_access_not_granted',
  'token_expired',
  'token_revoked',
])
const throttledCodes = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded'])
const passingCodes = new Set(['fatal_error', 'internal_error', 'request_timeout', 'service_unavailable'])

/** https://docs.slack.dev/reference/methods/chat.postMessage#errors */
function asOurs(error: unknown, report: (code: string) => void): unknown {
  if (error instanceof WebAPIRateLimitedError) return new ServiceThrottled('Slack asked to slow down', { cause: error })
  if (error instanceof WebAPIPlatformError) return ofCode(error, report)
  if (error instanceof WebAPIHTTPError && error.statusCode < 500)
    return new DeliveryFailed(`Slack refused the call: HTTP ${error.statusCode}`, { cause: error })
  // A 429 without a time to wait is a plain error.
  if (error instanceof SlackError || error instanceof Error)
    return new ServiceUnavailable('Slack could not be reached', { cause: error })
  return error
}

function ofCode(error: WebAPIPlatformError, report: (code: string) => void): Error {
  const code = error.data.error
  if (throttledCodes.has(code)) return new ServiceThrottled('Slack asked to slow down', { cause: error })
  // What is no code is a page of some proxy or of Slack's own trouble.
  if (passingCodes.has(code) || !/^[a-z0-9_]{1,64}$/.test(code))
    return new ServiceUnavailable('Slack failed', { cause: error })
  if (authCodes.has(code)) report(code)
  return new DeliveryFailed(`Slack refused the call: \`${code}\``, { cause: error })
}
