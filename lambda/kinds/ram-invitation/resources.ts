import * as z from 'zod'
import { AccessRefused, ServiceUnavailable, UnexpectedAnswer } from '../../contract/errors.ts'
import type { Inspection } from '../../domain/facts.ts'
import { parseAnswer } from '../answer.ts'
import type { RamCalls } from './calls.ts'
import { resourceSchema } from './facts.ts'
import type { Resources, SharedResource } from './facts.ts'

type Answered = Exclude<Inspection, { state: 'pending' }>
type Page = Awaited<ReturnType<RamCalls['resources']>>

/** What the share of a pending invitation holds; or where the invitation stands, when it was answered meanwhile. */
export async function readResources(calls: RamCalls, arn: string): Promise<Resources | Answered> {
  const list: SharedResource[] = []
  let nextToken: string | undefined
  do {
    const page = await readPage(calls, arn, nextToken)
    if ('problem' in page) return page
    if (!page.ok) return answeredOf(page)
    list.push(...parseAnswer(z.array(resourceSchema), page.answer.resources ?? [], 'resources'))
    nextToken = page.answer.nextToken
  } while (nextToken)
  return { list }
}

/** A page that cannot be had makes the offer a case for people, not a dead one. Throttling only takes time. */
async function readPage(calls: RamCalls, arn: string, nextToken?: string): Promise<Page | { problem: string }> {
  try {
    return await calls.resources(arn, nextToken)
  } catch (error) {
    if (isUnreadable(error)) return { problem: error.message }
    throw error
  }
}

function isUnreadable(error: unknown): error is AccessRefused | ServiceUnavailable | UnexpectedAnswer {
  return error instanceof AccessRefused || error instanceof ServiceUnavailable || error instanceof UnexpectedAnswer
}

function answeredOf(page: Extract<Page, { ok: false }>): Answered {
  if ('read' in page.reaction) return { state: page.reaction.read }
  throw new UnexpectedAnswer(page.detail)
}
