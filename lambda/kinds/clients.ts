import type { AwsCredentials, KindContext } from './kind.ts'

/** What the client of every kind is made with. */
export interface ClientConfig {
  region: string
  credentials: () => Promise<AwsCredentials>
  maxAttempts: number
  requestHandler: { connectionTimeout: number; requestTimeout: number; throwOnRequestTimeout: true }
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
    requestHandler: { connectionTimeout: 2000, requestTimeout: 5000, throwOnRequestTimeout: true },
  }
}
