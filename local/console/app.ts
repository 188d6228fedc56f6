import { readFileSync } from 'node:fs'
import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { etag } from 'hono/etag'
import { offerIdSchema } from '../../lambda/domain/offer.ts'
import { consoleReviewLink } from '../../lambda/domain/wording.ts'
import type { ControlClient, Health } from '../control-client.ts'
import { acceptInAwsConsole, type LocalAws } from '../partner.ts'
import { findSampleOffer } from '../sample-offers.ts'
import { guard } from './guard.ts'
import { renderConsolePage, type Frame } from './layout.ts'
import { mailDocument, mailHeaders, renderMail, renderMailbox } from './mail-views.ts'
import type { OfferReader } from './offer-reader.ts'
import { renderNotFound, renderOfferPage, renderOffersPage, valueOf, type ReceivingPlace } from './pages.ts'
import { renderScans } from './scan-views.ts'
import { addSlackRoutes, type SlackRoutes } from './slack-routes.ts'
import { consoleStylesheet } from './style.ts'

export interface ConsoleDeps {
  /** Where the console is reached: the only origin that may post. */
  origin: string
  account: string
  aws: LocalAws
  offers: Pick<OfferReader, 'list' | 'read' | 'places'>
  control: Pick<ControlClient, 'health' | 'mails' | 'advance' | 'sweep'> & SlackRoutes['control']
}

const script = readFileSync(new URL('./client.mjs', import.meta.url), 'utf8')
const longestBody = 4096
const cacheable = { 'Cache-Control': 'no-cache' }

/** The local console: GET shows, POST makes offers as the other side or moves the clock. */
export function createConsoleApp(deps: ConsoleDeps): Hono {
  const app = new Hono()
  app.use(guard(deps.origin))
  app.use(bodyLimit({ maxSize: longestBody }))
  // The script asks again and again: most answers are an empty 304.
  app.use(etag())
  app.onError((error, context) => context.text(`${error.name}: ${error.message}`, 500))
  app.notFound(async (context) => {
    context.status(404)
    return await show(context, deps, renderNotFound())
  })
  app.get('/console.css', (context) =>
    context.body(consoleStylesheet, 200, { ...cacheable, 'Content-Type': 'text/css' }),
  )
  app.get('/console.js', (context) => context.body(script, 200, { ...cacheable, 'Content-Type': 'text/javascript' }))
  app.get('/', (context) => showOffers(context, deps))
  app.get('/offers/:id', (context) => showOffer(context, deps))
  app.get('/scans', (context) => showScans(context, deps))
  app.get('/mail', async (context) => show(context, deps, renderMailbox(await deps.control.mails())))
  app.get('/mail/:id', (context) => showMail(context, deps))
  app.get('/mail/:id/html', (context) => showMailDocument(context, deps))
  addSlackRoutes(app, { control: deps.control, show: (context, part) => show(context, deps, part) })
  app.post('/offers', (context) => makeOffer(context, deps))
  app.post('/offers/:id/accept', (context) => acceptAsPerson(context, deps))
  app.post('/clock', (context) => moveClock(context, deps))
  app.post('/sweep', (context) => sweep(context, deps))
  return app
}

type Part = Pick<Frame, 'title' | 'body' | 'current'>

async function show(context: Context, { control }: ConsoleDeps, part: Part): Promise<Response> {
  const [{ now }, mails, slack] = await Promise.all([control.health(), control.mails(), control.slackMessages()])
  const path = context.req.path
  return context.html(
    renderConsolePage({ ...part, now: new Date(now), mails: mails.length, slack: slack.length, path }),
  )
}

async function showOffers(context: Context, deps: ConsoleDeps): Promise<Response> {
  const [health, offers] = await Promise.all([deps.control.health(), deps.offers.list()])
  const notice = { made: context.req.query('made'), swept: context.req.query('swept') }
  const places = placesIn(health)
  const page = { offers, now: new Date(health.now), notice, places, chosen: context.req.query('to') }
  return await show(context, deps, renderOffersPage(page))
}

async function showOffer(context: Context, deps: ConsoleDeps): Promise<Response> {
  const id = offerIdSchema.safeParse(context.req.param('id'))
  const record = id.success ? await deps.offers.read(id.data) : undefined
  if (record === undefined) return context.notFound()
  const { now } = await deps.control.health()
  return await show(context, deps, renderOfferPage(record, new Date(now)))
}

async function showScans(context: Context, deps: ConsoleDeps): Promise<Response> {
  const [{ now }, places] = await Promise.all([deps.control.health(), deps.offers.places()])
  return await show(context, deps, renderScans(places, new Date(now)))
}

async function showMail(context: Context, deps: ConsoleDeps): Promise<Response> {
  const mail = (await deps.control.mails()).find(({ id }) => id === context.req.param('id'))
  if (mail === undefined) return context.notFound()
  return await show(context, deps, renderMail(mail))
}

async function showMailDocument(context: Context, { control }: ConsoleDeps): Promise<Response> {
  const mail = (await control.mails()).find(({ id }) => id === context.req.param('id'))
  if (mail === undefined) return context.notFound()
  return context.html(mailDocument(mail), 200, mailHeaders)
}

async function makeOffer(context: Context, { aws, account, control }: ConsoleDeps): Promise<Response> {
  const offer = findSampleOffer(await field(context, 'offer'))
  if (offer === undefined) return context.text('expected the name of a sample offer', 400)
  const to = await field(context, 'to')
  const place = placesIn(await control.health()).find((each) => valueOf(each) === to)
  if (place === undefined && to !== '') return context.text('expected one of our accounts and regions', 400)
  await offer.make({ ...aws, region: place?.region ?? aws.region }, place?.account ?? account)
  return context.redirect(`/?made=${offer.id}${place === undefined ? '' : `&to=${valueOf(place)}`}`, 303)
}

function placesIn({ receivers }: Health): ReceivingPlace[] {
  return receivers.flatMap(({ account, name, regions }) => regions.map((region) => ({ account, name, region })))
}

/** What a person would do in the AWS console with a delegation request that was handed over to them. */
async function acceptAsPerson(context: Context, { aws, offers }: ConsoleDeps): Promise<Response> {
  const id = offerIdSchema.safeParse(context.req.param('id'))
  const record = id.success ? await offers.read(id.data) : undefined
  if (record === undefined || consoleReviewLink(record.state.ref) === undefined) return context.notFound()
  const { account, awsId } = record.state.ref
  await acceptInAwsConsole(aws, { account, requestId: awsId })
  return context.redirect(`/offers/${record.state.offerId}`, 303)
}

const steps = ['1h', '6h', '1d']

async function moveClock(context: Context, { control }: ConsoleDeps): Promise<Response> {
  const by = await field(context, 'advance')
  if (!steps.includes(by)) return context.text(`expected one of ${steps.join(', ')}`, 400)
  await control.advance(by)
  return context.redirect(await backTo(context), 303)
}

async function sweep(context: Context, { control }: ConsoleDeps): Promise<Response> {
  await control.sweep()
  const path = await backTo(context)
  return context.redirect(path === '/' ? '/?swept=1' : path, 303)
}

async function field(context: Context, name: string): Promise<string> {
  const value = (await context.req.parseBody())[name]
  return typeof value === 'string' ? value : ''
}

/** A page of the console that a form named; never another place. */
async function backTo(context: Context): Promise<string> {
  const path = await field(context, 'back')
  return /^\/(?:$|(?:offers|mail|slack|scans)(?:\/[\w-]+)?$)/.test(path) ? path : '/'
}
