import { mailTagsOf, type MailMark } from '../../../lambda/contract/mail-tags.ts'
import type { Draft, EventBody } from '../../../lambda/domain/event.ts'
import { offerIdOf } from '../../../lambda/domain/offer.ts'
import type { OfferState } from '../../../lambda/domain/state.ts'
import { recordDelivery } from '../../../lambda/handlers/delivery.handler.ts'
import { ApprovalsStore } from '../../../lambda/ledger/approvals-store.ts'
import { DigestStore } from '../../../lambda/ledger/digest-store.ts'
import type { Ledger } from '../../../lambda/ledger/ledger.ts'
import { aJudged, aRef, hashA, hashB } from '../../support/events.ts'
import { createTestLedger, createNearTable, type TestTable } from '../../support/table.ts'

let table: TestTable
let ledger: Ledger
let count = 0
beforeAll(async () => {
  table = await createNearTable()
  ledger = createTestLedger(table, { now: new Date('2026-11-20T10:00:00Z') })
})
afterAll(() => table.close())

/** A case in which ada was asked and reminded by mail. */
class Case {
  readonly ref = aRef({ awsId: `offer-${(count += 1)}` })
  readonly id = offerIdOf(this.ref)
  readonly woken: string[] = []
  readonly #approvals = new ApprovalsStore(table)

  async add(step: EventBody & Partial<Omit<Draft, 'type' | 'data'>>): Promise<void> {
    const usual = { actor: 'workflow', run: 1, round: 1, factsHash: hashA, step: step.type }
    await ledger.record(this.id, () => ({ ...usual, ...step }))
  }

  async asked(): Promise<this> {
    await this.add({ type: 'detected', round: 0, factsHash: null, data: { ref: this.ref, counterparty: null } })
    await this.inspected(1, hashA)
    await this.add({ type: 'judged', data: aJudged() })
    const { deadline } = aJudged()
    await this.add({ type: 'asked', data: { approvers: ['ada'], deadline, purpose: 'approval' } })
    for (const about of ['approval', 'reminder-1'] as const) await this.sent(about)
    await this.#approvals.putAsk(this.id, { token: 'task', run: 1, try: 1, round: 1 })
    return this
  }

  async inspected(round: number, factsHash: string, run = 1): Promise<void> {
    const nothing = { counterparty: null, offeredAt: null, expiresAt: null, unknown: [] }
    const data = { cause: 'first' as const, ...nothing }
    await this.add({ type: 'inspected', run, round, factsHash, step: `inspected:${round}`, data })
  }

  async sent(about: MailMark['about'], channel: 'email' | 'slack' = 'email'): Promise<void> {
    const data = { approver: 'ada', channel, about, status: 'sent' as const, detail: 'm-1' }
    await this.add({ type: 'delivered', step: `delivered:${about}:ada:${channel}:sent`, data })
  }

  async closed(): Promise<void> {
    await this.add({ type: 'closed', data: { outcome: 'REJECTED', finding: 'rejected' } })
  }

  async tell(type = 'Email Bounced', mark: Partial<MailMark> = {}): Promise<string> {
    const whole: MailMark = { offerId: this.id, run: 1, round: 1, about: 'approval', approver: 'ada', ...mark }
    const tags = Object.fromEntries(Object.entries(mailTagsOf(whole)).map(([name, value]) => [name, [value]]))
    const bounce = { bounceType: 'Permanent', bounceSubType: 'General', bouncedRecipients: [] }
    const event = { 'detail-type': type, detail: { mail: { tags }, ...(type === 'Email Bounced' && { bounce }) } }
    const workflow = {
      start: () => Promise.reject(new Error('starts nothing')),
      wake: (token: string, what: string) => {
        this.woken.push(`${token} ${what}`)
        return Promise.resolve(true)
      },
    }
    return (
      await recordDelivery(event, {
        ledger,
        openLedger: () => ledger,
        digests: new DigestStore(table),
        approvals: this.#approvals,
        workflow,
      })
    ).status
  }

  async state(): Promise<OfferState> {
    return (await ledger.read(this.id))!
  }

  async deliveries(about: MailMark['about'] = 'approval'): Promise<unknown> {
    return Object.fromEntries((await this.state()).round?.deliveries.get(`${about}:ada`) ?? [])
  }
}

test.each([
  ['Email Bounced', 'bounced'],
  ['Email Complaint Received', 'complained'],
  ['Email Rejected', 'rejected'],
  ['Email Rendering Failed', 'rejected'],
])('%s is recorded once as %s, and wakes the run', async (type, status) => {
  const given = await new Case().asked()

  expect(await given.tell(type)).toBe(status)
  const { seq } = await given.state()
  await given.tell(type)

  expect(await given.deliveries()).toEqual({ email: status })
  expect((await given.state()).seq).toBe(seq)
  expect(given.woken).toEqual(['task tally', 'task tally'])
})

test('a delay is recorded and wakes nobody; a bounce may follow it', async () => {
  const given = await new Case().asked()

  await given.tell('Email Delivery Delayed')
  expect(await given.deliveries()).toEqual({ email: 'delayed' })
  expect(given.woken).toEqual([])
  await given.tell('Email Bounced')
  expect(await given.deliveries()).toEqual({ email: 'bounced' })
})

test('each message has a status of its own', async () => {
  const given = await new Case().asked()

  await given.tell('Email Bounced', { about: 'reminder-1' })

  expect(await given.deliveries('approval')).toEqual({ email: 'sent' })
  expect(await given.deliveries('reminder-1')).toEqual({ email: 'bounced' })
})

describe('what writes nothing', () => {
  async function expectNothing(given: Case, mark: Partial<MailMark> = {}): Promise<void> {
    const { seq } = await given.state()
    expect(await given.tell('Email Bounced', mark)).toBe('of no open case')
    expect((await given.state()).seq).toBe(seq)
    expect(given.woken).toEqual([])
  }

  test('an offer that the ledger does not know', async () => {
    const given = await new Case().asked()
    const offerId = `ram-invitation-${'0'.repeat(32)}`

    expect(await given.tell('Email Bounced', { offerId })).toBe('of no open case')
    expect(await ledger.read(offerId)).toBeUndefined()
  })

  test('an earlier round', async () => {
    const given = await new Case().asked()
    await given.inspected(2, hashB)

    await expectNothing(given)
  })

  test('a closed case', async () => {
    const given = await new Case().asked()
    await given.closed()

    await expectNothing(given)
  })

  test('a message that was not sent by mail, or not yet: the event has to come again', async () => {
    const given = await new Case().asked()
    await given.sent('escalation', 'slack')

    for (const mark of [{ about: 'escalation' as const }, { approver: 'ben' }, { run: 7 }])
      await expect(given.tell('Email Bounced', mark)).rejects.toMatchObject({ name: 'ServiceUnavailable' })
    expect(given.woken).toEqual([])
  })
})

test('a later run that goes on with the round hears of it, too', async () => {
  const given = await new Case().asked()
  await given.add({ type: 'failed', round: 0, data: { error: 'Boom', detail: '' } })
  await given.inspected(1, hashA, 2)

  await given.tell()

  expect(await given.deliveries()).toEqual({ email: 'bounced' })
  // Nobody of run 2 waits yet; the token of run 1 is dead.
  expect(given.woken).toEqual([])
})

test('what became of an outcome is recorded after closing', async () => {
  const given = await new Case().asked()
  await given.closed()
  await given.sent('outcome')

  expect(await given.tell('Email Bounced', { about: 'outcome' })).toBe('bounced')
  expect((await given.state()).status).toBe('closed')
  expect(given.woken).toEqual([])
})
