import { randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import type { Activity } from './activity.ts'
import type { FunctionSpec } from './assembly/specs.ts'
import type { LocalPlace } from './assembly/values.ts'
import { FunctionPool } from './functions/pool.ts'
import type { PoolSize } from './functions/pool.ts'
import { FunctionThread } from './functions/thread.ts'
import type { InvokeOutcome } from './functions/thread.ts'

export interface RoleCredentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string
}

export interface FunctionsOptions {
  specs: readonly FunctionSpec[]
  place: LocalPlace
  /** A session of the function's execution role. */
  credentialsOf: (spec: FunctionSpec) => RoleCredentials
  /** What the local clock is ahead of the real one. */
  clockOffsetMs: () => number
  /** What functions print. */
  log: (functionId: string, text: string) => void
  activity: Activity
  /** By default as many as this machine's processors allow. */
  poolSize?: PoolSize
}

export interface Functions {
  find: (reference: string) => FunctionSpec | undefined
  /** `reference`: logical id, name or ARN. `event` and the outcome's payload are JSON text. */
  invoke: (reference: string, event: string) => Promise<InvokeOutcome>
  close: () => Promise<void>
}

/** Lambda for one machine: every function of the app in worker threads of its own, with only its own environment. */
export function createFunctions(options: FunctionsOptions): Functions {
  const { specs, clockOffsetMs, log, activity, poolSize = poolSizeHere() } = options
  const pools = new Map(
    specs.map((spec) => {
      const env = environmentOf(spec, options)
      const makeThread = (): FunctionThread =>
        new FunctionThread({
          spec,
          env,
          log: (text) => {
            log(spec.id, text)
          },
        })
      return [spec.id, new FunctionPool({ spec, makeThread, size: poolSize })] as const
    }),
  )

  function find(reference: string): FunctionSpec | undefined {
    const name = nameIn(reference)
    return pools.get(name)?.spec ?? specs.find((spec) => spec.name === name)
  }

  return {
    find,
    async invoke(reference, event) {
      const pool = pools.get(find(reference)?.id ?? '')
      if (pool === undefined) throw new RangeError(`no function \`${reference}\``)
      const done = activity.begin()
      const offsetMs = clockOffsetMs()
      try {
        return await pool.invoke({
          event,
          requestId: randomUUID(),
          env: { GATEHOUSE_CLOCK_OFFSET_MS: String(offsetMs) },
        })
      } finally {
        done()
      }
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()))
    },
  }
}

/**
 * Each environment compiles the same code anew: on a small machine more of them make everything slower. Listing some
 * hundred offers takes seconds, and is no reason for another one.
 */
function poolSizeHere(): PoolSize {
  return { usual: Math.min(4, Math.max(1, Math.floor(availableParallelism() / 2))), most: 4, patienceMs: 10_000 }
}

/** `arn:aws:lambda:<region>:<account>:function:<name>[:<qualifier>]`, or the name itself. */
function nameIn(reference: string): string {
  const parts = reference.split(':')
  const at = parts.indexOf('function')
  return (at === -1 ? parts[0] : parts[at + 1]) ?? reference
}

function environmentOf(spec: FunctionSpec, { place, credentialsOf }: FunctionsOptions): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentialsOf(spec)
  return {
    AWS_REGION: place.region,
    AWS_DEFAULT_REGION: place.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_ENDPOINT_URL: place.endpointUrl,
    GATEHOUSE_SLACK_API_URL: `${place.endpointUrl}/slack/api/`,
    AWS_LAMBDA_FUNCTION_NAME: spec.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${spec.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    LAMBDA_TASK_ROOT: spec.dir,
    _HANDLER: spec.handler,
    TZ: ':UTC',
    // The settings of whoever runs this must not reach the functions.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...spec.env,
  }
}
