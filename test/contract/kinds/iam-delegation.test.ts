import {
  AcceptDelegationRequestCommand,
  AssociateDelegationRequestCommand,
  CreatePolicyCommand,
  GetDelegationRequestCommand,
  RejectDelegationRequestCommand,
  SendDelegationTokenCommand,
  UpdateDelegationRequestCommand,
  type DelegationRequest,
} from '@aws-sdk/client-iam'
import { factsHashOf } from '../../../lambda/domain/facts.ts'
import type { OfferRef } from '../../../lambda/domain/offer.ts'
import type { Kind } from '../../../lambda/kinds/kind.ts'
import {
  discovered,
  requestDelegation,
  requestOwnedDelegation,
  startKindWorld,
  type KindWorld,
} from '../../support/kind-world.ts'
import { aSettings, stranger, us } from '../../support/kinds.ts'
import { describeKind } from './suite.ts'

const dayMs = 24 * 3_600_000

describe('iam-delegation', () => {
  describeKind({
    kind: 'iam-delegation',
    calls: {
      model: 'iam',
      list: 'ListDelegationRequests',
      read: 'GetDelegationRequest',
      reject: 'RejectDelegationRequest',
      unavailable: 'ServiceFailureException',
    },
    offer: (world) => requestOwnedDelegation(world),
    endings: {
      accept: (world, id) => world.iam(us).send(new AcceptDelegationRequestCommand({ DelegationRequestId: id })),
      reject: (world, id) => world.iam(us).send(new RejectDelegationRequestCommand({ DelegationRequestId: id })),
      end: async (world) => {
        world.endpoint.advance(8 * dayMs)
      },
    },
    states: { accept: 'accepted', reject: 'rejected', end: 'expired' },
    settles: { reject: { accept: 'lost', reject: 'already-settled', end: 'gone' } },
    twice: { reject: 'already-settled' },
    seen: [],
    unknownId: 'dr-0123456789abcdef',
  })
})

describe('delegation requests', () => {
  let world: KindWorld
  let kind: Kind
  beforeAll(async () => {
    world = await startKindWorld()
    kind = await world.open('iam-delegation')
  })
  afterEach(() => {
    world.behaviour.reset()
  })
  afterAll(() => world.close())

  const refOf = (awsId: string): OfferRef => ({ kind: 'iam-delegation', account: us, region: 'us-east-1', awsId })
  const reject = (awsId: string, reason = 'no need'): ReturnType<Kind['settle']> =>
    kind.settle({ ref: refOf(awsId), action: 'reject', reason })
  const read = async (id: string): Promise<DelegationRequest> => {
    const answer = await world.iam(us).send(new GetDelegationRequestCommand({ DelegationRequestId: id }))
    return answer.DelegationRequest!
  }

  describe('the summary that AWS has written', () => {
    const describedAfter = async (pause: (attempt: number) => Promise<void>): Promise<unknown> => {
      const opened = await world.open('iam-delegation', { pause })
      return await opened.describe!(refOf(await requestOwnedDelegation(world)))
    }

    it('is waited for a little, as asking for it may be what has it written', async () => {
      world.behaviour.set({ iam: { summary: 'NOT_AVAILABLE' } })
      const described = await describedAfter(async () => {
        world.behaviour.set({ iam: { summary: 'AVAILABLE' } })
      })
      expect(described).toMatchObject({ summary: expect.stringContaining('What is asked') })
    })

    it.each(['NOT_AVAILABLE', 'NOT_SUPPORTED', 'FAILED'] as const)(
      'holds nobody up where it does not come: %s',
      async (summary) => {
        world.behaviour.set({ iam: { summary } })
        const pauses: number[] = []
        expect(await describedAfter(async (attempt) => void pauses.push(attempt))).toEqual({})
        expect(pauses).toHaveLength(summary === 'NOT_AVAILABLE' ? 4 : 0)
      },
    )
  })

  describe('where a role of ours accepts', () => {
    const s3 = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'
    const role = { accounts: [us], managedPolicyArns: [s3], permissionsBoundary: null, holdMs: 60_000 }
    const describedWith = async (
      overrides: Partial<typeof role> | { permissionsBoundary: string },
    ): Promise<unknown> => {
      const settings = aSettings({ delegationRole: { ...role, ...overrides } })
      const opened = await world.open('iam-delegation', { settings })
      const awsId = await requestOwnedDelegation(world, {
        Permissions: {
          PolicyTemplateArn: 'arn:aws:iam::aws:delegation-template/MonitorRole',
          Parameters: [{ Name: 'Bucket', Values: ['arn:aws:s3:::logs/*'], Type: 'string' }],
        },
      })
      return await opened.describe!(refOf(awsId))
    }
    const createRole = {
      given: 'not-allowed',
      actions: ['iam:CreateRole', 'iam:AttachRolePolicy'],
      resources: ['arn:aws:iam::*:role/partner/*'],
    }
    const readLogs = { given: 'allowed', actions: ['s3:GetObject'], resources: ['arn:aws:s3:::logs/*'] }

    it('says what of the request that role would give, by the texts of its policies', async () => {
      expect(await describedWith({})).toMatchObject({ delegatorPolicies: [s3], delegatorGives: [readLogs, createRole] })
    })

    it('gives nothing without policies', async () => {
      expect(await describedWith({ managedPolicyArns: [] })).toMatchObject({
        delegatorGives: [{ ...readLogs, given: 'not-allowed' }, createRole],
      })
    })

    it('says so where the request is too long to work that out', async () => {
      const settings = aSettings({ delegationRole: role })
      const opened = await world.open('iam-delegation', { settings })
      const Values = Array.from({ length: 40 }, (_each, at) => `arn:aws:s3:::${'x'.repeat(400)}${at}`)
      const Parameters = [{ Name: 'Bucket', Values, Type: 'stringList' as const }]
      const Permissions = { PolicyTemplateArn: 'arn:aws:iam::aws:delegation-template/Monitor', Parameters }
      const awsId = await requestOwnedDelegation(world, { Permissions })
      expect(await opened.describe!(refOf(awsId))).toMatchObject({
        delegatorGives: expect.stringMatching(/^Not known/),
      })
    })

    it('reads a boundary of ours, too', async () => {
      const PolicyDocument = JSON.stringify({ Statement: { Effect: 'Allow', Action: 'ec2:*', Resource: '*' } })
      const { Policy } = await world.iam(us).send(new CreatePolicyCommand({ PolicyName: 'bound', PolicyDocument }))
      expect(await describedWith({ permissionsBoundary: Policy!.Arn! })).toMatchObject({
        delegatorGives: [{ ...readLogs, given: 'not-allowed' }, createRole],
      })
    })

    it.each([
      ['it is not there', {}, 'arn:aws:iam::aws:policy/ReadOnlyAccess'],
      ['it may not be read', { error: 'AccessDenied', times: 9 }, s3],
      ['IAM is out of order', { error: 'ServiceFailureException', times: 9 }, s3],
    ])('calls unclear what hangs on a policy whose text is not to be had: %s', async (_, fault, arn) => {
      if ('error' in fault) world.behaviour.set({ faults: [{ service: 'iam', operation: 'GetPolicy', ...fault }] })
      expect(await describedWith({ managedPolicyArns: [arn] })).toMatchObject({
        delegatorGives: [
          { ...readLogs, given: 'unclear' },
          { ...createRole, given: 'unclear' },
        ],
      })
    })
  })

  it('leaves an accept to a person', async () => {
    const id = await requestOwnedDelegation(world)
    expect(kind.handsOver).toBe(true)
    const accepted = await kind.settle({ ref: refOf(id), action: 'accept', reason: '' })
    expect(accepted.result).toBe('handed-over')
    expect((await read(id)).State).toBe('ASSIGNED')
  })

  it('takes a request without an owner as ours before it rejects it', async () => {
    const id = await requestDelegation(world)
    expect((await discovered(kind)).map(({ awsId }) => awsId)).not.toContain(id)
    expect(await kind.locate(id)).toEqual(refOf(id))
    expect(await reject(id, 'nicht nötig \u{1f600}')).toMatchObject({ result: 'settled' })
    expect(await read(id)).toMatchObject({ State: 'REJECTED', OwnerAccountId: us, RejectionReason: 'nicht nötig ?' })
  })

  it.each([{ OwnerAccountId: us }, { OwnerAccountId: undefined }])(
    'has facts that no Associate changes: %j',
    async (preset) => {
      const id = await requestDelegation(world, preset)
      const before = await kind.inspect(refOf(id))
      await world.iam(us).send(new AssociateDelegationRequestCommand({ DelegationRequestId: id }))
      await world.iam(us).send(new UpdateDelegationRequestCommand({ DelegationRequestId: id, Notes: 'for an admin' }))
      const after = await kind.inspect(refOf(id))
      if (before.state !== 'pending' || after.state !== 'pending') throw new Error('expected a pending request')
      expect(factsHashOf(after.facts)).toBe(factsHashOf(before.facts))
      expect(after.facts.expiresAt).not.toBe(
        before.facts.expiresAt === after.facts.expiresAt ? '' : after.facts.offeredAt,
      )
    },
  )

  it('rejects a request that somebody of ours made their own meanwhile', async () => {
    const id = await requestDelegation(world)
    const fault = {
      service: 'iam',
      operation: 'AssociateDelegationRequest',
      error: 'InvalidInputException',
      after: true,
    }
    world.behaviour.set({ faults: [fault] })
    expect(await reject(id)).toMatchObject({ result: 'settled' })
  })

  it('is not ours once another account owns it', async () => {
    const id = await requestDelegation(world, { OwnerAccountId: undefined })
    await world.iam(stranger).send(new AssociateDelegationRequestCommand({ DelegationRequestId: id }))
    expect((await kind.inspect(refOf(id))).state).toBe('gone')
    expect(await reject(id)).toMatchObject({ result: 'gone' })
  })

  it('reads a released token as accepted', async () => {
    const id = await requestOwnedDelegation(world)
    await world.iam(us).send(new AcceptDelegationRequestCommand({ DelegationRequestId: id }))
    await world.iam(us).send(new SendDelegationTokenCommand({ DelegationRequestId: id }))
    expect((await kind.inspect(refOf(id))).state).toBe('accepted')
    expect(await reject(id)).toMatchObject({ result: 'lost' })
  })

  it('waits minutes where IAM is busy with the request', async () => {
    const id = await requestDelegation(world)
    const error = 'ConcurrentModificationException'
    world.behaviour.set({ faults: [{ service: 'iam', operation: 'RejectDelegationRequest', error }] })
    await expect(reject(id)).rejects.toMatchObject({ name: 'OfferBusy' })
    expect((await kind.inspect(refOf(id))).state).toBe('pending')
    expect(await reject(id)).toMatchObject({ result: 'settled' })
  })

  it('is loud where IAM refuses the input of a request that still waits', async () => {
    const id = await requestOwnedDelegation(world)
    const fault = { service: 'iam', operation: 'RejectDelegationRequest', error: 'InvalidInputException' }
    world.behaviour.set({ faults: [fault] })
    await expect(reject(id)).rejects.toMatchObject({ name: 'UnexpectedAnswer' })
  })

  it('goes by the state where IAM refuses the input of one that was answered', async () => {
    const id = await requestOwnedDelegation(world)
    const error = 'InvalidInputException'
    world.behaviour.set({ faults: [{ service: 'iam', operation: 'RejectDelegationRequest', error, after: true }] })
    expect(await reject(id)).toMatchObject({ result: 'already-settled' })
  })
})
