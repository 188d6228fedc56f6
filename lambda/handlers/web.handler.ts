import type { Hono } from 'hono'
import { approvalUrl, approvalsStore, castVote, factsStore, ledger, now, settings } from '../deps.ts'
import { createWebApp } from '../web/app.ts'
import type { HttpApiResponse } from '../web/http-api.ts'
import { logProblem, servePage } from './serve-page.ts'

let app: Hono | undefined

function webApp(): Hono {
  return createWebApp({
    readLink: (token) => approvalsStore().getLink(token),
    readOffer: (offerId) => ledger().history(offerId),
    readFacts: (offerId, factsHash) => factsStore().get(offerId, factsHash),
    vote: castVote(),
    readIntakeLink: (token) => approvalsStore().readIntakeLink(token),
    takeIn: castVote(),
    now,
    approvalUrl: approvalUrl(),
    settings: settings(),
    report: logProblem,
  })
}

/** The public page, behind an HTTP API. */
export async function handler(event: unknown): Promise<HttpApiResponse> {
  app ??= webApp()
  return await servePage(event, { app, origin: approvalUrl() })
}
