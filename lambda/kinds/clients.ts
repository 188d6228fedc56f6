import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { AwsCredentials, KindContext } from './kind.ts'

/**
 * A new session needs a new client, but no new connection. The one used last is taken first, so a settling call goes
 * over the connection on which the offer has just been read.
 */
const agents = {
  httpAgent: new HttpAgent({ keepAlive: true, maxSockets: 50 }),
  httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets: 50 }),
}

/** What the client of every kind is made with. */
export interface ClientConfig {
  region: string
  credentials: () => Promise<AwsCredentials>
  maxAttempts: number
  requestHandler: typeof agents & { connectionTimeout: number; requestTimeout: number; throwOnRequestTimeout: true }
}

/** Reads may be repeated inside the SDK: 3 attempts of at most 5 s each stay inside a function's 30 s. */
export function readConfig(context: KindContext, region = context.target.region): ClientConfig {
  return { ...config(context, region), maxAttempts: 3 }
}

/** A settling call may have had its effect when its answer is lost, so it is sent once; the workflow reads again first. */
export function settleConfig(context: KindContext, region = context.target.region): ClientConfig {
  return { ...config(context, region), maxAttempts: 1 }
}

function config(context: KindContext, region: string): Omit<ClientConfig, 'maxAttempts'> {
  return {
    region,
    credentials: context.credentials,
    requestHandler: { ...agents, connectionTimeout: 2000, requestTimeout: 5000, throwOnRequestTimeout: true },
  }
}
