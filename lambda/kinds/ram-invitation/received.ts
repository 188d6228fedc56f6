import * as z from 'zod'
import type { Receipt } from '../../domain/facts.ts'
import { parseAnswer } from '../answer.ts'
import type { RamCalls } from './calls.ts'
import { resourceSchema, sortResources } from './facts.ts'
import type { SharedResource } from './facts.ts'

const shareSchema = z.object({ status: z.string() })
const receivedSchema = z.object({ arn: z.string().min(1), type: z.string().min(1), status: z.string().nullish() })

/**
 * What the share gives us. RAM takes a while: until then it shows no such share, or a share without resources, or with
 * fewer than there were to decide on; `count` is null where that is not known.
 */
export async function readReceived(calls: RamCalls, of: { shareArn: string; count: number | null }): Promise<Receipt> {
  const status = await readStatus(calls, of.shareArn)
  if (status === undefined) return { visible: false, seen: {} }
  if (status !== 'ACTIVE') return { visible: false, seen: { shareStatus: status } }
  const { list, unavailable } = await readResources(calls, of.shareArn)
  const resourceTypes = [...new Set(list.map(({ type }) => type))].sort()
  return {
    visible: list.length > 0 || of.count === 0,
    ...(of.count !== null && list.length > 0 && list.length < of.count ? { partial: true } : {}),
    seen: {
      shareStatus: status,
      resources: sortResources(list),
      resourceTypes,
      resourceCount: list.length,
      unavailable,
    },
  }
}

/** An empty page may carry a token here, too. */
async function readStatus(calls: RamCalls, shareArn: string): Promise<string | undefined> {
  let nextToken: string | undefined
  do {
    const page = await calls.sharesWithUs(shareArn, nextToken)
    if (!page.ok) return undefined
    const [share] = page.answer.resourceShares ?? []
    if (share !== undefined) return parseAnswer(shareSchema, share, 'resourceShares').status
    nextToken = page.answer.nextToken
  } while (nextToken)
  return undefined
}

async function readResources(
  calls: RamCalls,
  shareArn: string,
): Promise<{ list: SharedResource[]; unavailable: string[] }> {
  const list: SharedResource[] = []
  const unavailable: string[] = []
  let nextToken: string | undefined
  do {
    const page = await calls.resourcesWithUs(shareArn, nextToken)
    if (!page.ok) return { list: [], unavailable: [] }
    for (const item of page.answer.resources ?? []) {
      list.push(parseAnswer(resourceSchema, item, 'resources'))
      const { arn, status } = parseAnswer(receivedSchema, item, 'resources')
      if (typeof status === 'string' && status !== 'AVAILABLE') unavailable.push(`${arn}: ${status}`)
    }
    nextToken = page.answer.nextToken
  } while (nextToken)
  return { list, unavailable: unavailable.sort() }
}
