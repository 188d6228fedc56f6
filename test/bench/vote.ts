import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import { answerPage, linkFor } from '../../local/demo/person.ts'
import { sampleAccounts } from '../../local/sample.ts'
import { findSampleOffer } from '../../local/sample-offers.ts'
import type { Measured } from './bench.ts'
import { withLocal } from './local.ts'

/** AWS calls of the Vote function for one vote by link, counted at the endpoint. */
export async function run(): Promise<Measured> {
  return await withLocal(async ({ run, control }) => {
    await findSampleOffer('stranger-shares-subnet')?.make({
      endpoint: run.endpointUrl,
      region: run.assembly.place.region,
    })
    await control.sweep()
    const mails = await control.mails()
    const offerId = /Offer (ram-invitation-[0-9a-f]{32})/.exec(mails[0]?.text ?? '')?.[1] ?? ''
    const link = linkFor(mails, { offerId, approver: 'alice' })
    const calls = await callsDuring(async () => {
      await answerPage(link, { choice: 'accept', comment: '', digits: sampleAccounts.stranger.slice(-4) })
      await run.idle()
    })
    return { name: 'vote', figures: { awsCalls: callsOfVoter(calls) } }
  })
}

interface Call {
  accessKeyId: string
  operation: string
}

const requestStarted = 'http.server.request.start'

/** Every signed request that reaches a server of this process. */
async function callsDuring(work: () => Promise<void>): Promise<Call[]> {
  const calls: Call[] = []
  const count = (message: unknown): void => {
    const { headers } = (message as { request: IncomingMessage }).request
    const accessKeyId = /Credential=([^/]+)\//.exec(headers.authorization ?? '')?.[1]
    if (accessKeyId !== undefined) calls.push({ accessKeyId, operation: String(headers['x-amz-target'] ?? '') })
  }
  subscribe(requestStarted, count)
  try {
    await work()
  } finally {
    unsubscribe(requestStarted, count)
  }
  return calls
}

/** After a vote only the Vote function wakes the waiting task, and each function has a key of its own. */
function callsOfVoter(calls: readonly Call[]): number {
  const voter = calls.find(({ operation }) => operation.endsWith('.SendTaskSuccess'))?.accessKeyId
  if (voter === undefined) throw new Error('expected a function to wake the waiting task, none did')
  const own = calls.filter(({ accessKeyId }) => accessKeyId === voter)
  return own.length
}
