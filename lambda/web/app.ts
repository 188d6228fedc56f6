import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Markup } from '../contract/markup.ts'
import type { Settings } from '../contract/settings.ts'
import type { LinkVote, VoteReply } from '../contract/states.ts'
import type { LedgerEvent } from '../domain/event.ts'
import { changesBetween, type FactChange } from '../domain/fact-changes.ts'
import type { Facts } from '../domain/facts.ts'
import { shownFacts } from '../domain/shown-facts.ts'
import { electorateAsRecorded, progressOf, type Progress } from '../domain/progress.ts'
import type { OfferState } from '../domain/state.ts'
import { parseVoteForm, refusalsOf, type VoteForm } from './form.ts'
import { secureHeaders } from './headers.ts'
import {
  badFormPage,
  foreignOriginPage,
  methodPage,
  tooManyTriesPage,
  unconfirmedPage,
  unknownLinkPage,
  unreadablePage,
} from './notices.ts'
import { addIntakeRoutes, type IntakeWebDeps } from './intake/routes.ts'
import { isFromOurPage } from './origin.ts'
import { renderOfferPage } from './offer-page.ts'
import type { Posted } from './offer-view.ts'
import { keepCookie, sessionCookie, sessionIn } from './sign-in/cookies.ts'
import type { SignInPrompt } from './sign-in/prompt.ts'
import { lastAskedOn } from './seen.ts'
import { standingOf, type ApprovalLink } from './standing.ts'
import type { Reading } from './time-view.ts'
import { renderVoted } from './voted-view.ts'

export interface WebDeps extends IntakeWebDeps {
  readLink: (token: string) => Promise<ApprovalLink | undefined>
  readOffer: (offerId: string) => Promise<{ state: OfferState | undefined; events: readonly LedgerEvent[] }>
  readFacts: (offerId: string, factsHash: string) => Promise<Facts>
  /** The only way in which this app changes anything. */
  vote: (request: LinkVote) => Promise<VoteReply>
  now: () => Date
  /** Where the app is reached; its origin is the only one that may vote. */
  approvalUrl: string
  settings: Pick<Settings, 'approvers' | 'groups' | 'defaultGroup' | 'escalationGroup' | 'deadlineDefault' | 'signIn'>
  /** Called with what went wrong; never given a token or what somebody typed. */
  report: (problem: { error: unknown; offerId?: string }) => void
}

const path = '/a/:token'
const longestBody = 16 * 1024

/** The approval pages: GET and HEAD show, POST hands to `vote`, nothing else happens. */
export function createWebApp(deps: WebDeps): Hono {
  const app = new Hono()
  app.use(secureHeaders(deps.approvalUrl))
  app.notFound((context) => context.html(unknownLinkPage, 404))
  app.onError((error, context) => {
    deps.report({ error })
    return context.html(unreadablePage, 503)
  })
  // The same answer for every token, without a read: a HEAD tells nothing and costs nothing.
  app.use(path, async (context, next) => {
    if (context.req.method === 'HEAD') return context.body(null, 200, { 'Content-Type': 'text/html; charset=UTF-8' })
    await next()
    return undefined
  })
  app.get(path, (context) => show(context, deps))
  const limit = bodyLimit({ maxSize: longestBody, onError: (context) => context.html(badFormPage, 413) })
  app.post(path, limit, (context) => post(context, deps))
  app.all(path, (context) => context.html(methodPage, 405, { Allow: 'GET, HEAD, POST' }))
  addIntakeRoutes(app, deps)
  return app
}

interface Case {
  token: string
  link: ApprovalLink
  state: OfferState
  events: readonly LedgerEvent[]
  now: Date
  /** What sign-in gave this browser for this link; only `vote` can tell whether it is worth anything. */
  session: string | undefined
}

/** What a token leads to; undefined for a token that is unknown, too old, or of somebody who no longer approves. */
async function caseOf(context: Context, deps: WebDeps): Promise<Case | undefined> {
  const token = context.req.param('token') ?? ''
  if (token.length > 128) return undefined
  const link = await deps.readLink(token)
  if (link === undefined || !deps.settings.approvers.some(({ id }) => id === link.approver)) return undefined
  const clock = deps.now()
  if (link.ttl * 1000 <= clock.getTime()) return undefined
  const { state, events } = await deps.readOffer(link.offerId)
  if (state === undefined) return undefined
  const last = new Date(state.lastAt)
  const session = deps.settings.signIn === null ? undefined : sessionIn(context, deps.approvalUrl, token)
  return { token, link, state, events, now: last > clock ? last : clock, session }
}

async function show(context: Context, deps: WebDeps): Promise<Response> {
  const found = await caseOf(context, deps)
  if (found === undefined) return context.html(unknownLinkPage, 404)
  return context.html(await pageOf(found, deps))
}

async function pageOf(found: Case, deps: WebDeps, posted?: Posted & { shownHash?: string }): Promise<Markup> {
  const { link, state, events } = found
  const factsHash = state.round?.factsHash
  const read = factsHash === undefined ? undefined : await deps.readFacts(link.offerId, factsHash)
  const facts = read && shownFacts(read, state)
  const progress = progressIn(state, deps)
  const standing = standingOf(state, { link, progress, now: found.now })
  const askedOn = standing.is === 'asking' ? lastAskedOn(link.approver, { state, events }) : undefined
  const before = posted?.shownHash ?? askedOn
  return renderOfferPage({
    state,
    facts,
    standing,
    progress,
    approver: link.approver,
    deadlineDefault: deps.settings.deadlineDefault,
    reading: readingOf(found, deps),
    changes: facts === undefined ? [] : await changesSince(before, { found, facts }, deps),
    signIn: signInFor(found, deps, posted),
    posted,
  })
}

/** Undefined for who may vote as they are. */
function signInFor({ token, session }: Case, { settings }: WebDeps, posted?: Posted): SignInPrompt | undefined {
  if (settings.signIn === null || session !== undefined) return undefined
  return { token, issuer: settings.signIn.issuer, comment: posted?.typed?.comment ?? '' }
}

function progressIn(state: OfferState, { settings }: WebDeps): Progress | undefined {
  const { round } = state
  return round === undefined ? undefined : progressOf(round, electorateAsRecorded(state, round, settings))
}

function readingOf({ link, now }: Case, { settings }: WebDeps): Reading {
  return { now, timeZone: settings.approvers.find(({ id }) => id === link.approver)?.timeZone }
}

async function post(context: Context, deps: WebDeps): Promise<Response> {
  if (!isFromOurPage((name) => context.req.header(name), deps.approvalUrl)) return context.html(foreignOriginPage, 403)
  const type = context.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') return context.html(badFormPage, 415)
  const form = parseVoteForm(await context.req.text())
  if (form === undefined) return context.html(badFormPage, 400)
  const found = await caseOf(context, deps)
  if (found === undefined) return context.html(unknownLinkPage, 404)
  const refusals = refusalsOf(form)
  if (refusals.length > 0) return context.html(await pageOf(found, deps, { typed: form, refusals }), 422)
  const reply = await askVote(found, form, deps)
  if (reply === undefined) return context.html(unconfirmedPage, 503)
  return await answer({ context, deps, found, form, reply })
}

async function askVote({ token, link, session }: Case, form: VoteForm, deps: WebDeps): Promise<VoteReply | undefined> {
  try {
    return await deps.vote({ by: 'link', token, ...form, ...(session === undefined ? {} : { session }) })
  } catch (error) {
    deps.report({ error, offerId: link.offerId })
    return undefined
  }
}

interface Answering {
  context: Context
  deps: WebDeps
  found: Case
  form: VoteForm
  reply: VoteReply
}

async function answer({ context, deps, found, form, reply }: Answering): Promise<Response> {
  switch (reply.result) {
    case 'voted':
    case 'standing':
      return context.html(await votedPage({ context, deps, found, form, reply }, reply))
    case 'refused':
      return context.html(
        await freshPage({ context, deps, found, form, reply }, { typed: form, refusals: [reply] }),
        422,
      )
    case 'facts-changed':
      return context.html(await changedPage({ context, deps, found, form, reply }), 409)
    case 'closed':
    case 'expired':
      return context.html(
        await freshPage(
          { context, deps, found, form, reply },
          { notice: 'Your vote came too late and was not recorded.' },
        ),
        409,
      )
    case 'taken':
    case 'not-taken':
    case 'unknown-link':
      return context.html(unknownLinkPage, 404)
    case 'too-many-tries':
      return context.html(tooManyTriesPage, 429)
    case 'sign-in':
      return context.html(await signInPage({ context, deps, found, form, reply }), 403)
  }
}

type Counted = Extract<VoteReply, { result: 'voted' | 'standing' }>

async function votedPage({ context, deps, found }: Answering, { choice, result }: Counted): Promise<Markup> {
  // The vote is recorded: the page must not say otherwise because it could not be read again.
  const fresh = await caseOf(context, deps).catch((error: unknown) => {
    deps.report({ error, offerId: found.link.offerId })
    return undefined
  })
  return renderVoted({
    choice,
    standing: result === 'standing',
    approver: found.link.approver,
    state: fresh?.state ?? found.state,
    progress: fresh === undefined ? undefined : progressIn(fresh.state, deps),
    deadlineDefault: deps.settings.deadlineDefault,
    reading: readingOf(fresh ?? found, deps),
    path: context.req.path,
  })
}

/** The case may have moved while the vote was checked, so it is read again. */
async function freshPage({ context, deps, found }: Answering, posted: Posted): Promise<Markup> {
  return await pageOf((await caseOf(context, deps)) ?? found, deps, posted)
}

/** What the browser had as a session is none, so it goes; what was typed stays on the page. */
async function signInPage({ context, deps, found, form }: Answering): Promise<Markup> {
  keepCookie(context, deps.approvalUrl, { name: sessionCookie(found.token), value: '', seconds: 0 })
  const notice = 'Your vote was not recorded: please sign in first.'
  return await pageOf({ ...found, session: undefined }, deps, { notice, typed: form })
}

/** Asks again, on the facts of now, with what differs from those that were shown; the comment and nothing else is kept. */
async function changedPage(answering: Answering): Promise<Markup> {
  const { context, deps, form } = answering
  const found = (await caseOf(context, deps)) ?? answering.found
  return await pageOf(found, deps, {
    notice: wordsForStale(form, found.state),
    typed: { ...form, choice: '', digits: '', active: undefined },
    shownHash: form.factsHash,
  })
}

/** The same facts can be asked about anew, because policy or mode changed or because they came back. */
function wordsForStale({ factsHash }: VoteForm, { round }: OfferState): string {
  const what = round?.factsHash === factsHash ? 'You are asked anew since' : 'The offer changed while'
  return `${what} you had this page open. Nothing was recorded: please look at it again.`
}

/** How the facts of now differ from those of another round; nothing for a hash that no round had. */
async function changesSince(
  hash: string | undefined,
  { found, facts }: { found: Case; facts: Facts },
  deps: WebDeps,
): Promise<FactChange[]> {
  const { link, state, events } = found
  if (hash === undefined || hash === state.round?.factsHash) return []
  if (!events.some(({ type, factsHash }) => type === 'inspected' && factsHash === hash)) return []
  return changesBetween(state.ref.kind, await deps.readFacts(link.offerId, hash), facts)
}
