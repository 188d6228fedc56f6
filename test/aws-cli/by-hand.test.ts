import type { LedgerEvent } from '../../lambda/domain/event.ts'
import type { OfferDetailsJson } from '../../local/console/offer-json.ts'
import { whyNoAwsCli } from './aws.ts'
import { cases, steps, type Case } from './cases.ts'
import { handsOf, type Act } from './hands.ts'
import { Stage } from './stage.ts'

jest.setTimeout(900_000)

const missing = whyNoAwsCli()
if (missing !== undefined) process.stderr.write(`skipped: ${missing}\n`)
const describeWithCli = missing === undefined ? describe : describe.skip

interface Played extends Case {
  awsId: string
  /** AWS took what was done by hand. */
  taken: boolean
  /** When the hand came. */
  before: readonly LedgerEvent[]
  after: readonly LedgerEvent[]
  outcome: string
}

describeWithCli('somebody acts with the AWS CLI behind the back of Gatehouse', () => {
  let stage: Stage
  const played = new Map<Case, Played>()

  beforeAll(async () => {
    stage = await Stage.start()
  })
  afterAll(async () => {
    await stage.close()
  })

  /** Every case of a step at once: each has an offer of its own. */
  async function playStep(step: string): Promise<void> {
    const made = await eachOf(
      cases.filter((one) => one.step === step),
      async (one) => ({ ...one, case: one, awsId: await handsOf(one.kind).offer(stage.aws) }),
    )
    if (step !== 'unseen') await stage.find()
    refuseFirstCalls(step, made)
    for (const { awsId } of made) await bring(step, awsId)
    // A transfer that is made anew has another date.
    await stage.advance(step === 'held' ? '5m' : '2s')
    const before = await eachOf(made, ({ awsId }) => stage.offerOf(awsId))
    const taken = await eachOf(made, async ({ kind, act, awsId }) => await takes(handsOf(kind).acts[act], awsId))
    for (const by of ['0s', '3m', step === 'held' ? '40m' : '3m']) {
      await stage.advance(by)
      await stage.sweep()
    }
    const after = await eachOf(made, ({ awsId }) => stage.offerOf(awsId))
    for (const [at, one] of made.entries())
      played.set(one.case, {
        ...one,
        taken: taken[at] ?? false,
        before: before[at]?.events ?? [],
        after: after[at]?.events ?? [],
        outcome: outcomeOf(after[at]),
      })
  }

  function refuseFirstCalls(step: string, made: readonly Case[]): void {
    if (step !== 'accepting' && step !== 'rejecting') return
    const call = step === 'accepting' ? 'accept' : 'reject'
    stage.refuse(
      made.map(({ kind }) => handsOf(kind).answers).map((all) => ({ service: all.service, operation: all[call] })),
    )
  }

  /** People bring a case to where the hand finds it. */
  async function bring(step: string, awsId: string): Promise<void> {
    if (step === 'unseen' || step === 'asking') return
    const isRejected = step === 'rejecting' || step === 'rejected'
    await stage.vote(awsId, 'alice', isRejected ? 'reject' : 'accept')
    if (!isRejected && step !== 'voted') await stage.vote(awsId, 'bob', 'accept')
  }

  async function takes(act: Act | undefined, awsId: string): Promise<boolean> {
    if (act === undefined) return false
    return await act(stage.aws, awsId, () => stage.advance('0s')).then(
      () => true,
      () => false,
    )
  }

  describe.each(steps)('%s', (step) => {
    beforeAll(async () => {
      await playStep(step)
    })

    test.each(cases.filter((one) => one.step === step))('$kind, $act by hand: $expected', (one) => {
      const { outcome, before, after, taken, act } = played.get(one)!
      expect(outcome).toBe(one.expected)
      if (step === 'accepting' || step === 'rejecting') {
        expect(before.map(({ type }) => type)).toContain('attempted')
        expect(before.map(({ type }) => type)).not.toContain('settled')
      }
      if (step === 'held') expect(before.map(({ type }) => type)).toContain('settled')
      // What is held may be taken back, and is accepted before: two answers, one after the other.
      const ours = after.filter((event) => event.type === 'settled' && event.data.result === 'settled')
      const theirs = taken && act !== 'released' && step !== 'held' && before.length > 0 ? 1 : 0
      expect(ours.length + theirs).toBeLessThanOrEqual(1)
    })
  })
})

function outcomeOf(offer: OfferDetailsJson | undefined): string {
  return offer === undefined ? 'none' : (offer.outcome ?? 'open')
}

/** A few at a time: each of these is a process of its own. */
async function eachOf<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  for (let at = 0; at < items.length; at += 3) results.push(...(await Promise.all(items.slice(at, at + 3).map(work))))
  return results
}
