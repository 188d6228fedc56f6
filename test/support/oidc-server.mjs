// A real OpenID Connect provider in a process of its own, as it is published as ES modules only. It listens on a free
// port and tells it; told the redirect URI of a client, it serves its own login pages. Whoever types a name is signed in
// as name@example.com; `name+unverified` has the same address, but has not shown that it is theirs.
import { createServer } from 'node:http'
import Provider from 'oidc-provider'

const seen = []
let served
/** What does not answer: `all`, `token`, or nothing. */
let down = 'nothing'
const server = createServer((request, response) => {
  seen.push({ url: request.url, referer: request.headers.referer ?? null })
  if (served === undefined || down === 'all' || (down === 'token' && request.url === '/token'))
    response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>bad gateway</h1>')
  else served(request, response)
})
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))

function claimsOf(login) {
  const [name, mark] = login.split('+')
  return { sub: login, email: `${name}@example.com`, email_verified: mark !== 'unverified' }
}

function start({ redirectUri, secret, conformIdTokenClaims }) {
  const provider = new Provider(`http://127.0.0.1:${server.address().port}`, {
    clients: [
      {
        client_id: 'gatehouse',
        client_secret: secret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    conformIdTokenClaims,
    pkce: { required: () => true },
    cookies: { keys: ['a key for tests'] },
    findAccount: (_context, login) => ({ accountId: login, claims: () => claimsOf(login) }),
    // Nobody is asked for consent.
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId })
      grant.addOIDCScope('openid email')
      await grant.save()
      return grant
    },
  })
  served = provider.callback()
}

process.on('message', (message) => {
  if (message.serve !== undefined) start(message.serve)
  if (message.down !== undefined) down = message.down
  process.send({ seen })
})
