import { PutEventsCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { eventSource } from '../contract/env.ts'
import { ServiceUnavailable } from '../contract/errors.ts'
import type { OfferState } from '../domain/state.ts'

export type Announcement = 'Gatehouse Offer Opened' | 'Gatehouse Offer Awaiting Approval' | 'Gatehouse Offer Closed'

/** What other systems hear of a case. */
export type Announced = Pick<OfferState, 'offerId' | 'ref' | 'run' | 'counterparty' | 'closed'>

/** Tells other systems on the default bus. At least once: a listener keys on offer id, run and detail type. */
export function createBus(client: EventBridgeClient): (what: Announcement, offer: Announced) => Promise<void> {
  return async (what, offer) => {
    const reply = await client.send(
      new PutEventsCommand({
        Entries: [{ Source: eventSource, DetailType: what, Detail: JSON.stringify(detailOf(offer)) }],
      }),
    )
    if ((reply.FailedEntryCount ?? 0) > 0) {
      throw new ServiceUnavailable(
        `expected the event to be taken, got \`${reply.Entries?.[0]?.ErrorCode ?? 'an error'}\``,
      )
    }
  }
}

function detailOf({ offerId, ref, run, counterparty, closed }: Announced): Record<string, unknown> {
  const { kind, account, region, awsId } = ref
  return { offerId, kind, account, region, awsId, run, counterparty, outcome: closed?.outcome ?? null }
}
