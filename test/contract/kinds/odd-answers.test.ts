import { UnexpectedAnswer } from '../../../lambda/contract/errors.ts'
import type { OfferRef } from '../../../lambda/domain/offer.ts'
import type { Kind } from '../../../lambda/kinds/kind.ts'
import { openKind } from '../../../lambda/kinds/open.ts'
import { startFakeAws, type FakeAnswer, type FakeAws, type FakeRequest } from '../../support/fake-aws.ts'
import { aContext, noRequests, partner, us } from '../../support/kinds.ts'

const seconds = Date.parse('2026-11-20T10:00:00Z') / 1000
const idOf = (digit: number): string => digit.toString(16).repeat(64)
const id = idOf(1)
const arn = `arn:aws:ram:us-east-1:${partner}:resource-share-invitation/5b0f3a4e-1111-4222-8333-444455556666`
const target = { account: us, region: 'us-east-1' }
const certificate: OfferRef = { kind: 'iot-transfer', ...target, awsId: id, transferDate: '2026-11-20T10:00:00Z' }

let fake: FakeAws
afterEach(() => fake.close())

async function open(kind: OfferRef['kind'], answer: (request: FakeRequest) => FakeAnswer): Promise<Kind> {
  fake = await startFakeAws(answer)
  return await openKind(aContext(kind))
}

async function collect(kind: Kind): Promise<{ ids: string[]; error: unknown }> {
  const ids: string[] = []
  try {
    for await (const { ref } of kind.discover()) ids.push(ref.awsId)
    return { ids, error: undefined }
  } catch (error) {
    return { ids, error }
  }
}

const data = (transferDate: number, pump = '7'): object => ({ transferDate, transferMessage: `Pump ${pump}` })
const unmarked = { lastModifiedDate: undefined, customerVersion: undefined, generationId: undefined }

describe('odd answers of IoT', () => {
  const described = (overrides: object = {}): FakeAnswer => ({
    body: {
      certificateDescription: {
        certificateId: id,
        status: 'PENDING_TRANSFER',
        ownedBy: us,
        previousOwnedBy: partner,
        transferData: { transferDate: seconds },
        ...overrides,
      },
    },
  })
  const iot =
    (answers: { list?: FakeAnswer; outgoing?: FakeAnswer; describe?: FakeAnswer; settle?: FakeAnswer }) =>
    ({ path, method }: FakeRequest): FakeAnswer => {
      if (method === 'PATCH') return answers.settle ?? {}
      if (path.startsWith('/certificates-out-going')) return answers.outgoing ?? {}
      return (path.startsWith('/certificates?') ? answers.list : answers.describe) ?? described()
    }

  it('reads every page of a fleet, and the outgoing ones after them', async () => {
    const pages = [1, 2, 3].map((page) => ({
      certificates: [{ certificateId: idOf(page), status: page === 2 ? 'ACTIVE' : 'PENDING_TRANSFER' }],
      ...(page < 3 ? { nextMarker: String(page) } : {}),
    }))
    const kind = await open('iot-transfer', ({ path }) => {
      if (path.startsWith('/certificates?')) return { body: pages[Number(/marker=(\d)/.exec(path)?.[1] ?? 0)] }
      if (path.startsWith('/certificates-out-going')) return { body: { outgoingCertificates: [{ certificateId: id }] } }
      return described({ certificateId: path.split('/')[2] })
    })
    expect(await collect(kind)).toEqual({ ids: [idOf(3)], error: undefined })
    expect(fake.requests.map(({ path }) => path.split('?')[0])).toEqual([
      ...['/certificates', '/certificates', '/certificates', '/certificates-out-going'],
      `/certificates/${idOf(3)}`,
    ])
  })

  it('finds the sound ones beside an unknown status, and then says so', async () => {
    const certificates = [
      { certificateId: idOf(2), status: 'IN_LIMBO' },
      { certificateId: id, status: 'PENDING_TRANSFER' },
    ]
    const kind = await open('iot-transfer', iot({ list: { body: { certificates } } }))
    const { ids, error } = await collect(kind)
    expect(ids).toEqual([id])
    expect(error).toBeInstanceOf(UnexpectedAnswer)
    expect((error as Error).message).toMatch(/certificates\.status: .*got `IN_LIMBO`/)
  })

  const touched = { lastModifiedDate: seconds + 60 }
  const marks = { lastModifiedDate: seconds, customerVersion: 1, generationId: 'one' }
  it.each([
    ['one that began since', { ...touched, transferData: data(seconds + 60) }, { ending: { how: 'cancelled' } }],
    [
      'one since, in other words',
      { ...touched, transferData: data(seconds + 60, '8') },
      { ending: { how: 'changed' } },
    ],
    ['none, but was changed', touched, { ending: { how: 'changed' } }],
    ['none, but has another version', { customerVersion: 3 }, { ending: { how: 'changed' } }],
    ['none, and nothing that would tell', unmarked, { ending: { how: 'changed' } }],
    ['an old one, and is as it was', { transferData: data(seconds - 60) }, { state: 'pending' }],
    ['none, and is as it was before a call that AWS took', {}, { late: true }],
  ])(
    'after a call whose answer was lost, a certificate that shows %s',
    async (_what, shown, expected: { state?: string; ending?: object; late?: boolean }) => {
      const before = {
        ...{ lastModifiedDate: new Date(seconds * 1000).toISOString(), customerVersion: 1, generationId: 'one' },
        ...{ transferDate: expected.state === 'pending' ? '2026-11-20T09:59:00Z' : null, rejectDate: null },
      }
      const request = {
        ...{
          ...target,
          certificateId: id,
          to: partner,
          message: 'Pump 7',
          requestedBy: `arn:aws:iam::${us}:user/jane`,
        },
        ...{ requestedAt: '2026-11-20T09:00:00Z', begunAt: '2026-11-20T10:00:00.400Z', before },
        ...(expected.late === true ? { taken: true } : {}),
        ...{ state: 'begun' as const, ended: false, revision: 2 },
      }
      const idle = described({ status: 'INACTIVE', transferData: undefined, ...marks, ...shown })
      fake = await startFakeAws(({ path }) =>
        path.startsWith('/attached-policies') ? { body: { policies: [] } } : idle,
      )
      const kind = await openKind(aContext('iot-send', { requests: { ...noRequests, find: async () => request } }))
      const ref: OfferRef = { kind: 'iot-send', ...target, awsId: id, transferDate: request.requestedAt }
      // AWS has changed it: a reading that shows nothing of that is late.
      const read = kind.inspect(ref)
      if (expected.late === true) await expect(read).rejects.toMatchObject({ name: 'ServiceUnavailable' })
      else expect(await read).toMatchObject(expected)
    },
  )

  it.each([
    ['an unknown status', { status: 'IN_LIMBO' }, /certificateDescription\.status/],
    ['an owner that is no account', { ownedBy: 'partner' }, /certificateDescription\.ownedBy/],
    ['no id', { certificateId: undefined }, /certificateDescription\.certificateId/],
  ])('is loud about %s', async (_what, overrides, message) => {
    const kind = await open('iot-transfer', iot({ describe: described(overrides) }))
    await expect(kind.inspect(certificate)).rejects.toThrow(message)
  })

  it('knows a certificate that AWS says is another account’s as incoming without a listing', async () => {
    const kind = await open('iot-transfer', iot({ describe: described({ ownedBy: partner }) }))
    expect(await kind.inspect(certificate)).toMatchObject({ state: 'pending', facts: { counterparty: partner } })
    expect(fake.requests).toHaveLength(1)
  })

  it.each([
    ['accepted before this transfer', { acceptDate: seconds - 60 }, 'gone'],
    ['accepted in the same second', { acceptDate: seconds + 0.4, transferDate: seconds + 0.2 }, 'accepted'],
    ['accepted, with no date of a transfer', { acceptDate: seconds + 60, transferDate: undefined }, 'accepted'],
    ['never accepted', { acceptDate: undefined }, 'gone'],
  ])('reads a certificate of ours that was %s', async (_what, dates, state) => {
    const transferData = { transferDate: seconds, ...dates }
    const kind = await open('iot-transfer', iot({ describe: described({ status: 'INACTIVE', transferData }) }))
    expect(await kind.inspect(certificate)).toMatchObject({ state })
  })

  it('takes no refusal for an answer while the certificate still waits', async () => {
    const kind = await open(
      'iot-transfer',
      iot({ settle: { status: 410, error: 'TransferAlreadyCompletedException' } }),
    )
    const settled = kind.settle({ ref: certificate, action: 'accept', reason: '' })
    await expect(settled).rejects.toMatchObject({ name: 'ServiceUnavailable' })
  })

  it('does not guess where a transfer is pending but not listed', async () => {
    const kind = await open('iot-outgoing', iot({}))
    const inspection = kind.inspect({ ...certificate, kind: 'iot-outgoing' })
    await expect(inspection).rejects.toMatchObject({ name: 'ServiceUnavailable' })
  })

  it.each([
    ['reads no outgoing ones where the date of the transfer names it', '2026-01-05T12:00:00Z', 'pending', 1],
    ['reads them where AWS gives no date: it may be ours on its way out by now', '-', 'gone', 2],
  ])('%s', async (...[, transferDate, state, reads]) => {
    const transferData = transferDate === '-' ? {} : { transferDate: Date.parse(transferDate) / 1000 }
    const describe = described({ transferData })
    const outgoing = { body: { outgoingCertificates: [{ certificateId: id }] } }
    const kind = await open('iot-transfer', iot({ describe, outgoing }))
    expect(await kind.inspect({ ...certificate, transferDate })).toMatchObject({ state })
    expect(fake.requests).toHaveLength(reads)
  })

  it('sends a settling call once, and a read again', async () => {
    const error = { status: 500, error: 'InternalFailureException' }
    const kind = await open('iot-transfer', iot({ settle: error, describe: error }))
    await expect(kind.settle({ ref: certificate, action: 'accept', reason: '' })).rejects.toThrow('InternalFailure')
    expect(fake.requests).toHaveLength(1)
    await expect(kind.inspect(certificate)).rejects.toMatchObject({ name: 'ServiceUnavailable' })
    expect(fake.requests).toHaveLength(4)
  })

  it('says that the service is unavailable where nobody listens', async () => {
    const kind = await open('iot-transfer', iot({}))
    await fake.close()
    await expect(kind.inspect(certificate)).rejects.toMatchObject({ name: 'ServiceUnavailable' })
  })
})

describe('odd answers of RAM', () => {
  const ref: OfferRef = { kind: 'ram-invitation', ...target, awsId: arn }
  const invitation = (overrides: object = {}): FakeAnswer => ({
    body: {
      resourceShareInvitations: [
        {
          resourceShareInvitationArn: arn,
          senderAccountId: partner,
          invitationTimestamp: seconds,
          status: 'PENDING',
          ...overrides,
        },
      ],
    },
  })

  it.each([
    ['an unknown status', { status: 'WITHDRAWN' }, /resourceShareInvitation\.status: .*got `WITHDRAWN`/],
    ['no time', { invitationTimestamp: undefined }, /resourceShareInvitation\.invitationTimestamp/],
    ['a sender that is no account', { senderAccountId: 'me' }, /resourceShareInvitation\.senderAccountId/],
  ])('is loud about %s', async (_what, overrides, message) => {
    const kind = await open('ram-invitation', () => invitation(overrides))
    await expect(kind.inspect(ref)).rejects.toThrow(message)
    expect((await collect(kind)).error).toBeInstanceOf(UnexpectedAnswer)
  })

  it('is loud about a resource without a type', async () => {
    const kind = await open('ram-invitation', ({ path }) =>
      path === '/getresourceshareinvitations' ? invitation() : { body: { resources: [{ arn: 'arn:1' }] } },
    )
    await expect(kind.inspect(ref)).rejects.toThrow(/resources\.0\.type/)
  })

  it('knows the resources as unknown when a later page fails', async () => {
    const kind = await open('ram-invitation', ({ path, body }) => {
      if (path === '/getresourceshareinvitations') return invitation()
      if (body.includes('nextToken')) return { status: 400, error: 'InvalidNextTokenException' }
      return { body: { resources: [{ arn: 'arn:1', type: 'ec2:Subnet' }], nextToken: 'next' } }
    })
    expect(await kind.inspect(ref)).toMatchObject({
      state: 'pending',
      facts: { unknown: ['resources'], decisive: { resources: null, resourceCount: null } },
    })
  })

  it('reads an invitation as answered where its resources say so', async () => {
    const kind = await open('ram-invitation', ({ path }) =>
      path === '/getresourceshareinvitations'
        ? invitation()
        : { status: 400, error: 'ResourceShareInvitationExpiredException' },
    )
    expect(await kind.inspect(ref)).toEqual({ state: 'expired' })
  })

  it('is loud where an accept answers with another status', async () => {
    const body = { resourceShareInvitation: { resourceShareInvitationArn: arn, status: 'PENDING' } }
    const kind = await open('ram-invitation', () => ({ body }))
    const settled = kind.settle({ ref, action: 'accept', reason: '' })
    await expect(settled).rejects.toThrow('resourceShareInvitation.status: expected ACCEPTED, got `PENDING`')
  })
})

describe('odd answers of IAM', () => {
  const ref: OfferRef = { kind: 'iam-delegation', ...target, awsId: 'dr-0123456789abcdef' }
  const request = (state: string): string =>
    `<DelegationRequestId>${ref.awsId}</DelegationRequestId><State>${state}</State><OwnerId>arn:owner</OwnerId>`
  const answerOf = (name: string, result: string): FakeAnswer => ({
    body: `<${name}Response><${name}Result>${result}</${name}Result></${name}Response>`,
  })

  it('is loud about an unknown state', async () => {
    const result = `<DelegationRequest>${request('PAUSED')}</DelegationRequest>`
    const kind = await open('iam-delegation', () => answerOf('GetDelegationRequest', result))
    await expect(kind.inspect(ref)).rejects.toThrow(/DelegationRequest\.State: .*got `PAUSED`/)
  })

  it('does not answer a request of another account that it can read', async () => {
    const result = `<DelegationRequest>${request('ASSIGNED')}<OwnerAccountId>${partner}</OwnerAccountId></DelegationRequest>`
    const kind = await open('iam-delegation', () => answerOf('GetDelegationRequest', result))
    expect(await kind.inspect(ref)).toEqual({ state: 'gone' })
    expect(await kind.locate(ref.awsId)).toBeUndefined()
    expect(await kind.settle({ ref, action: 'reject', reason: '' })).toMatchObject({ result: 'gone' })
    expect(fake.requests.every(({ body }) => body.includes('Action=GetDelegationRequest'))).toBe(true)
  })

  it('is loud about a truncated list without a marker', async () => {
    const result = `<DelegationRequests><member>${request('ASSIGNED')}</member></DelegationRequests><isTruncated>true</isTruncated>`
    const kind = await open('iam-delegation', () => answerOf('ListDelegationRequests', result))
    expect(await collect(kind)).toMatchObject({ ids: [ref.awsId], error: { name: 'UnexpectedAnswer' } })
  })

  it('does not believe in a reject that left the request as it was', async () => {
    const result = `<DelegationRequest>${request('ASSIGNED')}</DelegationRequest>`
    const kind = await open('iam-delegation', ({ body }) =>
      body.includes('Action=Get') ? answerOf('GetDelegationRequest', result) : answerOf('RejectDelegationRequest', ''),
    )
    const settled = kind.settle({ ref, action: 'reject', reason: '' })
    await expect(settled).rejects.toMatchObject({ name: 'ServiceUnavailable' })
  })
})
