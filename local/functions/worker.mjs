// One Lambda execution environment: loads the bundle once, then runs one invocation at a time. Plain JavaScript, so that
// a thread starts without any loader; its process.env holds only what the function's own environment holds.
import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'

function describe(thrown) {
  if (!(thrown instanceof Error)) return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] }
  return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') }
}

async function load() {
  const loaded = await import(pathToFileURL(workerData.file).href)
  const handler = loaded[workerData.exportName]
  if (typeof handler !== 'function') throw new TypeError(`${workerData.exportName} is not a function of the bundle`)
  return handler
}

async function run(handler, { event, env, context }) {
  Object.assign(process.env, env)
  const { deadlineMs, ...fields } = context
  const getRemainingTimeInMillis = () => Math.max(0, deadlineMs - Date.now())
  const result = await handler(JSON.parse(event), { ...fields, getRemainingTimeInMillis })
  return JSON.stringify(result) ?? 'null'
}

try {
  const handler = await load()
  parentPort.on('message', (invocation) => {
    run(handler, invocation).then(
      (payload) => parentPort.postMessage({ kind: 'result', payload }),
      (error) => parentPort.postMessage({ kind: 'error', error: describe(error) }),
    )
  })
  parentPort.postMessage({ kind: 'ready' })
} catch (error) {
  parentPort.postMessage({ kind: 'broken', error: describe(error) })
}
