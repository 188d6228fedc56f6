import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { ServiceUnavailable, SignInRefused } from '../../contract/errors.ts'
import type { Approver } from '../../contract/settings.ts'
import { tokenHashOf } from '../../domain/link-token.ts'
import { secureHeaders } from '../headers.ts'
import { badFormPage, foreignOriginPage, methodPage, unknownLinkPage, unreadablePage } from '../notices.ts'
import { isFromOurPage } from '../origin.ts'
import type { ApprovalLink } from '../standing.ts'
import { dropOldSessions, keepCookie, pendingCookie, readCookie, sessionCookie } from './cookies.ts'
import type { SignInKeys } from './keys.ts'
import {
  isPlain,
  providerDownPage,
  renderGoingOn,
  renderNotSignedIn,
  renderWrongAccount,
  startAgainPage,
} from './pages.ts'
import { callbackPath } from './paths.ts'
import { openPending, pendingSeconds, sealPending, type Pending } from './pending.ts'
import type { Person, Provider } from './provider.ts'
import { mintSession, sessionSeconds } from './session.ts'

export interface SignInDeps {
  readLink: (token: string) => Promise<ApprovalLink | undefined>
  readIntakeLink: (token: string) => Promise<Pick<ApprovalLink, 'approver' | 'ttl'> | undefined>
  provider: Provider
  keys: () => Promise<SignInKeys>
  now: () => Date
  approvalUrl: string
  approvers: readonly Pick<Approver, 'id' | 'email'>[]
  /** Called with what went wrong; never given a token, a code or an address. */
  report: (problem: { error: unknown }) => void
}

const beginPath = '/sign-in/:token'

/** Signing in: a POST from our page begins, the provider sends back with a GET. Nothing changes but cookies. */
export function createSignInApp(deps: SignInDeps): Hono {
  const app = new Hono()
  app.use(secureHeaders(deps.approvalUrl))
  app.notFound((context) => context.html(unknownLinkPage, 404))
  app.onError((error, context) => {
    deps.report({ error })
    return context.html(error instanceof ServiceUnavailable ? providerDownPage : unreadablePage, 503)
  })
  app.use(async (context, next) => {
    if (context.req.method === 'HEAD') return context.body(null, 200, { 'Content-Type': 'text/html; charset=UTF-8' })
    await next()
    return undefined
  })
  app.get(callbackPath, (context) => finish(context, deps))
  const limit = bodyLimit({ maxSize: 1024, onError: (context) => context.html(badFormPage, 413) })
  app.post(beginPath, limit, (context) => begin(context, deps))
  app.all(beginPath, (context) => context.html(methodPage, 405, { Allow: 'POST' }))
  return app
}

/** A personal link: whose it is, and where its page is, always below our own address. */
interface Owned {
  approver: Pick<Approver, 'id' | 'email'>
  path: string
}

/** Undefined for a token that is unknown, too old, or of somebody who no longer approves. */
async function ownerOf(token: string, deps: SignInDeps): Promise<Owned | undefined> {
  if (token.length > 128) return undefined
  const ofOffer = await deps.readLink(token)
  const link = ofOffer ?? (await deps.readIntakeLink(token))
  if (link === undefined || link.ttl * 1000 <= deps.now().getTime()) return undefined
  const approver = deps.approvers.find(({ id }) => id === link.approver)
  const path = `${ofOffer === undefined ? '/i' : '/a'}/${encodeURIComponent(token)}`
  return approver === undefined ? undefined : { approver, path }
}

/**
 * The page goes on to the provider by itself, without a script. No redirect: Chromium holds a form's redirects to
 * `form-action`, and providers send on to others.
 */
async function begin(context: Context, deps: SignInDeps): Promise<Response> {
  if (!isFromOurPage((name) => context.req.header(name), deps.approvalUrl)) return context.html(foreignOriginPage, 403)
  const token = context.req.param('token') ?? ''
  if ((await ownerOf(token, deps)) === undefined) return context.html(unknownLinkPage, 404)
  const again = new URLSearchParams(await context.req.text()).get('again') === 'yes'
  const { url, ...flow } = await deps.provider.begin(again)
  const value = await sealPending({ token, ...flow }, { key: (await deps.keys()).pending, now: deps.now() })
  keepCookie(context, deps.approvalUrl, { name: pendingCookie, value, seconds: pendingSeconds })
  return context.html(renderGoingOn(url), 200, { Refresh: `0;url=${url}` })
}

async function finish(context: Context, deps: SignInDeps): Promise<Response> {
  const pending = await pendingOf(context, deps)
  if (pending === undefined || context.req.query('state') !== pending.state) return context.html(startAgainPage, 400)
  const { token } = pending
  const owned = await ownerOf(token, deps)
  if (owned === undefined) return context.html(unknownLinkPage, 404)
  const { approver, path } = owned
  const person = await personFrom(context, pending, deps)
  // What was begun is done, whatever came of it; only where the provider is down a reload may still bring it to its end.
  keepCookie(context, deps.approvalUrl, { name: pendingCookie, value: '', seconds: 0 })
  if (person === undefined) return context.html(renderNotSignedIn(path), 403)
  if (!person.verified || !isSameAddress(person.email, approver.email))
    return context.html(
      renderWrongAccount({ ...person, approver: approver.id, token: encodeURIComponent(token), path }),
      403,
    )
  const claims = { approver: approver.id, linkHash: tokenHashOf(token) }
  dropOldSessions(context, deps.approvalUrl)
  const value = await mintSession(claims, { key: (await deps.keys()).session, now: deps.now() })
  keepCookie(context, deps.approvalUrl, { name: sessionCookie(token), value, seconds: sessionSeconds })
  return context.redirect(path, 303)
}

async function pendingOf(context: Context, deps: SignInDeps): Promise<Pending | undefined> {
  const sealed = readCookie(context, deps.approvalUrl, pendingCookie)
  if (sealed === undefined || sealed === '') return undefined
  return await openPending(sealed, { key: (await deps.keys()).pending, now: deps.now() })
}

async function personFrom(context: Context, pending: Pending, deps: SignInDeps): Promise<Person | undefined> {
  try {
    return await deps.provider.finish(new URL(context.req.url).search, pending)
  } catch (error) {
    if (!(error instanceof SignInRefused)) throw error
    deps.report({ error })
    return undefined
  }
}

function isSameAddress(given: string, wanted: string): boolean {
  return isPlain(given) && given.toLowerCase() === wanted.toLowerCase()
}
