import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { SignIn } from '../../start.ts'

export interface Provider {
  signIn: SignIn
  close: () => Promise<void>
}

interface Signing {
  issuer: string
  clientId: string
  email: string
  key: Awaited<ReturnType<typeof generateKeyPair>>
  /** Nonces of those who came, by the codes that they were sent back with. */
  nonces: Map<string, string>
}

/** An OpenID Connect provider at which everybody who comes is signed in as one person, without a question. */
export async function startProvider(email: string): Promise<Provider> {
  const clientSecret = randomUUID()
  const [clientId, key] = ['gatehouse', await generateKeyPair('RS256')]
  const signing: Signing = { issuer: '', clientId, email, key, nonces: new Map() }
  const server = createServer((request, response) => {
    answer(signing, request, response).catch(() => response.writeHead(500).end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  signing.issuer = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`
  return {
    signIn: { issuer: signing.issuer, clientId, clientSecret },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

async function answer(signing: Signing, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { issuer, key, nonces } = signing
  const { pathname, searchParams } = new URL(request.url ?? '/', issuer)
  const json = (value: unknown): void => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  }
  if (pathname === '/.well-known/openid-configuration') json(discoveryOf(issuer))
  else if (pathname === '/keys') json({ keys: [{ ...(await exportJWK(key.publicKey)), alg: 'RS256', use: 'sig' }] })
  else if (pathname === '/authorize') {
    const code = randomUUID()
    nonces.set(code, searchParams.get('nonce') ?? '')
    const back = new URL(searchParams.get('redirect_uri') ?? issuer)
    back.search = new URLSearchParams({ code, state: searchParams.get('state') ?? '', iss: issuer }).toString()
    response.writeHead(303, { location: back.href }).end()
  } else if (pathname === '/token') json(await tokensFor(signing, new URLSearchParams(await textOf(request))))
  else response.writeHead(404).end()
}

function discoveryOf(issuer: string): Record<string, unknown> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  }
}

async function tokensFor({ issuer, clientId, email, key, nonces }: Signing, form: URLSearchParams): Promise<unknown> {
  const nonce = nonces.get(form.get('code') ?? '')
  const token = new SignJWT({ email, email_verified: true, nonce })
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(issuer)
    .setAudience(clientId)
    .setSubject(email)
    .setIssuedAt()
    .setExpirationTime('5 minutes')
  return { access_token: randomUUID(), token_type: 'Bearer', id_token: await token.sign(key.privateKey) }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request.setEncoding('utf8')) text += String(part)
  return text
}
