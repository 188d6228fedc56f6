import type { Hono } from 'hono'
import { InvalidInput } from '../contract/errors.ts'
import { approvalUrl, approvalsStore, castVote, factsStore, ledger, now, settings } from '../deps.ts'
import { createWebApp, type WebDeps } from '../web/app.ts'
import { httpApiEventSchema, toRequest, toResponse, type HttpApiResponse } from '../web/http-api.ts'
import { logger } from './serve.ts'

let app: Hono | undefined

function webApp(): Hono {
  return createWebApp({
    readLink: (token) => approvalsStore().getLink(token),
    readOffer: (offerId) => ledger().history(offerId),
    readFacts: (offerId, factsHash) => factsStore().get(offerId, factsHash),
    vote: castVote(),
    now,
    approvalUrl: approvalUrl(),
    settings: settings(),
    report: logProblem,
  })
}

/** Names only: a message may hold what somebody typed. */
export const logProblem: WebDeps['report'] = ({ error, offerId }) => {
  const name = error instanceof Error ? error.name : typeof error
  logger.error('page failed', { offerId, error: name })
}

/** The path holds the token, so it is in no log line and no error. */
export async function servePage(
  event: unknown,
  { app, origin }: { app: Hono; origin: string },
): Promise<HttpApiResponse> {
  const parsed = httpApiEventSchema.safeParse(event)
  if (!parsed.success) throw new InvalidInput('expected an HTTP API event of version 2.0, got another')
  const response = await toResponse(await app.fetch(toRequest(parsed.data, origin)))
  logger.info('done', { method: parsed.data.requestContext.http.method, status: response.statusCode })
  return response
}

/** The public page, behind an HTTP API. */
export async function handler(event: unknown): Promise<HttpApiResponse> {
  app ??= webApp()
  return await servePage(event, { app, origin: approvalUrl() })
}
