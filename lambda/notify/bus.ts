import { PutEventsCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { eventSource } from '../contract/env.ts'
import { ServiceUnavailable } from '../contract/errors.ts'
import type { OfferState } from '../domain/state.ts'

export type Announcement = 'Gatehouse Offer Opened' | 'Gatehouse Offer Awaiting Approval' | 'Gatehouse Offer Closed'

/** Tells other systems on the default bus. At least once: a listener keys on offer id, run and detail type. */
export function createBus(client: EventBridgeClient): (what: Announcement, state: OfferState) => Promise<void> {
  return async (what, state) => {
    const reply = await client.send(
      new PutEventsCommand({
        Entries: [{ Source: eventSource, DetailType: what, Detail: JSON.stringify(detailOf(state)) }],
      }),
    )
    if ((reply.FailedEntryCount ?? 0) > 0) {
      throw new ServiceUnavailable(
        `expected the event to be taken, got \`${reply.Entries?.[0]?.ErrorCode ?? 'an error'}\``,
      )
    }
  }
}

function detailOf({ offerId, ref, run, counterparty, closed }: OfferState): Record<string, unknown> {
  const { kind, account, region, awsId } = ref
  return { offerId, kind, account, region, awsId, run, counterparty, outcome: closed?.outcome ?? null }
}
