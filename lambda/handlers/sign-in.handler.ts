import type { Hono } from 'hono'
import { approvalsStore, approvalUrl, now, settings, signInKeys, signInProvider } from '../deps.ts'
import type { HttpApiResponse } from '../web/http-api.ts'
import { createSignInApp } from '../web/sign-in/app.ts'
import { logProblem, servePage } from './serve-page.ts'

let app: Hono | undefined

function signInApp(): Hono {
  return createSignInApp({
    readLink: (token) => approvalsStore().getLink(token),
    readIntakeLink: (token) => approvalsStore().readIntakeLink(token),
    provider: signInProvider(),
    keys: signInKeys,
    now,
    approvalUrl: approvalUrl(),
    approvers: settings().approvers,
    report: logProblem,
  })
}

/** Signing in, behind an HTTP API. */
export async function handler(event: unknown): Promise<HttpApiResponse> {
  app ??= signInApp()
  return await servePage(event, { app, origin: approvalUrl() })
}
