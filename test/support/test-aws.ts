import type { Facts, Inspection } from '../../lambda/domain/facts.ts'
import { offerIdOf, type OfferRef, type Target } from '../../lambda/domain/offer.ts'
import type { Kind, SettleRequest, Settled } from '../../lambda/kinds/kind.ts'
import type { Receipt } from '../../lambda/domain/facts.ts'
import { aRef } from './events.ts'

export type OfferStatus = 'pending' | 'accepted' | 'rejected' | 'expired' | 'gone'

export interface TestOffer {
  ref: OfferRef
  status: OfferStatus
  /** Which facts the counterparty shows now: any name; each is another factsHash. */
  facts: string
  unknown: string[]
  expiresAt: string | null
  /** Who offers it. */
  counterparty: string
}

/**
 * AWS for one target, as far as a kind shows it: what the real services cannot be made to do on command (facts that
 * flip between two calls, an answer that is lost) happens here. The kinds themselves are tested against the endpoint.
 */
export class TestAws {
  readonly offers = new Map<string, TestOffer>()
  /** Calls that changed something, in order. */
  readonly effects: { offerId: string; action: 'accept' | 'reject'; facts: string }[] = []
  reads = 0
  lists = 0
  handsOver = false
  /** What facts look like to who rests on a kept lookup. */
  keptFacts: ((facts: Facts) => Facts) | undefined
  /** Called at each point where a test may want to do something in between. */
  onInspect: (ref: OfferRef) => void | Promise<void> = () => undefined
  /** At the end of a listing, where an odd item of it is told. */
  onListed: () => void = () => undefined
  onSettle: (request: SettleRequest) => void | Promise<void> = () => undefined
  /** What AWS shows of an accept; undefined for a kind that shows nothing. */
  onReceived: (() => Receipt) | undefined
  /** The same, where reading the offer shows it. */
  receipt: Receipt | undefined
  afterSettle: (request: SettleRequest) => void | Promise<void> = () => undefined

  offer(overrides: Partial<TestOffer> = {}): TestOffer {
    const offer: TestOffer = {
      ref: aRef(),
      status: 'pending',
      facts: 'A',
      unknown: [],
      expiresAt: null,
      counterparty: '444455556666',
      ...overrides,
    }
    this.offers.set(offerIdOf(offer.ref), offer)
    return offer
  }

  open(target: Target, how?: { fresh: boolean }): Kind {
    const here = (): TestOffer[] =>
      [...this.offers.values()].filter(({ ref }) => ref.kind === target.kind && ref.account === target.account)
    const listed = (): void => {
      this.lists += 1
    }
    const { onReceived } = this
    const told = (): void => {
      this.onListed()
    }
    return {
      ...(onReceived && { received: () => Promise.resolve().then(onReceived) }),
      handsOver: this.handsOver,
      discover: async function* () {
        listed()
        for (const offer of here())
          if (offer.status === 'pending') yield { ref: offer.ref, counterparty: offer.counterparty }
        told()
      },
      locate: async (awsId) => {
        this.reads += 1
        return here().find((offer) => offer.status === 'pending' && offer.ref.awsId === awsId)?.ref
      },
      inspect: async (ref) => {
        this.reads += 1
        await this.onInspect(ref)
        const seen = this.#inspect(ref)
        const kept = how?.fresh === false ? this.keptFacts : undefined
        return seen.state === 'pending' && kept !== undefined ? { ...seen, facts: kept(seen.facts) } : seen
      },
      settle: async (request) => {
        await this.onSettle(request)
        const settled = this.#settle(request)
        await this.afterSettle(request)
        return settled
      },
    }
  }

  #inspect(ref: OfferRef): Inspection {
    const offer = this.offers.get(offerIdOf(ref))
    if (offer === undefined) return { state: 'gone' }
    if (offer.status === 'accepted' && this.receipt !== undefined) return { state: 'accepted', receipt: this.receipt }
    if (offer.status !== 'pending') return { state: offer.status }
    return { state: 'pending', facts: factsOf(offer) }
  }

  #settle({ ref, action }: SettleRequest): Settled {
    if (action === 'accept' && this.handsOver) return { result: 'handed-over', detail: 'a person has to' }
    const offer = this.offers.get(offerIdOf(ref))
    if (offer === undefined || offer.status === 'gone' || offer.status === 'expired')
      return { result: 'gone', detail: 'not there' }
    const done = action === 'accept' ? 'accepted' : 'rejected'
    if (offer.status !== 'pending')
      return { result: offer.status === done ? 'already-settled' : 'lost', detail: offer.status }
    offer.status = done
    this.effects.push({ offerId: offerIdOf(ref), action, facts: offer.facts })
    return { result: 'settled', detail: done }
  }
}

export function factsOf(offer: TestOffer): Facts {
  return {
    decisive: { counterparty: offer.counterparty, organization: 'not-configured', shown: offer.facts },
    context: {},
    unknown: offer.unknown,
    counterparty: offer.counterparty,
    offeredAt: null,
    expiresAt: offer.expiresAt,
  }
}
