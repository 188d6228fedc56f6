import type { IncomingMessage } from 'node:http'

/** Lambda's own limit, the largest of the services here. */
const maxBodyBytes = 6 * 1024 * 1024
/** Beyond the limit a body is read on and thrown away, so that the client sees the error and not a broken pipe; up to here. */
const maxDiscardedBytes = 64 * 1024 * 1024

/** The whole body; `too-large` beyond 6 MiB; `aborted` when the client went away. */
export function readBody(request: IncomingMessage): Promise<Buffer | 'too-large' | 'aborted'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBodyBytes) chunks.push(chunk)
      else chunks.length = 0
      if (size > maxDiscardedBytes) request.destroy()
    })
    request.on('end', () => {
      resolve(size > maxBodyBytes ? 'too-large' : Buffer.concat(chunks))
    })
    request.on('error', () => {
      resolve('aborted')
    })
    request.on('close', () => {
      resolve('aborted')
    })
  })
}
