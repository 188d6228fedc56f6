#!/usr/bin/env node
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { register } from 'tsx/esm/api'

// The SDK warns on Node 20 although the pinned versions support it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'

register()
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const { main } = await import('./cli/main.ts')
process.exitCode = await main(process.argv.slice(2), {
  root,
  env: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  onStop: (stop) => {
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
  },
})
