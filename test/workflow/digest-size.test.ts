import { Ledger } from '../../lambda/ledger/ledger.ts'
import { offerIdOf } from '../../lambda/domain/offer.ts'
import { aJudged, aRef, hashA } from '../support/events.ts'
import { closeScenes, openScenes, scene } from '../support/scene.ts'

beforeAll(openScenes)
afterAll(closeScenes)

/** `DIGEST_OFFERS=2000` for as many as one digest holds: docs/performance.md has the numbers. */
const count = Number(process.env['DIGEST_OFFERS'] ?? 300)

/** Far below the function's 300 seconds, though this table is slower than DynamoDB. */
const longestMs = 120_000

test('hundreds of offers for five people: five mails, far within the time of the function', async () => {
  const approvers = ['ada', 'ben', 'eve', 'joe', 'kim'].map((id) => ({ id, email: `${id}@example.com` }))
  const group = { approvers: approvers.map(({ id }) => id), quorum: 1 }
  const { world } = scene({ settings: { approvers, groups: { big: group }, defaultGroup: 'big' } })
  const at = new Date(world.clock.now())
  const deadline = { at: new Date(at.getTime() + 86_400_000).toISOString(), from: 'window' as const }
  const ids = Array.from({ length: count }, (_, index) => `big-${index}`)
  const ledger = new Ledger({ ...world.table, now: () => at })
  for (const awsId of ids) {
    const ref = aRef({ awsId })
    const offerId = offerIdOf(ref)
    const base = { actor: 'workflow', run: 1, round: 1, factsHash: hashA }
    const inspected = {
      cause: 'first' as const,
      counterparty: '444455556666',
      offeredAt: null,
      expiresAt: null,
      unknown: [],
    }
    const asked = { approvers: group.approvers, deadline, purpose: 'approval' as const, digest: true }
    await ledger.record(offerId, () => ({
      ...{ ...base, round: 0, factsHash: null, step: 'detected' },
      ...{ type: 'detected', data: { ref, counterparty: null } },
    }))
    await ledger.record(offerId, () => ({ ...base, step: 'inspected', type: 'inspected', data: inspected }))
    await ledger.record(offerId, () => ({ ...base, step: 'judged', type: 'judged', data: aJudged({ deadline }) }))
    await ledger.record(offerId, () => ({ ...base, step: 'asked', type: 'asked', data: asked }))
    await world.digests.put('big', { offerId, deadlineAt: deadline.at, stage: '1' })
  }

  const startMs = Date.now()
  expect(await world.digest()).toEqual({ groups: 1, mails: 5, offers: count, endings: 0 })
  const tookMs = Date.now() - startMs

  expect(tookMs).toBeLessThan(longestMs)
  expect(await world.digests.entries('big')).toEqual([])
}, 300_000)
