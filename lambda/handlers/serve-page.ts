import type { Hono } from 'hono'
import { InvalidInput } from '../contract/errors.ts'
import { httpApiEventSchema, toRequest, toResponse, type HttpApiResponse } from '../web/http-api.ts'
import { logger } from './serve.ts'

/** Names only: a message may hold what somebody typed. */
export function logProblem({ error, offerId }: { error: unknown; offerId?: string }): void {
  const name = error instanceof Error ? error.name : typeof error
  logger.error('page failed', { offerId, error: name })
}

/** The path holds the token, and the query may hold a code, so neither is in a log line or an error. */
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
