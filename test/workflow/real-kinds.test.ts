import { CancelCertificateTransferCommand, DescribeCertificateCommand } from '@aws-sdk/client-iot'
import { AcceptDelegationRequestCommand } from '@aws-sdk/client-iam'
import { GetResourceShareInvitationsCommand } from '@aws-sdk/client-ram'
import type { OfferKind } from '../../lambda/domain/offer.ts'
import type { LedgerEvent } from '../../lambda/domain/event.ts'
import { partner, us } from '../support/kinds.ts'
import {
  invite,
  offerAgain,
  requestOwnedDelegation,
  startKindWorld,
  transfer,
  type KindWorld,
} from '../support/kind-world.ts'
import { createNearTable, type TestTable } from '../support/table.ts'
import { policyByName, World, type WorldOptions } from '../support/world.ts'

let table: TestTable
let kinds: KindWorld
let world: World

beforeEach(async () => {
  table = await createNearTable()
  kinds = await startKindWorld()
})
afterEach(async () => {
  world.close()
  await table.close()
  await kinds.close()
})

function start(overrides: Partial<WorldOptions> = {}): World {
  world = new World({ table, account: us, open: (target) => kinds.open(target.kind, { target }), ...overrides })
  return world
}

const always = (verdict: 'accept' | 'reject' | 'review'): WorldOptions['policy'] => policyByName({ undefined: verdict })

/** Offers in the order in which they were found. */
async function found(
  kind: OfferKind,
): Promise<{ id: string; outcome: string | undefined; events: readonly LedgerEvent[] }[]> {
  const ids: string[] = []
  for (const status of ['open', 'awaiting-approval', 'closed'] as const) {
    for await (const summary of world.ledger.summaries(status)) if (summary.kind === kind) ids.push(summary.offerId)
  }
  const all = await Promise.all(
    ids.map(async (id) => ({ id, events: await world.events(id), outcome: (await world.state(id)).closed?.outcome })),
  )
  return all.sort((a, b) => (a.events[0]?.at ?? '').localeCompare(b.events[0]?.at ?? ''))
}

async function certificateOf(id: string, account = us): Promise<string | undefined> {
  const { certificateDescription } = await kinds
    .iot(account)
    .send(new DescribeCertificateCommand({ certificateId: id }))
  return certificateDescription?.status
}

async function reoffer(certificateId: string): Promise<void> {
  await kinds.iot(partner).send(new CancelCertificateTransferCommand({ certificateId }))
  kinds.endpoint.advance(2_000)
  await offerAgain(kinds, certificateId, { from: partner, to: us })
}

describe('the same certificate cancelled and offered again', () => {
  test('while the old run is at Ask: the old case is withdrawn, its votes do nothing to the new offer', async () => {
    const certificateId = await transfer(kinds)
    start()
    await world.scan(world.target('iot-transfer'))
    const oldLink = world.tokensOf('alice')[0]!
    await reoffer(certificateId)
    expect(await world.vote('alice', 'accept', { token: oldLink })).toMatchObject({ result: 'voted' })
    const [old] = await found('iot-transfer')
    expect(old?.outcome).toBe('WITHDRAWN')
    expect(await certificateOf(certificateId)).toBe('PENDING_TRANSFER')
    await world.scan(world.target('iot-transfer'))
    const both = await found('iot-transfer')
    expect(both).toHaveLength(2)
    expect(both[1]?.outcome).toBeUndefined()
    await world.vote('bob', 'accept')
    expect((await found('iot-transfer'))[1]?.outcome).toBe('ACCEPTED')
  })

  test('while the old run is at Reject: the new offer is not rejected by it', async () => {
    const certificateId = await transfer(kinds)
    start({ policy: always('reject') })
    let again = false
    const reofferBeforeReject = world.fault
    world.fault = (step) => {
      if (step === 'Reject' && !again) again = true
      return reofferBeforeReject(step, undefined)
    }
    const open = kinds.open.bind(kinds)
    kinds.open = async (kind, context) => {
      if (again && !reoffered) {
        reoffered = true
        await reoffer(certificateId)
      }
      return await open(kind, context)
    }
    let reoffered = false
    await world.scan(world.target('iot-transfer'))
    const [old] = await found('iot-transfer')
    expect(reoffered).toBe(true)
    expect(old?.outcome).toBe('WITHDRAWN')
    expect(await certificateOf(certificateId)).toBe('PENDING_TRANSFER')
    await world.scan(world.target('iot-transfer'))
    expect((await found('iot-transfer')).map(({ outcome }) => outcome)).toEqual(['WITHDRAWN', 'REJECTED'])
    expect(await certificateOf(certificateId, partner)).toBe('INACTIVE')
  })
})

describe('a resource share', () => {
  test('is accepted though AWS goes on showing it as pending for a while', async () => {
    const invitation = await invite(kinds)
    start({ policy: always('accept') })
    kinds.behaviour.set({ ram: { staleReads: 2, emptyPages: true } })
    await world.scan()
    expect((await found('ram-invitation')).map(({ outcome }) => outcome)).toEqual(['ACCEPTED'])
    kinds.behaviour.reset()
    const read = new GetResourceShareInvitationsCommand({ resourceShareInvitationArns: [invitation] })
    expect((await kinds.ram(us).send(read)).resourceShareInvitations?.[0]?.status).toBe('ACCEPTED')
  })

  test('an answer of AWS that was lost is found as ours', async () => {
    await invite(kinds)
    start({ policy: always('accept') })
    kinds.behaviour.set({
      faults: [
        {
          service: 'ram',
          operation: 'AcceptResourceShareInvitation',
          error: 'ServerInternalException',
          times: 1,
          after: true,
        },
      ],
    })
    await world.scan()
    await world.advance(2 * 60_000)
    const [offer] = await found('ram-invitation')
    expect(offer?.outcome).toBe('ACCEPTED')
    expect(offer?.events.filter(({ type }) => type === 'attempted')).toHaveLength(1)
  })

  test('throttling is waited out, never a failure', async () => {
    await invite(kinds)
    start({ policy: always('accept') })
    kinds.behaviour.set({
      faults: [{ service: 'ram', operation: 'AcceptResourceShareInvitation', error: 'ThrottlingException', times: 5 }],
    })
    await world.scan()
    await world.advance(10 * 60_000)
    const [offer] = await found('ram-invitation')
    expect(offer?.outcome).toBe('ACCEPTED')
    expect(offer?.events.some(({ type }) => type === 'failed')).toBe(false)
  })
})

describe('a delegation request', () => {
  test('that people accept is left to the person in the console, and closes as AWS says', async () => {
    const id = await requestOwnedDelegation(kinds)
    start()
    await world.scan(world.target('iam-delegation'))
    await world.vote('alice', 'accept')
    expect(world.mails.at(-1)?.mail.text).toContain(`account-access-requests/review/${id}`)
    expect((await found('iam-delegation'))[0]?.outcome).toBeUndefined()
    await kinds.iam(us).send(new AcceptDelegationRequestCommand({ DelegationRequestId: id }))
    await world.scan(world.target('iam-delegation'))
    expect((await found('iam-delegation'))[0]?.outcome).toBe('ACCEPTED')
  })
})
