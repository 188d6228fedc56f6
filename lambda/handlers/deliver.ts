import { DeliveryFailed } from '../contract/errors.ts'
import type { About, EventOf } from '../domain/event.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { SentMessage } from '../notify/channel.ts'

export interface Delivery {
  ledger: Ledger
  offerId: string
  run: number
  round: number
  about: About
  approver: string
  send: () => Promise<SentMessage>
}

/**
 * Sends one message and records how that went. A message that was sent once is not sent again; a crash between sending
 * and recording sends it twice, never not at all. A refused address is recorded and does not stop the others.
 */
export async function deliver({ ledger, offerId, run, round, about, approver, send }: Delivery): Promise<void> {
  const sent = { run, round, step: `delivered:${about}:${approver}:sent` }
  const { events } = await ledger.history(offerId)
  if (events.some((event) => event.dedupeKey === `${run}/${round}/${sent.step}`)) return
  const outcome = await attempt(send)
  await ledger.record(offerId, (state) => {
    if (state === undefined) return undefined
    return {
      type: 'delivered',
      actor: 'workflow',
      run,
      round,
      factsHash: state.round?.factsHash ?? null,
      step: `delivered:${about}:${approver}:${outcome.status}`,
      data: { approver, channel: 'email', about, ...outcome },
    }
  })
}

async function attempt(
  send: Delivery['send'],
): Promise<Pick<EventOf<'delivered'>['data'], 'status' | 'detail' | 'slack'>> {
  try {
    const { id, slack } = await send()
    return { status: 'sent', detail: id, ...(slack === undefined ? {} : { slack }) }
  } catch (error) {
    if (error instanceof DeliveryFailed) return { status: 'failed', detail: error.message }
    throw error
  }
}

/** One that fails does not keep the others from being tried; the first failure is thrown at the end, to be retried. */
export async function forEachAtLeastTried<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const failures: unknown[] = []
  for (const item of items) await work(item).catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}
