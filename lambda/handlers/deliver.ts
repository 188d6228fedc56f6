import { DeliveryFailed, ServiceThrottled, ServiceUnavailable } from '../contract/errors.ts'
import type { About, ChannelName, DeliveryStatus, EventOf, LedgerEvent } from '../domain/event.ts'
import { isOnItsWay, statusAfter, type OfferState } from '../domain/state.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { SentMessage } from '../notify/channel.ts'

export interface Delivery {
  ledger: Ledger
  offerId: string
  run: number
  round: number
  about: About
  /** An approver's id, or `channel:<id>` for a post. */
  approver: string
  /** The ways to reach them, the preferred one first. */
  channels: readonly ChannelName[]
  send: (by: ChannelName) => Promise<SentMessage>
  /** Whether there is nothing to say any more; asked before each sending. */
  isMoot?: (state: OfferState | undefined) => boolean
  /** A throttle was waited for long enough: another channel is tried, as after any other failure. */
  isImpatient?: boolean
}

/**
 * Sends one message and records how that went; false when no channel takes it. A channel that failed for this message
 * is not used again for it: the next one is. A message that was sent is not sent again; a crash between sending and
 * recording sends it twice, never not at all. What passes is thrown once every channel was tried; a throttle at once, as
 * long as there is patience.
 */
export async function deliver(delivery: Delivery): Promise<boolean> {
  const { state, events } = await delivery.ledger.history(delivery.offerId)
  if (delivery.isMoot?.(state) === true) return true
  const before = statusesOf(events, delivery)
  if ([...before.values()].some(isOnItsWay)) return true
  const failures: Passing[] = []
  for (const channel of delivery.channels.filter((one) => !before.has(one))) {
    const outcome = await attempt(() => delivery.send(channel))
    if (outcome instanceof ServiceThrottled && delivery.isImpatient !== true) throw outcome
    if (outcome instanceof Error) failures.push(outcome)
    else await record(delivery, channel, outcome)
    if ('status' in outcome && outcome.status === 'sent') return true
  }
  if (failures[0] !== undefined) throw failures[0]
  return false
}

/** What came of this message, last by channel. What belongs to no round belongs to its run. */
function statusesOf(
  events: readonly LedgerEvent[],
  { run, round, about, approver }: Delivery,
): Map<ChannelName, DeliveryStatus> {
  const statuses = new Map<ChannelName, DeliveryStatus>()
  for (const event of events) {
    if (event.type !== 'delivered' || event.round !== round || (round === 0 && event.run !== run)) continue
    const { channel, status } = event.data
    if (event.data.about !== about || event.data.approver !== approver) continue
    statuses.set(channel, statusAfter(statuses.get(channel), status))
  }
  return statuses
}

type Attempted = Pick<EventOf<'delivered'>['data'], 'status' | 'detail' | 'slack'>

type Passing = ServiceUnavailable | ServiceThrottled

async function attempt(send: () => Promise<SentMessage>): Promise<Attempted | Passing> {
  try {
    const { id, slack } = await send()
    return { status: 'sent', detail: id, ...(slack === undefined ? {} : { slack }) }
  } catch (error) {
    if (error instanceof DeliveryFailed) return { status: 'failed', detail: error.message }
    if (error instanceof ServiceUnavailable || error instanceof ServiceThrottled) return error
    throw error
  }
}

async function record(
  { ledger, offerId, run, round, about, approver }: Delivery,
  channel: ChannelName,
  outcome: Attempted,
): Promise<void> {
  await ledger.record(offerId, (state) => {
    if (state === undefined) return undefined
    return {
      type: 'delivered',
      actor: 'workflow',
      run,
      round,
      factsHash: state.round?.factsHash ?? null,
      step: `delivered:${about}:${approver}:${channel}:${outcome.status}`,
      data: { approver, channel, about, ...outcome },
    }
  })
}

/** One that fails does not keep the others from being tried; the first failure is thrown at the end, to be retried. */
export async function forEachAtLeastTried<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const failures: unknown[] = []
  for (const item of items) await work(item).catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}
