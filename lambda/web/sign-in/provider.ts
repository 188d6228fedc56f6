import * as client from 'openid-client'
import * as z from 'zod'
import { ServiceUnavailable, SignInRefused } from '../../contract/errors.ts'
import type { SignInSettings } from '../../contract/settings.ts'

/** What only the browser that began may finish with. */
export interface Flow {
  state: string
  nonce: string
  verifier: string
}

export interface Person {
  email: string
  /** The provider has seen that the address is theirs. */
  verified: boolean
}

export interface Provider {
  /** Where to send a browser. `again`: to choose another account than the one that was used. Throws ServiceUnavailable. */
  begin: (again: boolean) => Promise<Flow & { url: string }>
  /** Who came back with this query. Throws SignInRefused, ServiceUnavailable. */
  finish: (query: string, flow: Flow) => Promise<Person>
}

export interface ProviderDeps {
  settings: SignInSettings
  /** The text of the secret that the settings name. */
  readSecret: (name: string) => Promise<string>
  redirectUri: string
}

/** At most three requests follow each other, within the 29 s that the function has. */
const requestSeconds = 5

const claimsSchema = z.object({ email: z.string().min(3).max(320), email_verified: z.boolean() })

/** An OpenID Connect provider: authorization code with PKCE, state and nonce, the ID token's signature checked. */
export function createProvider(deps: ProviderDeps): Provider {
  let found: Promise<client.Configuration> | undefined
  const discovered = async (): Promise<client.Configuration> => {
    const finding = (found ??= discover(deps))
    finding.catch(() => (found = undefined))
    return await finding
  }
  return {
    begin: (again) => namingProblems(async () => await begin(await discovered(), deps.redirectUri, again)),
    finish: (query, flow) =>
      namingProblems(async () => {
        const url = new URL(deps.redirectUri)
        url.search = query
        return await finish(await discovered(), url, flow)
      }),
  }
}

async function discover({ settings, readSecret }: ProviderDeps): Promise<client.Configuration> {
  const issuer = new URL(settings.issuer)
  const secret = settings.clientSecret === undefined ? undefined : await readSecret(settings.clientSecret)
  const authentication = secret === undefined ? client.None() : client.ClientSecretBasic(secret)
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to be seen: only the schema's 127.0.0.1 and localhost
  const plain = issuer.protocol === 'http:' ? [client.allowInsecureRequests] : []
  return await client.discovery(issuer, settings.clientId, undefined, authentication, {
    timeout: requestSeconds,
    execute: [client.enableNonRepudiationChecks, ...plain],
  })
}

async function begin(
  config: client.Configuration,
  redirectUri: string,
  again: boolean,
): Promise<Flow & { url: string }> {
  const flow = { state: client.randomState(), nonce: client.randomNonce(), verifier: client.randomPKCECodeVerifier() }
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'openid email',
    state: flow.state,
    nonce: flow.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(flow.verifier),
    code_challenge_method: 'S256',
    ...(again ? { prompt: 'login' } : {}),
  })
  return { ...flow, url: url.href }
}

async function finish(config: client.Configuration, url: URL, { state, nonce, verifier }: Flow): Promise<Person> {
  const tokens = await client.authorizationCodeGrant(config, url, {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: verifier,
    idTokenExpected: true,
  })
  const claims = tokens.claims()
  const inToken = claimsSchema.safeParse(claims)
  if (inToken.success) return personOf(inToken.data)
  // Some providers say the address at their userinfo endpoint only: https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims
  const said = await client.fetchUserInfo(config, tokens.access_token, claims?.sub ?? '')
  const asked = claimsSchema.safeParse(said)
  if (!asked.success) throw new SignInRefused('expected the provider to say a verified e-mail address, got none')
  return personOf(asked.data)
}

function personOf({ email, email_verified: verified }: z.infer<typeof claimsSchema>): Person {
  return { email, verified }
}

/** What is wrong with this one answer; everything else is the provider's trouble, or the configuration's. */
const refusals = new Set([
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
  'OAUTH_KEY_SELECTION_FAILED',
])

async function namingProblems<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof SignInRefused) throw error
    // No cause: it may hold the code, or the address of whoever signed in.
    throw isRefusal(error)
      ? new SignInRefused(`expected the provider to sign somebody in, got ${codeOf(error)}`)
      : new ServiceUnavailable(`expected the sign-in provider to answer, got ${codeOf(error)}`)
  }
}

function isRefusal(error: unknown): boolean {
  if (error instanceof client.AuthorizationResponseError)
    return !['server_error', 'temporarily_unavailable'].includes(error.error)
  if (error instanceof client.ResponseBodyError) return error.error === 'invalid_grant'
  return error instanceof client.ClientError && refusals.has(error.code ?? '')
}

/** The protocol's word for it, or our client's; never a message, which may quote what was sent. */
function codeOf(error: unknown): string {
  if (error instanceof client.AuthorizationResponseError || error instanceof client.ResponseBodyError)
    return /^\w{1,40}$/.test(error.error) ? `\`${error.error}\`` : 'an error of its own'
  if (error instanceof client.ClientError) return `\`${error.code ?? error.name}\``
  return error instanceof Error ? error.name : typeof error
}
