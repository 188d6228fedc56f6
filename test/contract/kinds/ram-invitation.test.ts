import { AcceptResourceShareInvitationCommand, RejectResourceShareInvitationCommand } from '@aws-sdk/client-ram'
import type { Facts } from '../../../lambda/domain/facts.ts'
import { receivedOf } from '../../../lambda/domain/received.ts'
import type { Kind } from '../../../lambda/kinds/kind.ts'
import { clientTokenFor } from '../../../lambda/kinds/ram-invitation/calls.ts'
import { busArn, discovered, invite, startKindWorld, subnetArn, type KindWorld } from '../../support/kind-world.ts'
import { partner, us } from '../../support/kinds.ts'
import { describeKind } from './suite.ts'

const hourMs = 3_600_000

describe('ram-invitation', () => {
  describeKind({
    kind: 'ram-invitation',
    calls: {
      model: 'ram',
      list: 'GetResourceShareInvitations',
      read: 'GetResourceShareInvitations',
      reject: 'RejectResourceShareInvitation',
    },
    offer: (world) => invite(world),
    endings: {
      accept: (world, arn) =>
        world.ram(us).send(new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn: arn })),
      reject: (world, arn) =>
        world.ram(us).send(new RejectResourceShareInvitationCommand({ resourceShareInvitationArn: arn })),
      end: async (world) => {
        world.endpoint.advance(8 * 24 * hourMs)
      },
    },
    states: { accept: 'accepted', reject: 'rejected', end: 'expired' },
    settles: {
      accept: { accept: 'already-settled', reject: 'lost', end: 'gone' },
      reject: { accept: 'lost', reject: 'already-settled', end: 'gone' },
    },
    // the same client token: RAM repeats its first answer
    twice: { accept: 'settled', reject: 'settled' },
    seen: ['counterparty', 'shareName', 'shareArn', 'receiver'],
    unknownId: `arn:aws:ram:us-east-1:${partner}:resource-share-invitation/00000000-0000-4000-8000-000000000000`,
  })
})

describe('invitations as RAM shows them', () => {
  let world: KindWorld
  let kind: Kind
  beforeAll(async () => {
    world = await startKindWorld()
    kind = await world.open('ram-invitation')
  })
  afterEach(() => {
    world.behaviour.reset()
  })
  afterAll(() => world.close())

  const factsOf = async (arn: string): Promise<Facts> => {
    const inspection = await kind.inspect({ kind: 'ram-invitation', account: us, region: 'us-east-1', awsId: arn })
    if (inspection.state !== 'pending') throw new Error(`expected a pending offer, got ${inspection.state}`)
    return inspection.facts
  }

  it('reads on behind empty pages', async () => {
    const arn = await invite(world, [subnetArn, busArn])
    world.behaviour.set({ ram: { emptyPages: true } })
    expect((await discovered(kind)).map(({ awsId }) => awsId)).toContain(arn)
    expect((await factsOf(arn)).decisive).toMatchObject({ resourceCount: 2 })
  })

  it('gives what is in the share, and the end that its types have', async () => {
    const seven = await factsOf(await invite(world, [subnetArn]))
    expect(seven.decisive).toMatchObject({
      shareName: 'network',
      receiver: us,
      resources: [{ arn: subnetArn, type: 'ec2:Subnet', regionScope: 'REGIONAL' }],
      resourceTypes: ['ec2:Subnet'],
    })
    expect(Date.parse(seven.expiresAt!) - Date.parse(seven.offeredAt!)).toBe(7 * 24 * hourMs)
    const half = await factsOf(await invite(world, [subnetArn, busArn]))
    expect(Date.parse(half.expiresAt!) - Date.parse(half.offeredAt!)).toBe(12 * hourMs)
  })

  it('does not take what we sent for an offer to us', async () => {
    const asPartner = await world.open('ram-invitation', {
      target: { kind: 'ram-invitation', account: partner, region: 'us-east-1' },
      credentials: async () => ({ accessKeyId: partner, secretAccessKey: 'secret' }),
    })
    const arn = await invite(world)
    expect(await discovered(asPartner)).toEqual([])
    expect(await asPartner.locate(arn)).toBeUndefined()
  })

  it.each(['AccessDeniedException', 'ServerInternalException', 'InvalidParameterException'])(
    'makes the resources unknown where their list answers %s',
    async (error) => {
      const arn = await invite(world)
      world.behaviour.set({
        faults: [{ service: 'ram', operation: 'ListPendingInvitationResources', error, times: 3 }],
      })
      const facts = await factsOf(arn)
      expect(facts).toMatchObject({ unknown: ['resources'], decisive: { resources: null } })
      expect(facts.context.resourcesProblem).toContain(error)
    },
  )

  it('waits where the list of resources is throttled', async () => {
    const arn = await invite(world)
    const fault = {
      service: 'ram',
      operation: 'ListPendingInvitationResources',
      error: 'ThrottlingException',
      times: 9,
    }
    world.behaviour.set({ faults: [fault] })
    await expect(factsOf(arn)).rejects.toMatchObject({ name: 'ServiceThrottled' })
  })

  it('is settled by the first answer while reads still lag', async () => {
    const arn = await invite(world)
    const ref = { kind: 'ram-invitation', account: us, region: 'us-east-1', awsId: arn } as const
    world.behaviour.set({ ram: { staleReads: 2 } })
    expect(await kind.settle({ ref, action: 'reject', reason: '' })).toMatchObject({ result: 'settled' })
    expect((await kind.inspect(ref)).state).toBe('pending')
    expect(await kind.settle({ ref, action: 'reject', reason: '' })).toMatchObject({ result: 'settled' })
    expect(await kind.settle({ ref, action: 'accept', reason: '' })).toMatchObject({ result: 'lost' })
  })

  it.each([
    ['both', [subnetArn, busArn], 0],
    ['nothing of an empty share', [], 0],
    ['one, after a while', [subnetArn], 2],
  ])('gives %s, and shows it', async (_what, resourceArns, hiddenReads) => {
    const arn = await invite(world, resourceArns)
    const ref = { kind: 'ram-invitation', account: us, region: 'us-east-1', awsId: arn } as const
    const decided = await factsOf(arn)
    expect(await kind.received!(ref, decided)).toEqual({ visible: false, seen: {} })
    world.behaviour.set({ ram: { hiddenReads, emptyPages: true } })
    await kind.settle({ ref, action: 'accept', reason: '' })
    for (let reads = 0; reads < hiddenReads; reads += 1)
      expect(await kind.received!(ref, decided)).toEqual({ visible: false, seen: {} })
    const { resources, resourceTypes, resourceCount } = decided.decisive
    const receipt = await kind.received!(ref, decided)
    const seen = { shareStatus: 'ACTIVE', resources, resourceTypes, resourceCount, unavailable: [] }
    expect(receipt).toEqual({ visible: true, seen })
    expect(receivedOf(receipt, decided).changed).toEqual([])
    const more = { ...decided, decisive: { ...decided.decisive, resourceCount: Number(resourceCount) + 1 } }
    expect(await kind.received!(ref, more)).toMatchObject(
      resourceArns.length > 0 ? { visible: true, partial: true } : { visible: false },
    )
  })

  it('has one client token for each invitation and action', () => {
    const token = clientTokenFor('arn:1', 'accept')
    expect(token).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(clientTokenFor('arn:1', 'accept')).toBe(token)
    expect(new Set([token, clientTokenFor('arn:1', 'reject'), clientTokenFor('arn:2', 'accept')]).size).toBe(3)
  })
})
