import { voteReplySchema, voteRequestSchema, type LinkVote, type VoteReply } from '../../lambda/contract/states.ts'
import type { Hint } from '../../lambda/contract/states.ts'
import type { Deadline, EventBody, LedgerEvent } from '../../lambda/domain/event.ts'
import { offerIdOf } from '../../lambda/domain/offer.ts'
import { vote, type VoteDeps } from '../../lambda/handlers/vote.handler.ts'
import { ApprovalsStore } from '../../lambda/ledger/approvals-store.ts'
import { isSessionOf } from '../../lambda/web/sign-in/session.ts'
import { aJudged, aRef, hashA } from './events.ts'
import { createTestLedger, createNearTable, type TestTable } from './table.ts'
import { testSettings } from './world.ts'

export const hour = 3_600_000
export const start = Date.parse('2026-11-20T10:00:00.000Z')
/** Signs the sessions that a desk takes. */
export const sessionKey = new Uint8Array(32).fill(7)
let opened: TestTable | undefined
let count = 0

/** Call in `beforeAll` and `afterAll`: the ledger table of this file. */
export async function openDesks(): Promise<void> {
  opened = await createNearTable()
}

export async function closeDesks(): Promise<void> {
  await opened?.close()
}

function tableOfDesks(): TestTable {
  if (opened === undefined) throw new Error('call openDesks first')
  return opened
}

/** One offer on a real ledger, and the links that alice and bob were mailed. */
export class Desk {
  readonly table = tableOfDesks()
  readonly clock = { now: new Date(start) }
  readonly ledger = createTestLedger(this.table, this.clock)
  readonly approvals = new ApprovalsStore(this.table)
  readonly ref = aRef({ awsId: `voted-on-${(count += 1)}` })
  readonly id = offerIdOf(this.ref)
  readonly woken: string[] = []
  settings = testSettings()
  signingSecret: string | undefined
  /** From the start. */
  deadlineMs = 24 * hour
  #round = 0
  #hash: string | null = null

  readonly hints: Hint[] = []

  get deps(): VoteDeps {
    const wake = (token: string, what: string): Promise<boolean> =>
      Promise.resolve(this.woken.push(`${token} ${what}`) > 0)
    const { ledger, approvals, settings, clock } = this
    return {
      ledger,
      approvals,
      settings,
      workflow: { start: () => Promise.reject(new Error('no start')), wake },
      signingSecret: () => Promise.resolve(this.signingSecret),
      now: () => clock.now,
      queue: { send: (hints) => Promise.resolve(void this.hints.push(...hints)), later: () => Promise.resolve() },
      isSignedIn: (session, as) => isSessionOf(session, as, { key: sessionKey, now: clock.now }),
    }
  }

  async add(body: EventBody): Promise<void> {
    const draft = {
      ...body,
      actor: 'workflow',
      run: 1,
      round: this.#round,
      factsHash: this.#hash,
      step: `${body.type}:${this.clock.now.getTime()}`,
    }
    await this.ledger.record(this.id, () => draft)
  }

  async inspected(round: number, factsHash = hashA, cause: 'first' | 'refused' = 'first'): Promise<void> {
    this.#round = round
    this.#hash = factsHash
    const data = { cause, counterparty: '444455556666', offeredAt: null, expiresAt: null, unknown: [] }
    await this.add({ type: 'inspected', data })
    await this.add({ type: 'judged', data: aJudged({ deadline: this.#deadline() }) })
  }

  async asked(): Promise<void> {
    const data = { approvers: ['alice', 'bob'], deadline: this.#deadline(), purpose: 'approval' as const }
    await this.add({ type: 'asked', data })
  }

  #deadline(): Deadline {
    return { at: new Date(start + this.deadlineMs).toISOString(), from: 'window' }
  }

  async link(approver: string, afterMs = 24 * hour): Promise<void> {
    const expiresAtMs = start + afterMs
    await this.approvals.putLink(this.token(approver), {
      offerId: this.id,
      approver,
      round: this.#round,
      expiresAtMs,
      ttl: Math.ceil(expiresAtMs / 1000),
    })
  }

  token(approver: string): string {
    return `${approver}-${this.id}`
  }

  async vote(fields: Partial<LinkVote> = {}): Promise<VoteReply> {
    const request = {
      by: 'link',
      token: this.token('alice'),
      choice: 'accept',
      comment: '',
      factsHash: hashA,
      round: '1',
      digits: '6666',
      ...fields,
    }
    return voteReplySchema.parse(await vote(voteRequestSchema.parse(request), this.deps))
  }

  async votes(): Promise<LedgerEvent[]> {
    return (await this.ledger.history(this.id)).events.filter(({ type }) => type === 'voted')
  }
}

/** Alice and bob are asked in round 1, and a task waits. */
export async function asking({ link = 24 * hour, deadline = 24 * hour } = {}): Promise<Desk> {
  const desk = new Desk()
  await desk.add({ type: 'detected', data: { ref: desk.ref, counterparty: null } })
  desk.deadlineMs = deadline
  await desk.inspected(1)
  await desk.asked()
  await desk.link('alice', link)
  await desk.link('bob', link)
  await desk.approvals.putAsk(desk.id, { token: 'waiting', run: 1, try: 0, round: 1 })
  return desk
}
