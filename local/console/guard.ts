import type { MiddlewareHandler } from 'hono'

const headers: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  // Not `no-referrer`: with it browsers send `Origin: null`.
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
}

/**
 * Keeps other sites out. A name that somebody else made point to this machine arrives in `Host`, and a form or script
 * of another site says so in `Origin` and `Sec-Fetch-Site`.
 */
export function guard(origin: string): MiddlewareHandler {
  const ours = new URL(origin)
  return async (context, next) => {
    if (context.req.header('host') !== ours.host) {
      // `localhost` is this machine under a name of its own; approval links know one name only.
      if (context.req.method === 'GET' && context.req.header('host') === `localhost:${ours.port}`) {
        return context.redirect(onOrigin(context.req.path, origin), 307)
      }
      return context.text('this console answers on its own address only', 421)
    }
    const reads = context.req.method === 'GET' || context.req.method === 'HEAD'
    if (!reads && !isFromUs(context.req.header('origin'), context.req.header('sec-fetch-site'), ours.origin)) {
      return context.text('posts are taken from the console itself only', 403)
    }
    await next()
    for (const [name, value] of Object.entries(headers)) {
      if (!context.res.headers.has(name)) context.header(name, value)
    }
    return undefined
  }
}

/** `//name/` and `/\\name/` would lead to another site, if they were read as a relative address. */
function onOrigin(path: string, origin: string): string {
  const url = new URL(origin)
  url.pathname = `/${path.replace(/^[/\\]+/, '')}`
  return url.href
}

function isFromUs(origin: string | undefined, site: string | undefined, ours: string): boolean {
  return origin === ours && (site === undefined || site === 'same-origin')
}
