import { offerIdOf } from '../../lambda/domain/offer.ts'
import { Ledger } from '../../lambda/ledger/ledger.ts'
import { aJudged, aRef, hashA } from './events.ts'
import { scene } from './scene.ts'
import type { World } from './world.ts'

const approvers = ['ada', 'ben', 'eve', 'joe', 'kim'].map((id) => ({ id, email: `${id}@example.com` }))
const group = { approvers: approvers.map(({ id }) => id), quorum: 1 }

/** So many offers on the ledger that five people, the group `big`, are to hear of in the next digest. */
export async function queueForDigest(count: number): Promise<World> {
  const { world } = scene({ settings: { approvers, groups: { big: group }, defaultGroup: 'big' } })
  const at = new Date(world.clock.now())
  const ledger = new Ledger({ ...world.table, now: () => at })
  const deadline = { at: new Date(at.getTime() + 86_400_000).toISOString(), from: 'window' as const }
  for (let index = 0; index < count; index += 1) {
    const offerId = await recordAsked(ledger, `big-${index}`, deadline)
    await world.digests.put('big', { offerId, deadlineAt: deadline.at, stage: '1' })
  }
  return world
}

async function recordAsked(ledger: Ledger, awsId: string, deadline: { at: string; from: 'window' }): Promise<string> {
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
  return offerId
}
