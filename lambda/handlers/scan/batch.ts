import * as z from 'zod'
import { hintSchema, type Hint } from '../../contract/states.ts'
import { hintsOf } from '../../kinds/hints.ts'

export const batchSchema = z.object({
  Records: z.array(
    z.object({
      messageId: z.string(),
      body: z.string(),
      attributes: z
        .object({ SentTimestamp: z.coerce.number(), ApproximateReceiveCount: z.coerce.number().optional() })
        .optional(),
    }),
  ),
})
export type Batch = z.infer<typeof batchSchema>

export interface Message {
  messageId: string
  hints: Hint[]
  /** Only what is new matters. Not so where it comes again: what failed may be a case that is not new any more. */
  byEvent: boolean
  /** In ms, by the queue's clock; unknown to who makes a batch by hand. */
  sentAtMs: number | undefined
}

/**
 * The messages of a batch, those of each account and region in a lane of its own: one after the other, so that they do
 * not read the same offers at once, while one that is slow keeps no other waiting.
 */
export function lanesOf({ Records }: Batch): Message[][] {
  const lanes = new Map<string, Message[]>()
  for (const { messageId, body, attributes } of Records) {
    const { hints, byEvent } = hintsIn(body)
    const isFirst = (attributes?.ApproximateReceiveCount ?? 1) === 1
    const message = { messageId, sentAtMs: attributes?.SentTimestamp, hints, byEvent: byEvent && isFirst }
    const [first] = message.hints
    const key = first !== undefined && 'account' in first ? `${first.account}/${first.region}` : 'offers'
    lanes.set(key, [...(lanes.get(key) ?? []), message])
  }
  return [...lanes.values()]
}

/** Hints in a message: our own, or those that an event of EventBridge gives. What is neither gives none. */
function hintsIn(body: string): Pick<Message, 'hints' | 'byEvent'> {
  const parsed = parseJson(body)
  const own = hintSchema.safeParse(parsed)
  return own.success ? { hints: [own.data], byEvent: false } : { hints: hintsOf(parsed), byEvent: true }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
