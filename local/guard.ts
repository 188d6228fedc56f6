import type { IncomingMessage } from 'node:http'

const loopbackHost = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|\[::1\])(:\d{1,5})?$/i

/**
 * A page of another site reaches this machine through the browser: under a name of its own that it made point here
 * (`Host` tells), or from its own origin (`Origin` tells). SDKs and curl send no `Origin`.
 */
export function isFromHere({ headers }: Pick<IncomingMessage, 'headers'>, ownOrigins: readonly string[]): boolean {
  const { host = '', origin } = headers
  return loopbackHost.test(host) && (origin === undefined || ownOrigins.includes(origin))
}
