import type { MiddlewareHandler } from 'hono'
import { stylesheetHash } from './style.ts'

const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src '${stylesheetHash}'`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

const always: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': contentSecurityPolicy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  // Not `no-referrer`: with it browsers send `Origin: null`, and a vote needs our origin.
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'X-Robots-Tag': 'noindex, nofollow',
}

/** The same headers on everything, errors included. */
export function secureHeaders(approvalUrl: string): MiddlewareHandler {
  const https = new URL(approvalUrl).protocol === 'https:'
  const headers = https ? { ...always, 'Strict-Transport-Security': 'max-age=63072000' } : always
  return async (context, next) => {
    await next()
    for (const [name, value] of Object.entries(headers)) context.header(name, value)
  }
}
