import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { tokenHashOf } from '../../domain/link-token.ts'

/** While somebody is at the provider. */
export const pendingCookie = 'gatehouse-signing-in'

const sessionPrefix = 'gatehouse-session-'

/** One for each link, so that signing in for one offer does not end it for another. */
export function sessionCookie(token: string): string {
  return `${sessionPrefix}${tokenHashOf(token).slice(0, 16)}`
}

/** API Gateway takes 10,240 bytes of headers in all, and a session is some 350: with too many nothing would be served. */
const mostSessions = 12

/** Makes room for one more session; browsers send the oldest first, so that goes first. */
export function dropOldSessions(context: Context, approvalUrl: string): void {
  const host = isHttps(approvalUrl) ? '__Host-' : ''
  const names = Object.keys(getCookie(context)).filter((name) => name.startsWith(`${host}${sessionPrefix}`))
  for (const name of names.slice(0, Math.max(0, names.length + 1 - mostSessions)))
    keepCookie(context, approvalUrl, { name: name.slice(host.length), value: '', seconds: 0 })
}

export interface CookieValue {
  name: string
  value: string
  /** 0 removes it. */
  seconds: number
}

/**
 * Sent to our own host only (`__Host-`), never to scripts. Lax, not Strict: people come back from the provider, and come
 * from their mail, by following links from elsewhere. Browsers take prefix and `Secure` over https only, so on
 * http://127.0.0.1, where a local run is, there is neither.
 */
export function keepCookie(context: Context, approvalUrl: string, { name, value, seconds }: CookieValue): void {
  const always = { path: '/', httpOnly: true, sameSite: 'Lax', maxAge: seconds } as const
  if (isHttps(approvalUrl)) setCookie(context, name, value, { ...always, secure: true, prefix: 'host' })
  else setCookie(context, name, value, always)
}

export function readCookie(context: Context, approvalUrl: string, name: string): string | undefined {
  return isHttps(approvalUrl) ? getCookie(context, name, 'host') : getCookie(context, name)
}

/** What sign-in gave this browser for a link. */
export function sessionIn(context: Context, approvalUrl: string, token: string): string | undefined {
  const session = readCookie(context, approvalUrl, sessionCookie(token))
  return session === '' ? undefined : session?.slice(0, 4096)
}

function isHttps(approvalUrl: string): boolean {
  return new URL(approvalUrl).protocol === 'https:'
}
