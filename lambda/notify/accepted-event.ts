import { PutEventsCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { eventSource } from '../contract/env.ts'
import { ServiceUnavailable } from '../contract/errors.ts'
import type { Facts } from '../domain/facts.ts'
import type { Json, JsonObject } from '../domain/json.ts'
import type { OfferState } from '../domain/state.ts'

/** An entry of PutEvents holds 256 KB with its source, type and time. */
const mostBytes = 250_000

export type TellAccepted = (state: OfferState, facts: Facts | undefined) => Promise<void>

/**
 * Tells other systems of an accept, with all facts and what it gave us, on the default bus. At least once: a listener keys
 * on offer id and run.
 */
export function createAcceptedEvent(client: EventBridgeClient): TellAccepted {
  return async (state, facts) => {
    const Detail = detailOf(state, facts)
    const reply = await client.send(
      new PutEventsCommand({ Entries: [{ Source: eventSource, DetailType: 'Gatehouse Offer Accepted', Detail }] }),
    )
    if ((reply.FailedEntryCount ?? 0) === 0) return
    throw new ServiceUnavailable(
      `expected the event to be taken, got \`${reply.Entries?.[0]?.ErrorCode ?? 'an error'}\``,
    )
  }
}

/** The largest facts are left out until the event fits; `leftOut` names them. */
export function detailOf(state: OfferState, facts: Facts | undefined): string {
  const parts = {
    decisive: { ...facts?.decisive },
    context: { ...facts?.context },
    received: { ...state.received?.seen },
  }
  const leftOut: string[] = []
  for (;;) {
    const text = JSON.stringify({ ...headOf(state), ...bodyOf(state, facts, parts), leftOut })
    const largest = largestOf(parts)
    if (Buffer.byteLength(text) <= mostBytes || largest === undefined) return text
    Reflect.deleteProperty(parts[largest.part], largest.name)
    leftOut.push(`${largest.part}.${largest.name}`)
  }
}

function headOf({ offerId, ref, run, counterparty, closed, round }: OfferState): JsonObject {
  const { kind, account, region, awsId } = ref
  const decision = round?.decision
  return {
    offerId,
    kind,
    account,
    region,
    awsId,
    run,
    counterparty,
    outcome: closed?.outcome ?? null,
    policies: round?.judged?.policies.map(({ id }) => id) ?? [],
    people: decision?.by === 'people' ? decision.people : [],
  }
}

interface Parts {
  decisive: JsonObject
  context: JsonObject
  received: JsonObject
}

function bodyOf({ received }: OfferState, facts: Facts | undefined, parts: Parts): JsonObject {
  return {
    facts: {
      decisive: parts.decisive,
      context: parts.context,
      unknown: facts?.unknown ?? [],
      offeredAt: facts?.offeredAt ?? null,
      expiresAt: facts?.expiresAt ?? null,
    },
    received:
      received === undefined ? null : { visible: received.visible, changed: received.changed, seen: parts.received },
  }
}

function largestOf(parts: Parts): { part: keyof Parts; name: string } | undefined {
  const members = (part: keyof Parts): { part: keyof Parts; name: string; bytes: number }[] =>
    Object.entries(parts[part]).map(([name, value]) => ({ part, name, bytes: bytesOf(value) }))
  const all = [...members('decisive'), ...members('context'), ...members('received')]
  return all.toSorted((a, b) => b.bytes - a.bytes)[0]
}

function bytesOf(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value))
}
