import type { Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { IntakeForm } from '../../contract/intake.ts'
import type { Settings } from '../../contract/settings.ts'
import type { VoteReply } from '../../contract/states.ts'
import { badFormPage, foreignOriginPage, methodPage, unconfirmedPage, unknownLinkPage } from '../notices.ts'
import { isFromOurPage } from '../origin.ts'
import { keepCookie, sessionCookie, sessionIn } from '../sign-in/cookies.ts'
import { renderIntakePage, takenInPage, type IntakePage } from './intake-page.ts'

export interface IntakeWebDeps {
  /** Undefined for a token that there is none of. */
  readIntakeLink: (token: string) => Promise<{ expiresAtMs: number } | undefined>
  takeIn: (form: IntakeForm) => Promise<VoteReply>
  now: () => Date
  approvalUrl: string
  settings: Pick<Settings, 'signIn'>
  report: (problem: { error: unknown }) => void
}

const path = '/i/:token'
const longestBody = 4 * 1024

/** The same protection as a page of approval: a personal link, our own origin, typed characters, and no GET that acts. */
export function addIntakeRoutes(app: Hono, deps: IntakeWebDeps): void {
  app.use(path, async (context, next) => {
    if (context.req.method === 'HEAD') return context.body(null, 200, { 'Content-Type': 'text/html; charset=UTF-8' })
    await next()
    return undefined
  })
  app.get(path, async (context) => {
    const isOpen = await isUsable(context, deps)
    return isOpen
      ? context.html(renderIntakePage({ signIn: signInFor(context, deps) }))
      : context.html(unknownLinkPage, 404)
  })
  const limit = bodyLimit({ maxSize: longestBody, onError: (context) => context.html(badFormPage, 413) })
  app.post(path, limit, (context) => post(context, deps))
  app.all(path, (context) => context.html(methodPage, 405, { Allow: 'GET, HEAD, POST' }))
}

function tokenOf(context: Context): string {
  return context.req.param('token') ?? ''
}

/** Undefined for who may tell as they are; only `vote` can say whether a session is worth anything. */
function signInFor(context: Context, { settings, approvalUrl }: IntakeWebDeps): IntakePage['signIn'] {
  const token = tokenOf(context)
  if (settings.signIn === null || sessionIn(context, approvalUrl, token) !== undefined) return undefined
  return { token, issuer: settings.signIn.issuer }
}

async function isUsable(context: Context, { readIntakeLink, now }: IntakeWebDeps): Promise<boolean> {
  const token = tokenOf(context)
  const link = /^[A-Za-z0-9_-]{43}$/.test(token) ? await readIntakeLink(token) : undefined
  return link !== undefined && link.expiresAtMs > now().getTime()
}

async function post(context: Context, deps: IntakeWebDeps): Promise<Response> {
  if (!isFromOurPage((name) => context.req.header(name), deps.approvalUrl)) return context.html(foreignOriginPage, 403)
  const type = context.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') return context.html(badFormPage, 415)
  if (!(await isUsable(context, deps))) return context.html(unknownLinkPage, 404)
  const fields = new URLSearchParams(await context.req.text())
  const [account = '', awsId = '', digits = ''] = ['account', 'awsId', 'digits'].map((name) =>
    (fields.get(name) ?? '').trim(),
  )
  if (account.length > 32 || awsId.length > 256 || digits.length > 16) return context.html(badFormPage, 400)
  const token = tokenOf(context)
  const session = deps.settings.signIn === null ? undefined : sessionIn(context, deps.approvalUrl, token)
  const form = { by: 'intake' as const, token, account, awsId, digits, ...(session === undefined ? {} : { session }) }
  return await answer(context, { form, deps })
}

async function answer(context: Context, { form, deps }: { form: IntakeForm; deps: IntakeWebDeps }): Promise<Response> {
  let reply: VoteReply
  try {
    reply = await deps.takeIn(form)
  } catch (error) {
    deps.report({ error })
    return context.html(unconfirmedPage, 503)
  }
  if (reply.result === 'taken') return context.html(takenInPage)
  const { signIn } = deps.settings
  if (reply.result === 'sign-in' && signIn !== null) {
    const problem = 'You are not signed in, or no longer.'
    // What it has is worth nothing: the next look shows where to sign in.
    keepCookie(context, deps.approvalUrl, { name: sessionCookie(form.token), value: '', seconds: 0 })
    return context.html(renderIntakePage({ problem, signIn: { token: form.token, issuer: signIn.issuer } }), 403)
  }
  if (reply.result === 'not-taken') return context.html(renderIntakePage({ problem: reply.problem, typed: form }), 422)
  return context.html(unknownLinkPage, 404)
}
