import { sealEvent } from '../../lambda/ledger/chain.ts'
import type { Cause, Draft, EventBody, Judged, LedgerEvent } from '../../lambda/domain/event.ts'
import { offerIdOf, type OfferRef } from '../../lambda/domain/offer.ts'
import { fold, type OfferState } from '../../lambda/domain/state.ts'

export const hashA = 'a'.repeat(64)
export const hashB = 'b'.repeat(64)

export function aRef(overrides: Partial<OfferRef> = {}): OfferRef {
  return {
    kind: 'ram-invitation',
    account: '111111111111',
    region: 'us-east-1',
    awsId: 'arn:aws:ram:us-east-1:444455556666:resource-share-invitation/5b0f3a4e-1111-4222-8333-444455556666',
    ...overrides,
  }
}

export function aJudged(overrides: Partial<Judged> = {}): Judged {
  return {
    verdict: 'review',
    policies: [],
    errors: [],
    unknown: [],
    notes: [],
    mode: 'enforce',
    policyDigest: 'digest-1',
    deadline: { at: '2026-11-27T11:00:00.000Z', from: 'expiry' },
    ...overrides,
  }
}

type Step = EventBody & { run?: number; round?: number; factsHash?: string | null; step?: string; at?: string }

/** A chain of events, each an hour after the one before unless it says when; every step its own dedupe key. */
export class Story {
  readonly events: LedgerEvent[] = []
  readonly ref: OfferRef
  #run = 1
  #round = 0
  #hash: string | null = null

  constructor(ref: OfferRef = aRef()) {
    this.ref = ref
    this.add({ type: 'detected', data: { ref, counterparty: null } })
  }

  add(step: Step): this {
    const at = new Date(step.at ?? Date.UTC(2026, 10, 20, 10 + this.events.length))
    const draft = {
      type: step.type,
      data: step.data,
      actor: 'workflow',
      run: step.run ?? this.#run,
      round: step.round ?? this.#round,
      factsHash: step.factsHash === undefined ? this.#hash : step.factsHash,
      step: step.step ?? `${step.type}:${this.events.length}`,
    } as Draft
    this.events.push(sealEvent(offerIdOf(this.ref), draft, { last: this.events.at(-1), at }))
    return this
  }

  inspected(round: number, factsHash: string, more: { cause?: Cause; expiresAt?: string | null } = {}): this {
    const { cause = 'first', expiresAt = null } = more
    this.#round = round
    this.#hash = factsHash
    return this.add({
      type: 'inspected',
      data: { cause, counterparty: '444455556666', offeredAt: null, expiresAt, unknown: [] },
    })
  }

  judged(overrides: Partial<Judged> = {}): this {
    return this.add({ type: 'judged', data: aJudged(overrides) })
  }

  asked(approvers: string[] = ['alice']): this {
    return this.add({ type: 'asked', data: { approvers, deadline: aJudged().deadline, purpose: 'approval' } })
  }

  voted(approver: string, choice: 'accept' | 'reject', at: { round?: number; factsHash?: string } = {}): this {
    return this.add({ type: 'voted', data: { approver, choice, comment: 'because', assurance: 'link holder' }, ...at })
  }

  decided(choice: 'accept' | 'reject' | 'leave', by: 'people' | 'deadline' = 'people'): this {
    return this.add({
      type: 'decided',
      data: { choice, by, people: by === 'people' ? ['alice'] : [], reason: 'votes' },
    })
  }

  failed(): this {
    this.add({ type: 'failed', round: 0, data: { error: 'Boom', detail: '' } })
    this.#run += 1
    return this
  }

  reopened(): this {
    this.add({ type: 'reopened', run: this.#run + 1, round: 0, data: { why: 'policy changed', alarm: false } })
    this.#run += 1
    return this
  }

  get state(): OfferState {
    const state = fold(this.events)
    if (state === undefined) throw new Error('a story has at least one event')
    return state
  }
}
